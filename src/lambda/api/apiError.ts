import { UserError, errorMessage } from "../../core/errors.ts";
import type { FieldFault } from "../../core/api/testRequest.ts";

/** Members of an answer in `application/problem+json` beside the usual ones. */
export interface ProblemDetails {
  readonly hint?: string;
  readonly fields?: readonly FieldFault[];
  /** The run that is in the way. */
  readonly activeRunId?: string;
}

/** An expected failure of a request: the status, a stable code, one sentence, and what else the client should know. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly details: ProblemDetails;

  constructor(status: number, code: string, message: string, details: ProblemDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** A refusal that names each field. */
export function badFields(fields: readonly FieldFault[]): ApiError {
  const names = [...new Set(fields.map(({ field }) => field).filter((field) => field !== ""))];
  const message =
    names.length === 0
      ? (fields[0]?.message ?? "The request cannot be read.")
      : `The request cannot be used as it is: see ${names.slice(0, 5).join(", ")}${names.length > 5 ? " and others" : ""}.`;
  return new ApiError(400, "bad-request", message, {
    hint: "Change the fields that are named, and send it again.",
    fields,
  });
}

/** Says that there is no such test. */
export function noTest(testId: string): ApiError {
  return new ApiError(404, "no-test", `There is no test ${testId}.`, { hint: "GET /scenarios lists the tests." });
}

/** Says that a test is running. */
export function testIsRunning(testId: string, runId: string): ApiError {
  return new ApiError(409, "run-active", `The test ${testId} is running: run ${runId}.`, {
    hint: "Wait until that run has ended, or cancel it with POST /scenarios/{testId}.",
    activeRunId: runId,
  });
}

const statusOfCode: Readonly<Record<string, number>> = { "run-active": 409, "no-run": 404, "aws-throttled": 429 };

/** Reduces whatever was thrown to what a client may know; undefined for what only the log may tell. */
export function expectedError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof UserError)) return undefined;
  const { code, message, hint } = errorMessage(error);
  const status = statusOfCode[code] ?? (error.kind === "input" ? 400 : undefined);
  if (status === undefined) return undefined;
  return new ApiError(status, code, message, hint === undefined ? {} : { hint });
}
