import type { Execution, Load, PerEngine } from "./model.ts";
import { amountOf, durationOf, extraKeys, openSection, take, textOf } from "./section.ts";
import type { Section } from "./section.ts";
import { rangeOfNode } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

/** Reads an entry of `execution`; `scenario` is the key of its body. */
export function readExecution(node: TreeNode, scenario: string, defaultExecutor: string | undefined): Execution {
  const section = openSection(node);
  // The scenario is resolved before, criteria are read apart.
  for (const key of ["scenario", "criteria"]) take(section, key);
  const executor = textOf(take(section, "executor")) ?? defaultExecutor;
  const load = readLoad(section);
  return { scenario, executor, load, range: rangeOfNode(node), extra: extraKeys(section, "an entry of execution") };
}

function readLoad(section: Section): PerEngine<Load> {
  const users = pairOf(take(section, "concurrency"));
  const rate = pairOf(take(section, "throughput"));
  const rest = {
    rampUpMs: durationOf(take(section, "ramp-up")),
    holdForMs: durationOf(take(section, "hold-for")),
    delayMs: durationOf(take(section, "delay")),
    iterations: amountOf(take(section, "iterations")),
    steps: amountOf(take(section, "steps")),
  };
  return {
    local: { users: amountOf(users.local), ratePerSecond: amountOf(rate.local), ...rest },
    cloud: { users: amountOf(users.cloud), ratePerSecond: amountOf(rate.cloud), ...rest },
  };
}

/** A value for each engine; a pair that names one of them gives it to both. */
function pairOf(node: TreeNode | undefined): PerEngine<TreeNode | undefined> {
  if (node?.kind !== "map") return { local: node, cloud: node };
  const pair = openSection(node);
  const local = take(pair, "local");
  const cloud = take(pair, "cloud");
  return { local: local ?? cloud, cloud: cloud ?? local };
}
