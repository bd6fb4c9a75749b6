import type { JsonValue } from "../../core/json.ts";
import { isRunId, makeTestId, type RunId, type TestId } from "../../core/run/ids.ts";
import { isObject } from "../../core/api/testRequest.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunRecord } from "../../core/run/run.ts";
import { ApiError, badFields } from "./apiError.ts";
import type { ApiPorts, ApiRequest } from "./ports.ts";

const mostBodyBytes = 1024 * 1024;

/** Reads the body of a request as JSON. @throws {ApiError} 400, 413 */
export function jsonOf({ body }: ApiRequest): JsonValue {
  if (body === undefined || body === "") throw badFields([{ field: "", message: "The request has no body." }]);
  if (Buffer.byteLength(body) > mostBodyBytes) {
    throw new ApiError(413, "too-large", "The body is larger than 1 MB.", {
      hint: "Upload scripts and data with POST /scenarios/{testId}/uploads.",
    });
  }
  try {
    const value: JsonValue = JSON.parse(body);
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badFields([{ field: "", message: `The body is no JSON: ${error.message}.` }]);
  }
}

/** Reads the body of a request as a JSON object. @throws {ApiError} 400, 413 */
export function objectOf(request: ApiRequest): JsonObject {
  const value = jsonOf(request);
  if (isObject(value)) return value;
  throw badFields([{ field: "", message: "The body has to be a JSON object." }]);
}

/** The test that the path names. */
export function testIdOf({ values }: ApiRequest): TestId {
  return makeTestId(values["testId"] ?? "");
}

/** The run that the path names. @throws {ApiError} 404 */
export async function runOf({ values }: ApiRequest, { ledger }: ApiPorts, signal: AbortSignal): Promise<RunRecord> {
  const named = values["runId"] ?? "";
  const run = isRunId(named) ? await ledger.getRun(named, signal) : undefined;
  if (run !== undefined) return run;
  throw new ApiError(404, "no-run", `There is no run ${named.slice(0, 64)}.`, {
    hint: "GET /scenarios/{testId}/runs lists the runs of a test.",
  });
}

/** Reads `limit` of the query. @throws {ApiError} 400 */
export function limitOf({ query }: ApiRequest, usual: number, most: number): number {
  const text = query["limit"];
  if (text === undefined || text === "") return usual;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw badFields([{ field: "limit", message: `It has to be a whole number from 1 to ${most}.` }]);
}

/** Reads `after` of the query; undefined on the first page. */
export function afterOf({ query }: ApiRequest): string | undefined {
  return query["after"] === "" ? undefined : query["after"];
}

/** Reads `after` of a listing of runs. @throws {ApiError} 400 */
export function afterRunOf(request: ApiRequest): RunId | undefined {
  const after = afterOf(request);
  if (after === undefined || isRunId(after)) return after;
  throw badFields([{ field: "after", message: "It has to be the `next` of the page before." }]);
}
