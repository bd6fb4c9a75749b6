import type { Criterion } from "../results/criterion.ts";
import type { CriterionRemark } from "../results/criterionText.ts";
import { parseCriterion, parseCriterionObject } from "../results/parseCriterion.ts";
import { placeIn } from "./place.ts";
import { replaceAt } from "./report.ts";
import type { Place, Report } from "./report.ts";
import { itemsOf, mapOf, numberOf, openSection, take, textOf } from "./section.ts";
import { rangeOfNode, toJson } from "./tree.ts";
import type { MapNode, TreeNode } from "./tree.ts";

/** A pass/fail rule with the node that holds it. */
export interface PlacedCriterion {
  readonly criterion: Criterion;
  readonly node: TreeNode;
}

/** Reads the rules of the whole configuration: of `reporting`, of `modules.passfail`, and of executions and scenarios. */
export function readCriteria(config: MapNode, report: Report): PlacedCriterion[] {
  const tracked = trackedPercentiles(config);
  const read = (node: TreeNode | undefined): PlacedCriterion[] => readRules(node, tracked, report);
  const found = itemsOf(child(config, "reporting")).flatMap((item) =>
    textOf(child(item, "module")) === "passfail" ? read(child(item, "criteria")) : [],
  );
  const module = child(child(child(config, "modules"), "passfail"), "criteria");
  if (module !== undefined) {
    const message =
      "Taurus does not read criteria under modules.passfail: move them to reporting, below - module: passfail.";
    report("criteria-not-read", module, message);
  }
  const executions = itemsOf(child(config, "execution"));
  const bodies = [...(mapOf(child(config, "scenarios"))?.entries.values() ?? [])].map(({ value }) => value);
  const owners = [...executions, ...bodies, ...executions.map((execution) => child(execution, "scenario"))];
  const owned = owners.map((owner) => child(owner, "criteria")).filter((node) => node !== undefined);
  if (executions.length > 1) {
    for (const node of owned) {
      const message =
        "Rules of one execution are judged over all executions here: name a label that only it has, as in avg-rt of Label>150ms.";
      report("criterion-scope", node, message);
    }
  }
  return [...found, ...read(module), ...owned.flatMap(read)];
}

/** The percentiles that the file has Taurus track; undefined when it leaves that to Taurus. */
function trackedPercentiles(config: MapNode): number[] | undefined {
  const list = child(child(child(config, "modules"), "consolidator"), "percentiles");
  return list?.kind === "list" ? list.items.flatMap((item) => numberOf(item) ?? []) : undefined;
}

function child(node: TreeNode | undefined, key: string): TreeNode | undefined {
  return take(openSection(node), key);
}

function readRules(node: TreeNode | undefined, tracked: number[] | undefined, report: Report): PlacedCriterion[] {
  if (node?.kind === "map") {
    return [...node.entries.values()].flatMap(({ key, value }) => readRule(value, tracked, report, key) ?? []);
  }
  return itemsOf(node).flatMap((item) => readRule(item, tracked, report) ?? []);
}

function readRule(
  node: TreeNode,
  tracked: number[] | undefined,
  report: Report,
  message?: string,
): PlacedCriterion | undefined {
  if (node.kind === "list" || (node.kind === "scalar" && node.value === null)) return undefined;
  const options = {
    range: rangeOfNode(node),
    ...(message === undefined ? {} : { message }),
    ...(tracked === undefined ? {} : { trackedPercentiles: tracked }),
  };
  const parsed = node.kind === "map" ? parseCriterionObject(toJson(node), options) : parseCriterion(node.text, options);
  if ("fault" in parsed) {
    // The schema says what is missing in the long form.
    if (parsed.fault.code !== "missing-key") reportRemark(node, parsed.fault, true, report);
    return undefined;
  }
  for (const warning of parsed.warnings) reportRemark(node, warning, false, report);
  return { criterion: parsed.criterion, node };
}

function reportRemark(node: TreeNode, remark: CriterionRemark, isFault: boolean, report: Report): void {
  const place = placeOf(node, remark);
  const { replacement } = remark;
  const fix = replacement === undefined || place === node ? undefined : replaceAt(place, replacement);
  const isUntracked = remark.code === "percentile-not-tracked";
  report(isFault ? "bad-criterion" : isUntracked ? "untracked-percentile" : "criterion-trap", place, remark.message, {
    fix,
  });
}

/** The stretch of the file that a remark is about; the whole rule when escapes or folded lines stand between. */
function placeOf(node: TreeNode, { offset, length, key }: CriterionRemark): Place {
  if (node.kind === "map") return (key === undefined ? undefined : node.entries.get(key)?.value) ?? node;
  if (node.kind === "list") return node;
  return placeIn(node, offset, length);
}
