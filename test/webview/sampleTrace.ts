import type { DebugBody, DebugHop, DebugSample, DebugTrace } from "../../src/core/run/debug.ts";

function text(content: string): DebugBody {
  return { kind: "text", text: content, bytes: new TextEncoder().encode(content).length, isCut: false };
}

function hop(changes: Partial<DebugHop>): DebugHop {
  return {
    method: "GET",
    url: "http://shop.example/products",
    requestHeaders: [
      ["Host", "shop.example"],
      ["Accept", "application/json"],
    ],
    requestBody: null,
    status: 200,
    statusText: "OK",
    responseHeaders: [["Content-Type", "application/json"]],
    responseBody: text('{"id":12345678901234567890,"tags":[],"name":"Caf\\u00e9"}'),
    timing: { connectMs: 1.2, tlsMs: 4.5, firstByteMs: 18.4, totalMs: 22.1 },
    failure: null,
    ...changes,
  };
}

function sample(label: string, line: number, changes: Partial<DebugSample> = {}): DebugSample {
  const hops = [hop({})];
  return {
    scenario: "shop",
    label,
    failure: null,
    elapsedMs: 22.1,
    hops,
    assertions: [],
    variables: [],
    line,
    ...changes,
  };
}

/** Three requests: one that passes and extracts, one that is redirected to a picture, one whose assertion fails. */
export function traceOf(): DebugTrace {
  return {
    schema: "loadfleet.debug.v1",
    name: "Shop checkout",
    file: "checkout.loadtest.yml",
    startedAtMs: Date.UTC(2026, 10, 24, 14, 2, 35),
    notes: ["Pauses are skipped."],
    samples: [
      sample("GET /products", 12, { variables: [{ name: "id", value: "12345678901234567890" }] }),
      sample("GET /picture", 15, {
        hops: [
          hop({ url: "http://shop.example/picture", status: 302, statusText: "Found", responseBody: null }),
          hop({
            url: "http://cdn.example/picture.png",
            responseBody: { kind: "binary", text: "", bytes: 48_213, isCut: false },
            timing: { connectMs: null, tlsMs: null, firstByteMs: 9, totalMs: 12 },
          }),
        ],
      }),
      sample("POST /checkout", 20, {
        failure: "The assertion “body contains paid” failed.",
        hops: [
          hop({
            method: "POST",
            url: "http://shop.example/checkout",
            requestBody: text("item=1&amount=2"),
            status: 503,
            statusText: "Service Unavailable",
            responseBody: text("Try again later.\nThe payment service is down."),
          }),
        ],
        assertions: [
          { name: "body contains paid", isPassed: false, expected: "paid", actual: "Try again later." },
          { name: "response time < 1s", isPassed: true, expected: null, actual: null },
        ],
      }),
    ],
  };
}
