import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import type { DebugHop } from "../../../core/run/debug.ts";
import type { Traffic } from "../../driver.ts";
import { keepBody } from "../../traffic.ts";

const Content = Type.Object({ text: Type.String(), bytes: Type.Integer({ minimum: 0 }) });
const Headers = Type.Array(Type.Tuple([Type.String(), Type.String()]));
const Hop = Type.Object({
  method: Type.String(),
  url: Type.String(),
  requestHeaders: Headers,
  requestBody: Content,
  status: Type.Union([Type.Integer(), Type.Null()]),
  statusText: Type.String(),
  responseHeaders: Headers,
  responseBody: Content,
  elapsedMs: Type.Number({ minimum: 0 }),
});
type Hop = Static<typeof Hop>;

/** A request with everything that Locust knows of it: a line of the file that `loadfleet_locust.py` writes when it is asked to. */
const Request = Type.Object({
  label: Type.String(),
  elapsedMs: Type.Number({ minimum: 0 }),
  failure: Type.Union([Type.String(), Type.Null()]),
  hops: Type.Array(Hop),
});

/** Reads the file of requests that `loadfleet_locust.py` has written. */
export function readTraffic(text: string): readonly Traffic[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { label, elapsedMs, failure, hops } = Value.Parse(Request, JSON.parse(line));
    return { label, elapsedMs, failure, hops: hops.map((hop) => toHop(hop, failure)), assertions: [] };
  });
}

function toHop({ elapsedMs, requestBody, responseBody, ...hop }: Hop, failure: string | null): DebugHop {
  return {
    ...hop,
    requestBody: keepBody(requestBody.text, requestBody.bytes),
    responseBody: keepBody(responseBody.text, responseBody.bytes),
    timing: { connectMs: null, tlsMs: null, firstByteMs: null, totalMs: elapsedMs },
    failure: hop.status === null ? failure : null,
  };
}
