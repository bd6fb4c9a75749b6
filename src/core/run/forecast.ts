import type { FailureKind } from "../errors.ts";
import type { RunCost } from "./cost.ts";

/** One thing that was looked at before a run; an error keeps it from starting, a warning is told. */
export interface PreflightCheck {
  readonly code: string;
  readonly severity: "ok" | "warning" | "error";
  /** One sentence. */
  readonly message: string;
  /** The next step, when there is one. */
  readonly hint?: string;
  /** Of an error: what kind of failure it is. */
  readonly kind?: FailureKind;
}

/** What is known of a run before it begins: whether anything stands in its way, and what it will cost. */
export interface Forecast {
  readonly checks: readonly PreflightCheck[];
  readonly cost: RunCost;
}
