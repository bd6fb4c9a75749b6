import { parseJson } from "../../../core/json.ts";
import type { DebugHop } from "../../../core/run/debug.ts";
import type { Traffic } from "../../driver.ts";
import { keepBody, readMessage, readStatus, type HttpMessage } from "../../traffic.ts";
import type { EngineSample } from "../sampled/meter.ts";

interface Exchange {
  readonly request: string;
  response: string | undefined;
}

/** Puts together what k6 logs with `--http-debug=full` and what it measures: both in the order of the requests. */
export class TrafficReader {
  readonly #exchanges = new Map<string, Exchange>();
  readonly #samples: EngineSample[] = [];

  addLine(line: string): void {
    if (!line.includes('"source":"http-debug"')) return;
    const said = parseJson(line);
    if (typeof said !== "object" || said === null) return;
    if (!("msg" in said && "request_id" in said)) return;
    const text = String(said.msg);
    const id = String(said.request_id);
    if (text.startsWith("Request:\n")) {
      this.#exchanges.set(id, { request: text.slice("Request:\n".length), response: undefined });
    } else if (text.startsWith("Response:\n")) {
      const exchange = this.#exchanges.get(id);
      if (exchange !== undefined) exchange.response = text.slice("Response:\n".length);
    }
  }

  addSample(sample: EngineSample): void {
    this.#samples.push(sample);
  }

  read(): readonly Traffic[] {
    const exchanges = [...this.#exchanges.values()];
    return this.#samples.map((sample, index) => toTraffic(sample, exchanges[index]));
  }
}

function toTraffic(sample: EngineSample, exchange: Exchange | undefined): Traffic {
  const { label, failure = null, elapsedMs } = sample;
  return {
    label,
    failure,
    elapsedMs,
    hops: exchange === undefined ? [] : [toHop(sample, exchange)],
    assertions: [],
  };
}

function toHop(sample: EngineSample, exchange: Exchange): DebugHop {
  const { elapsedMs, connectMs, latencyMs, failure } = sample;
  const request = readMessage(exchange.request);
  const response = exchange.response === undefined ? undefined : readMessage(exchange.response);
  const [method = "", path = ""] = request.first.split(" ");
  const status = readStatus(response?.first ?? "");
  return {
    method,
    url: urlOf(sample, path, headerOf(request, "host")),
    requestHeaders: request.headers,
    requestBody: keepBody(withoutBreak(request.body)),
    ...status,
    responseHeaders: response?.headers ?? [],
    responseBody: response === undefined ? null : keepBody(withoutBreak(response.body), bytesOf(response)),
    timing: {
      connectMs: connectMs > 0 ? connectMs : null,
      tlsMs: null,
      firstByteMs: latencyMs > 0 ? latencyMs : null,
      totalMs: elapsedMs,
    },
    failure: status.status === null ? (failure ?? null) : null,
  };
}

/** A request with a name of its own has that name for its address too. */
function urlOf({ url = "", isSecure = false }: EngineSample, path: string, host: string): string {
  return /^https?:/.test(url) ? url : `${isSecure ? "https" : "http"}://${host}${path}`;
}

function headerOf({ headers }: HttpMessage, wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";
}

/** What is not text has been garbled on its way through the log, so that only the header knows its size. */
function bytesOf(response: HttpMessage): number | undefined {
  const length = headerOf(response, "content-length");
  return length === "" ? undefined : Number(length);
}

/** k6 ends what it logs with a line break of its own. */
function withoutBreak(body: string): string {
  return body.replace(/\n$/, "");
}
