import type { Criterion } from "../results/criterion.ts";
import { formatDuration } from "../units.ts";
import type { Checked } from "./checkScenario.ts";
import { nearest } from "./nearest.ts";
import { placeIn } from "./place.ts";
import { replaceAt } from "./report.ts";
import { itemsOf, openSection, take, textOf } from "./section.ts";
import type { TreeNode } from "./tree.ts";
import { walkSteps } from "./walkSteps.ts";

const maxSeriesLabels = 5;

/** Checks that every rule can fire and is about a label that there is. */
export function checkCriteria(checked: Checked): void {
  const { report } = checked.reader;
  const labels = labelsOf(checked);
  const planned = plannedMsOf(checked);
  for (const { criterion, node } of checked.criteria) {
    if (criterion.label !== "" && labels !== undefined) checkLabel(checked, criterion.label, node, labels);
    const reason = whyNever(criterion, planned);
    if (reason !== undefined) report("criterion-never-fires", node, `This rule can never fire: ${reason}.`);
  }
  const series = take(openSection(take(openSection(checked.config), "loadfleet")), "series-labels");
  const items = itemsOf(series);
  if (series !== undefined && items.length > maxSeriesLabels) {
    report(
      "too-many-series-labels",
      series,
      `Only ${maxSeriesLabels} labels keep percentiles over time: choose the most telling of these ${items.length}.`,
    );
  }
  for (const item of labels === undefined ? [] : items) {
    const label = textOf(item);
    if (label !== undefined) checkLabel(checked, label, item, labels ?? new Set());
  }
  checkIgnored(checked);
}

/** Labels of all requests and transactions; undefined when a script or an expression may make others. */
function labelsOf({ scenario, scriptLabels }: Checked): ReadonlySet<string> | undefined {
  if (scriptLabels === undefined) return undefined;
  const labels = new Set(scriptLabels);
  for (const body of Object.values(scenario.bodies)) {
    for (const step of walkSteps(body.steps)) {
      if (step.kind === "request" || step.kind === "transaction") labels.add(step.label);
    }
  }
  return [...labels].some((label) => label.includes("${")) ? undefined : labels;
}

function checkLabel({ reader }: Checked, label: string, node: TreeNode, labels: ReadonlySet<string>): void {
  if (labels.has(label) || reader.report.isFull()) return;
  const place =
    node.kind === "scalar" ? placeIn(node, Math.max(0, node.text.indexOf(label)), label.length) : labelNode(node);
  const meant = nearest(label, labels);
  const some = [...labels].slice(0, 5).map((known) => `"${known.slice(0, 60)}"`);
  const advice = meant === undefined ? `there are ${some.join(", ")}` : `write "${meant}" if you mean that`;
  const fix = meant === undefined || (node.kind === "scalar" && place === node) ? undefined : replaceAt(place, meant);
  reader.report("unknown-label", place, `No request has the label "${label.slice(0, 80)}": ${advice}.`, { fix });
}

function labelNode(node: TreeNode): TreeNode {
  return take(openSection(node), "label") ?? node;
}

/** Longest planned duration; undefined when the file alone does not say it. */
function plannedMsOf({ scenario }: Checked): number | undefined {
  let longest = 0;
  for (const { load } of scenario.executions) {
    const { rampUpMs = 0, holdForMs, delayMs = 0 } = load.local;
    if (typeof rampUpMs !== "number" || typeof holdForMs !== "number" || typeof delayMs !== "number") return undefined;
    longest = Math.max(longest, delayMs + rampUpMs + holdForMs);
  }
  return longest;
}

function whyNever(
  { condition, threshold, thresholdUnit, window }: Criterion,
  plannedMs: number | undefined,
): string | undefined {
  if (condition === "<" && threshold <= 0) return "nothing is below 0";
  if (thresholdUnit === "ratio" && (condition === ">" ? threshold >= 1 : condition === ">=" && threshold > 1)) {
    return "a share is never above 100%";
  }
  if (window === undefined || window.logic === "within" || plannedMs === undefined || plannedMs === 0) return undefined;
  if (window.ms <= plannedMs) return undefined;
  return `it looks at ${formatDuration(window.ms)}, and the run takes ${formatDuration(plannedMs)}; write a shorter stretch`;
}

/** Labels that Taurus' consolidator drops because of their beginning. */
function checkIgnored({ scenario, config, reader }: Checked): void {
  const modules = openSection(take(openSection(config), "modules"));
  const written = take(openSection(take(modules, "consolidator")), "ignore-labels");
  const prefixes = written === undefined ? ["ignore"] : itemsOf(written).flatMap((item) => textOf(item) ?? []);
  for (const body of Object.values(scenario.bodies)) {
    for (const step of walkSteps(body.steps)) {
      const prefix =
        step.kind === "request" ? prefixes.find((text) => text !== "" && step.label.startsWith(text)) : undefined;
      const node = reader.nodes.get(step);
      if (prefix === undefined || node === undefined) continue;
      const message = `Taurus alone leaves labels that begin with "${prefix}" out of its figures, and this one does; Loadfleet counts it.`;
      reader.report("ignored-label", node, message);
    }
  }
}
