import type { RunResult } from "../src/core/results/result.ts";

/**
 * Where a view gets a run's result from. The report reads it from inside its own page; the panel asks the extension,
 * the console the REST API.
 */
export interface ResultSource {
  /** @throws {UserError} when the result cannot be read */
  result(signal: AbortSignal): Promise<RunResult>;
}
