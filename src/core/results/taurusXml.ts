import { XMLParser } from "fast-xml-parser";
import type { LabelFigures } from "../run/wire.ts";
import { Histogram } from "./histogram.ts";

/** Figures of one task, estimated from Taurus' `final-stats` with `dump-xml`; or one sentence on why there are none. */
export type DecodedTaurusXml =
  | {
      readonly labels: ReadonlyMap<string, LabelFigures>;
      /** Duration of the test as Taurus counts it. */
      readonly spanMs: number;
      readonly users: number;
    }
  | { readonly fault: string };

interface XmlElement {
  readonly [name: string]: unknown;
}

/**
 * Reads Taurus' results.xml. It holds only seven percentiles per label: the histogram puts the requests between two of
 * them at even distances, so what is merged from it is an estimate; counts, bytes, minimum and maximum are Taurus' own.
 */
export function decodeTaurusXml(xml: string): DecodedTaurusXml {
  const root = parse(xml);
  const status = root === undefined ? undefined : child(root, "FinalStatus");
  if (status === undefined) return { fault: "results.xml is not whole, or is not one of Taurus." };
  const labels = new Map<string, LabelFigures>();
  let users = 0;
  for (const group of children(status, "Group")) {
    const label = textOf(group["@label"]);
    labels.set(label, figuresOf(group));
    if (label === "") users = numberOf(child(group, "concurrency")?.["@value"]);
  }
  if (!labels.has("")) return { fault: "results.xml has no figures of all requests." };
  return { labels, spanMs: numberOf(status["TestDuration"]) * 1000, users };
}

function parse(xml: string): XmlElement | undefined {
  try {
    const value: unknown = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "@",
      parseTagValue: false,
      isArray: (name) => ["Group", "rc", "perc"].includes(name),
    }).parse(xml, true);
    return isElement(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function figuresOf(group: XmlElement): LabelFigures {
  const value = (name: string): number => numberOf(child(group, name)?.["@value"]);
  const count = value("succ") + value("fail");
  const percentiles = children(group, "perc")
    .map((perc) => ({ percentage: numberOf(perc["@param"]), ms: numberOf(perc["@value"]) * 1000 }))
    .toSorted((a, b) => a.percentage - b.percentage);
  return {
    count,
    failed: value("fail"),
    aborted: 0,
    bytesIn: value("bytes"),
    bytesOut: 0,
    sumMs: value("avg_rt") * 1000 * count,
    minMs: percentiles[0]?.ms ?? 0,
    maxMs: percentiles.at(-1)?.ms ?? 0,
    connectSumMs: value("avg_ct") * 1000 * count,
    latencySumMs: value("avg_lt") * 1000 * count,
    codes: Object.fromEntries(children(group, "rc").map((rc) => [textOf(rc["@param"]), numberOf(rc["@value"])])),
    errors: value("fail") === 0 ? [] : [{ message: "no detail", code: "", count: value("fail") }],
    histogram: spread(percentiles, count).toWire(),
  };
}

/** Puts `count` values at even distances between neighbouring percentiles. */
function spread(
  percentiles: readonly { readonly percentage: number; readonly ms: number }[],
  count: number,
): Histogram {
  const histogram = new Histogram("ms");
  let placed = 0;
  let [from] = percentiles;
  for (const to of percentiles.slice(1)) {
    if (from === undefined) break;
    const upTo = Math.round((to.percentage / 100) * count);
    const points = Math.min(upTo - placed, 100);
    for (let point = 1, left = upTo - placed; point <= points; point++) {
      const here = Math.round(left / (points - point + 1));
      histogram.record(Math.round(from.ms + ((to.ms - from.ms) * point) / points), here);
      left -= here;
    }
    placed = Math.max(placed, upTo);
    from = to;
  }
  if (placed < count) histogram.record(from?.ms ?? 0, count - placed);
  return histogram;
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  const value = element[name];
  return isElement(value) ? value : undefined;
}

function children(element: XmlElement, name: string): readonly XmlElement[] {
  const value = element[name];
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 0;
}
