import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { Check } from "typebox/value";
import { allowedOrigin } from "../../core/api/openapi.ts";
import { findRoute, hasRole, type OperationName } from "../../core/api/routes.ts";
import { isNamed } from "../../aws/awsErrors.ts";
import { ApiError, expectedError } from "./apiError.ts";
import { getEvents } from "./events.ts";
import type { ApiAnswer, ApiPorts, ApiRequest, Operation } from "./ports.ts";
import { clearBaseline, getResult, getRun, listArtifacts, listRuns, listTasks, setBaseline } from "./runs.ts";
import { cancelScenario, deleteScenario, getScenario, listScenarios } from "./scenarios.ts";
import { startScenario } from "./startScenario.ts";
import { uploadFile } from "./uploads.ts";

const Text = Type.Union([Type.String(), Type.Null()]);
const Texts = Type.Optional(Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]));

/** What API Gateway sends for a request (payload format 1.0), as far as it is used here. */
const GatewayEvent = Type.Object({
  httpMethod: Type.String(),
  /** The path as the API's description has it. */
  resource: Type.String(),
  pathParameters: Texts,
  queryStringParameters: Texts,
  body: Type.Optional(Text),
  isBase64Encoded: Type.Optional(Type.Boolean()),
  requestContext: Type.Object({
    authorizer: Type.Optional(
      Type.Union([Type.Object({ claims: Type.Optional(Type.Record(Type.String(), Type.Unknown())) }), Type.Null()]),
    ),
  }),
});
type GatewayEvent = Type.Static<typeof GatewayEvent>;

/** What API Gateway makes an answer of. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const operations: Readonly<Record<OperationName, Operation>> = {
  listScenarios,
  startScenario,
  getScenario,
  cancelScenario,
  deleteScenario,
  uploadFile,
  listRuns,
  setBaseline,
  clearBaseline,
  getRun,
  getEvents,
  getResult,
  listArtifacts,
  listTasks,
};

/** An answer of a Lambda may have 6 MB; the rest is for what JSON in JSON adds. */
const mostAnswerBytes = 5_500_000;

/**
 * Makes the function behind the API: finds the operation, checks the person's groups, and turns whatever comes of it into
 * an answer. One line of JSON is logged a request, without bodies and tokens.
 */
export function makeApiHandler(
  ports: ApiPorts,
  log: (line: string) => void,
): (event: unknown, signal: AbortSignal) => Promise<GatewayAnswer> {
  return async (raw, signal) => {
    const startedMs = ports.now();
    let fields: Readonly<Record<string, unknown>> = {};
    let answer: ApiAnswer;
    try {
      if (!Check(GatewayEvent, raw)) throw new ApiError(400, "bad-request", "This is no request of API Gateway.");
      const { operation, request } = route(raw);
      const { testId, runId } = request.values;
      fields = { operation, user: request.user, testId, runId };
      answer = await operations[operation](request, ports, signal);
      if (Buffer.byteLength(JSON.stringify(answer.body)) > mostAnswerBytes) throw tooLong();
    } catch (error) {
      const failure = failureOf(error);
      fields = { ...fields, ...failure.logged };
      answer = failure.answer;
    }
    log(JSON.stringify({ function: "api", ...fields, status: answer.status, ms: Math.round(ports.now() - startedMs) }));
    return write(answer);
  };
}

/** @throws {ApiError} 403, 404 */
function route(event: GatewayEvent): { readonly operation: OperationName; readonly request: ApiRequest } {
  const found = findRoute(event.httpMethod, event.resource);
  if (found === undefined) {
    throw new ApiError(404, "no-route", `There is no ${event.httpMethod} ${event.resource}.`, {
      hint: "docs/api.md lists what there is.",
    });
  }
  const claims = event.requestContext.authorizer?.claims ?? {};
  if (!hasRole(groupsOf(claims["cognito:groups"]), found.role)) {
    throw new ApiError(
      403,
      "not-allowed",
      `This takes the group ${found.role}${found.role === "run" ? " or admin" : ""}.`,
      {
        hint: "An administrator of the stack adds people to groups of the user pool; sign in again after that.",
      },
    );
  }
  const body = event.body ?? undefined;
  const isPacked = event.isBase64Encoded === true && body !== undefined;
  const request: ApiRequest = {
    values: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: isPacked ? Buffer.from(body, "base64").toString("utf8") : body,
    user: userOf(claims),
  };
  return { operation: found.operation, request };
}

/** API Gateway writes the list of groups as one text, with commas; other gateways as `[a b]`. */
function groupsOf(claim: unknown): readonly string[] {
  const texts = Array.isArray(claim) ? claim.map(String) : typeof claim === "string" ? claim.split(/[\s,[\]"]+/) : [];
  return texts.filter((text) => text !== "");
}

function userOf(claims: Readonly<Record<string, unknown>>): string {
  const named = ["cognito:username", "email", "sub"].map((name) => claims[name]);
  return named.find((name) => typeof name === "string" && name !== "")?.toString() ?? "somebody";
}

function tooLong(): ApiError {
  return new ApiError(413, "answer-too-large", "The answer is larger than 6 MB.", {
    hint: "Ask for fewer entries with ?limit=, or take the whole result from GET /runs/{runId}/result.",
  });
}

interface Failure {
  readonly answer: ApiAnswer;
  readonly logged: Readonly<Record<string, unknown>>;
}

const throttling = [
  "ThrottlingException",
  "TooManyRequestsException",
  "ProvisionedThroughputExceededException",
  "SlowDown",
];

function failureOf(error: unknown): Failure {
  const expected = isNamed(error, ...throttling)
    ? new ApiError(429, "too-many-requests", "AWS asks for fewer requests.", { hint: "Wait some seconds." })
    : expectedError(error);
  if (expected !== undefined) {
    const { status, code, message, details } = expected;
    return { answer: { status, body: problem(status, code, message, details) }, logged: { code, message } };
  }
  // Whatever else it is, its words may tell of the inside: only the log has them.
  const errorId = randomUUID();
  const hint = `Try once more; an administrator finds ${errorId} in the log of the function.`;
  const thrown = error instanceof Error ? { error: error.name, message: error.message, stack: error.stack } : {};
  return {
    answer: {
      status: 500,
      body: problem(500, "failed", "The request failed for a reason of our own.", { hint, errorId }),
    },
    logged: { errorId, ...thrown },
  };
}

function problem(status: number, code: string, title: string, details: object): object {
  return { type: "about:blank", title, status, code, ...details };
}

function write({ status, body }: ApiAnswer): GatewayAnswer {
  const headers = {
    "Access-Control-Allow-Origin": allowedOrigin,
    "Cache-Control": "no-store",
    "Content-Type": status >= 400 ? "application/problem+json" : "application/json",
    ...(status === 429 ? { "Retry-After": "5" } : {}),
  };
  return { statusCode: status, headers, body: JSON.stringify(body) };
}
