import type { Exchange } from "../http/exchange.ts";
import { failureText } from "../http/failure.ts";
import type { CompiledRequest } from "../http/request.ts";
import type { Scope } from "../language/scope.ts";

/**
 * Finds why a request failed, in the words of JMeter: its exchange, its assertions or its status; undefined when it
 * passed. Its extractors set their variables on the way, as assertions may speak of them.
 */
export function findFailure(
  exchange: Exchange,
  { extractors, assertions }: CompiledRequest,
  scope: Scope,
): string | undefined {
  const own = exchange.failure === undefined ? undefined : failureText(exchange.failure);
  if (extractors.length === 0 && assertions.length === 0) return own ?? statusFailure(exchange);
  const { response } = exchange;
  for (const extractor of extractors) extractor.apply(response, scope);
  if (own !== undefined) return own;
  let isAssumed = false;
  for (const assertion of assertions) {
    const fault = assertion.check(response, scope);
    if (fault !== undefined) return fault.message;
    if (assertion.assumesSuccess) isAssumed = true;
  }
  return isAssumed ? undefined : statusFailure(exchange);
}

const codeTexts: string[] = [""];

/** A status as the text under which it is counted; 0, no answer, is `""`. */
export function codeText(status: number): string {
  return (codeTexts[status] ??= String(status));
}

function statusFailure({ status, statusText }: Exchange): string | undefined {
  if (status >= 200 && status < 400) return undefined;
  return statusText === "" ? `HTTP status ${String(status)}` : statusText;
}
