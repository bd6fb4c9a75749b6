import { errorMessage } from "../core/errors.ts";
import type { SolutionRequest } from "./solution.ts";

/** What CloudFormation hears: at most 4,096 bytes as JSON. */
export interface SolutionAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data: { readonly UUID: string };
}

const longestReason = 1000;

/**
 * Does what a request asks for and makes the answer, whatever comes of it.
 * @param newId makes the deployment's random id; it stays the same through its updates
 */
export async function answerRequest(
  request: SolutionRequest,
  apply: () => Promise<void>,
  newId: () => string,
): Promise<SolutionAnswer> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const id = request.PhysicalResourceId ?? newId();
  const base = { PhysicalResourceId: id, StackId, RequestId, LogicalResourceId, Data: { UUID: id } };
  try {
    await apply();
    return { ...base, Status: "SUCCESS", Reason: `${request.RequestType} is done.` };
  } catch (error) {
    const { message, hint } = errorMessage(error);
    const reason = [message, hint].filter((part) => part !== undefined).join(" ");
    return { ...base, Status: "FAILED", Reason: reason.slice(0, longestReason) };
  }
}

const attempts = 5;
const pauseMs = 500;

/** Hands an answer to CloudFormation, which waits up to an hour for it. @throws when it cannot be delivered */
export async function sendAnswer(
  responseUrl: string,
  answer: SolutionAnswer,
  sleep: (ms: number) => Promise<void>,
  send: typeof fetch = fetch,
): Promise<void> {
  // As bytes: the address was signed for a request without a content type.
  const body = new TextEncoder().encode(JSON.stringify(answer));
  for (let attempt = 1; ; attempt++) {
    const failure = await put(responseUrl, body, send);
    if (failure === undefined) return;
    if (attempt === attempts) throw new Error(`CloudFormation could not be told: ${failure}`);
    await sleep(pauseMs * 2 ** attempt);
  }
}

async function put(url: string, body: Uint8Array<ArrayBuffer>, send: typeof fetch): Promise<string | undefined> {
  try {
    const response = await send(url, { method: "PUT", body, signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    return errorMessage(error).message;
  }
}
