import type { ConfigDocument } from "../document.ts";
import { describeRule, formsAt, formsOf, ruleAt } from "./forms.ts";
import { plainKey, spotAt } from "./path.ts";
import { taurusPage } from "./taurusDocs.ts";

/** What there is to say about the key or the value at a position. */
export interface HoverText {
  readonly start: number;
  readonly end: number;
  /** The key that it is about. */
  readonly key: string;
  readonly description: string;
  /** Words that the value can be; empty when it is free. */
  readonly choices: readonly string[];
  /** Address of Taurus' documentation about it. */
  readonly page: string | undefined;
  /** Whether it is about the load, so that a picture of it helps. */
  readonly isLoad: boolean;
}

const loadKeys = new Set(["concurrency", "throughput", "ramp-up", "hold-for", "iterations", "steps", "delay"]);

/** Explains what stands at an offset by the schema; undefined where it says nothing. */
export function hoverAt(document: ConfigDocument, offset: number): HoverText | undefined {
  for (const root of document.roots) {
    const spot = spotAt(root, offset);
    if (spot === undefined) continue;
    const key = spot.path.findLast((step) => typeof step === "string");
    const rule = spot.kind === "key" ? ruleAt(root, spot.path) : formsAt(root, spot.path)[0];
    const description = rule === undefined ? "" : describeRule(rule);
    if (key === undefined || rule === undefined || description === "") return undefined;
    const { start, end } = spot.kind === "key" ? { start: spot.entry.keyStart, end: spot.entry.keyEnd } : spot.node;
    const choices = formsOf(rule).flatMap((form) => form.enum?.map(String) ?? []);
    const isLoad =
      plainKey(spot.path[0] ?? "") === "execution" && (spot.path.length === 1 || loadKeys.has(plainKey(key)));
    return { start, end, key: plainKey(key), description, choices, page: taurusPage(spot.path), isLoad };
  }
  return undefined;
}
