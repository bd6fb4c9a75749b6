import type { LoadfleetSettings, MetricReference, StopRule } from "./model.ts";
import { flagOf, itemsOf, mapOf, numberOf, openSection, plainDurationOf, take, textOf, textsOf } from "./section.ts";
import type { Section } from "./section.ts";
import type { TreeNode } from "./tree.ts";

/** Reads the section `loadfleet`. */
export function readSettings(node: TreeNode | undefined): LoadfleetSettings {
  const section = openSection(node);
  return {
    id: textOf(take(section, "id")),
    tasks: numberOf(take(section, "tasks")),
    size: readSize(take(section, "size")),
    isSpot: flagOf(take(section, "spot")) ?? false,
    splitsData: flagOf(take(section, "split-data")) ?? false,
    secrets: textsOf(take(section, "secrets")),
    seriesLabels: itemsOf(take(section, "series-labels")).flatMap((item) => textOf(item) ?? []),
    metrics: itemsOf(take(section, "metrics")).flatMap((item) => readMetric(openSection(item)) ?? []),
    stopWhen: readStopRule(take(section, "stop-when")),
    baseline: textsOf(take(section, "baseline")),
    healthyRatio: numberOf(take(section, "healthy")) ?? 0.9,
  };
}

function readSize(node: TreeNode | undefined): LoadfleetSettings["size"] {
  const section = openSection(node);
  const vcpu = numberOf(take(section, "vcpu"));
  const memoryGiB = numberOf(take(section, "memory-gib"));
  return vcpu === undefined || memoryGiB === undefined ? undefined : { vcpu, memoryGiB };
}

function readMetric(section: Section): MetricReference | undefined {
  const namespace = textOf(take(section, "namespace"));
  const name = textOf(take(section, "name"));
  if (namespace === undefined || name === undefined) return undefined;
  const stat = textOf(take(section, "stat")) ?? "Average";
  return { namespace, name, stat, dimensions: textsOf(take(section, "dimensions")) };
}

function readStopRule(node: TreeNode | undefined): StopRule | undefined {
  if (mapOf(node) === undefined) return undefined;
  const section = openSection(node);
  const errorRatio = numberOf(take(section, "error-ratio")) ?? 0.9;
  return { errorRatio, forMs: plainDurationOf(take(section, "for")) ?? 60_000 };
}
