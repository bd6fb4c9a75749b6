import { STATUS_CODES } from "node:http";
import type { EngineSample } from "../sampled/meter.ts";
import type { Row } from "./rows.ts";

interface Parts {
  readonly first: Row;
  elapsedMs: number;
  connectMs: number;
  waitingMs: number;
}

/** Puts requests together: k6 writes each as several rows, one after the other, from `http_reqs` to `http_req_failed`. */
export class RequestReader {
  #parts: Parts | undefined;

  /** The request that this row completes; undefined when there is none. */
  read(row: Row): EngineSample | undefined {
    if (row.metric === "http_reqs") {
      const unfinished = this.#finish(false);
      this.#parts = { first: row, elapsedMs: 0, connectMs: 0, waitingMs: 0 };
      return unfinished;
    }
    const parts = this.#parts;
    if (parts === undefined) return undefined;
    switch (row.metric) {
      case "http_req_duration":
        parts.elapsedMs = row.value;
        return undefined;
      case "http_req_connecting":
      case "http_req_tls_handshaking":
        parts.connectMs += row.value;
        return undefined;
      case "http_req_sending":
      case "http_req_waiting":
        parts.waitingMs += row.value;
        return undefined;
      case "http_req_blocked":
      case "http_req_receiving":
        return undefined;
      case "http_req_failed":
        return this.#finish(row.value !== 0);
      default:
        // A script without a response callback has no `http_req_failed`.
        return this.#finish(false);
    }
  }

  #finish(isFailed: boolean): EngineSample | undefined {
    const parts = this.#parts;
    if (parts === undefined) return undefined;
    this.#parts = undefined;
    const { first, elapsedMs, connectMs, waitingMs } = parts;
    const status = first.tag("status");
    const code = status === "0" ? "" : status;
    const error = first.tag("error") || STATUS_CODES[code] || "";
    return {
      label: first.tag("name") || first.tag("url"),
      url: first.tag("url"),
      isSecure: first.tag("tls_version") !== "",
      endedAtMs: first.atMs,
      elapsedMs,
      connectMs,
      latencyMs: waitingMs,
      bytesIn: 0,
      code,
      failure: isFailed ? error || "no detail" : undefined,
    };
  }
}
