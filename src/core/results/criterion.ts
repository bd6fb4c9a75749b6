import type { Range } from "../scenario/problem.ts";

export type CriterionSubject =
  | { readonly kind: "avg-rt" | "avg-lt" | "avg-ct" | "stdev-rt" | "concurrency" | "hits" | "succ" | "fail" | "bytes" }
  /** `p95`: `percentile` is 0..100. */
  | { readonly kind: "percentile"; readonly percentile: number }
  /** `rc5??`: `pattern` holds `?` and `*` as Taurus writes them. */
  | { readonly kind: "code"; readonly pattern: string };

/** One pass/fail rule of Taurus: it names the condition under which the run fails (or stops). */
export interface Criterion {
  /** The rule as a person would write it, always shown as given. */
  readonly text: string;
  /** The message that the dictionary form gives the rule. */
  readonly message: string | undefined;
  readonly subject: CriterionSubject;
  /** `""` is all requests. */
  readonly label: string;
  readonly condition: "<" | "<=" | ">" | ">=" | "==" | "!=";
  /** In ms for times, 0..1 for `ratio`, else a plain number. */
  readonly threshold: number;
  readonly thresholdUnit: "ms" | "ratio" | "count" | "bytes";
  /** `for`: in every second of a stretch this long; `within`: added up over any stretch this long; `over`: averaged over a sliding stretch. */
  readonly window: { readonly logic: "for" | "within" | "over"; readonly ms: number } | undefined;
  /** What it means when the condition is met. */
  readonly outcome: "failed" | "non-failed";
  readonly stopsRun: boolean;
  readonly range: Range | undefined;
}
