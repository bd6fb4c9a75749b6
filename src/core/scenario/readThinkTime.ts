import { parseDuration } from "../units.ts";
import type { ThinkTime } from "./model.ts";
import { durationOf } from "./section.ts";
import type { TreeNode } from "./tree.ts";

/** Reads a pause: `2s`, `uniform(5s, 1s)`, `gaussian(1m, 1.5s)`, `poisson(10s, 3s)`. */
export function readThinkTime(node: TreeNode | undefined): ThinkTime | undefined {
  if (node?.kind !== "scalar") return undefined;
  const parts = /^(uniform|gaussian|poisson)\(([\w.]+)[,\s]+([\w.]+)\)$/i.exec(node.text.slice(0, 200));
  const [, kind, mean, deviation] = parts ?? [];
  if (kind === undefined || mean === undefined || deviation === undefined) {
    const ms = durationOf(node);
    return ms === undefined ? undefined : { kind: "constant", ms };
  }
  const times = { meanMs: parseDuration(mean) ?? 0, deviationMs: parseDuration(deviation) ?? 0 };
  switch (kind.toLowerCase()) {
    case "uniform":
      return { kind: "uniform", ...times };
    case "gaussian":
      return { kind: "gaussian", ...times };
    default:
      return { kind: "poisson", ...times };
  }
}
