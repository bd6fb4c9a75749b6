import type { RunResult } from "../../src/core/results/result.ts";

/** Errors of one kind over the whole run, with the requests that had them. */
export interface ErrorSummary {
  readonly message: string;
  readonly code: string;
  readonly count: number;
  readonly labels: readonly string[];
}

/** Lists a result's errors by kind, the most frequent first. */
export function errorsOf(result: RunResult): readonly ErrorSummary[] {
  const labels = Object.entries(result.labels).filter(([label]) => label !== "");
  const errors = (result.labels[""]?.errors ?? []).map(({ message, code, count }) => ({
    message,
    code,
    count,
    labels: labels
      .filter(([, figures]) => figures.errors.some((error) => error.message === message && error.code === code))
      .map(([label]) => label),
  }));
  return errors.toSorted((a, b) => b.count - a.count);
}
