import { Histogram } from "../../../core/results/histogram.ts";
import type { ErrorKind, LabelFigures } from "../../../core/run/wire.ts";
import type { Interval, IntervalFigures } from "../../driver.ts";
import type { Message, Total } from "./messages.ts";

const mostKinds = 100;

/** Figures of a task that measured nothing. */
export const noFigures: LabelFigures = {
  count: 0,
  failed: 0,
  aborted: 0,
  bytesIn: 0,
  bytesOut: 0,
  sumMs: 0,
  minMs: 0,
  maxMs: 0,
  connectSumMs: 0,
  latencySumMs: 0,
  codes: {},
  errors: [],
  histogram: new Histogram("ms").toWire(),
};

/** Makes an interval of a second that Taurus aggregated. */
export function intervalOf(
  { second, users, labels }: Extract<Message, { event: "second" }>,
  mask: (text: string) => string,
): Interval {
  const entries = Object.entries(labels).map(([label, { count, failed, bytes, sumMs, histogram }]) => {
    const figures: IntervalFigures = {
      count,
      failed,
      bytes,
      sumMs,
      histogram: histogram === undefined ? undefined : Histogram.fromWire({ unit: "ms", v2: histogram }),
    };
    return [mask(label), figures] as const;
  });
  return { second, users, labels: new Map(entries) };
}

/** Makes a label's figures for the report; failures that the engine says nothing about become the kind `no detail`. */
export function figuresOf(total: Total, mask: (text: string) => string): LabelFigures {
  const { errors, histogram, ...rest } = total;
  const masked = errors.map(({ message, code, count }) => ({ message: mask(message) || "no detail", code, count }));
  return { ...rest, errors: kindsOf(masked, total.failed), histogram: { unit: "ms", v2: histogram } };
}

/** The most frequent kinds, so that they add up to the failures. */
function kindsOf(errors: readonly ErrorKind[], failed: number): ErrorKind[] {
  const sorted = errors.toSorted((a, b) => b.count - a.count);
  const kinds: ErrorKind[] = [];
  let left = failed;
  for (const kind of sorted.slice(0, sorted.length > mostKinds ? mostKinds - 1 : mostKinds)) {
    const count = Math.min(kind.count, left);
    left -= count;
    if (count > 0) kinds.push({ ...kind, count });
  }
  const others = Math.min(
    left,
    sorted.slice(kinds.length).reduce((sum, { count }) => sum + count, 0),
  );
  if (others > 0) kinds.push({ message: "other", code: "", count: others });
  if (left > others) kinds.push({ message: "no detail", code: "", count: left - others });
  return kinds;
}

/** Says when not one request succeeded, and why, since the engine itself calls that a success. */
export function noteOnFailures(all: LabelFigures | undefined): readonly string[] {
  if (all === undefined || all.count === 0 || all.failed < all.count) return [];
  const [most] = all.errors;
  const why = most === undefined ? "" : `, most of them with: ${most.message}`;
  return [`Every one of ${all.count} requests failed${why}. See whether the target runs and its address is right.`];
}
