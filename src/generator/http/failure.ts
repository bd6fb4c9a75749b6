const texts: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset",
  EPIPE: "Connection reset",
  ENOTFOUND: "Unknown host",
  EAI_AGAIN: "Unknown host",
  EHOSTUNREACH: "No route to host",
  ENETUNREACH: "Network is unreachable",
  ETIMEDOUT: "Connect timed out",
  EADDRNOTAVAIL: "Cannot assign requested address",
  EMFILE: "Too many open files",
  UND_ERR_CONNECT_TIMEOUT: "Connect timed out",
  UND_ERR_HEADERS_OVERFLOW: "Response headers too large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "Premature end of Content-Length delimited message body",
  UND_ERR_SOCKET: "The target server closed the connection without an answer",
};

/** A request that took longer than its time limit; `message` is the text for the report. */
export class TimeoutFailure extends Error {
  override readonly name = "TimeoutFailure";
}

/** A request that was ended because the run was; it is counted as aborted, not as failed. */
export class AbortFailure extends Error {
  override readonly name = "AbortFailure";
}

/** An answer that broke off: its head had come, its body had not all. */
export class CutFailure extends Error {
  override readonly name = "CutFailure";

  constructor(headers: Readonly<Record<string, unknown>>, bodyBytes: number, cause: Error) {
    const length = headers["content-length"];
    const text =
      typeof length === "string"
        ? `Premature end of Content-Length delimited message body (expected: ${length}; received: ${String(bodyBytes)})`
        : "Premature end of chunk coded message body: closing chunk expected";
    super(text, { cause });
  }
}

/** Names a failed exchange in the short words that JMeter's users know, such as `Connection refused`. */
export function failureText(error: Error): string {
  if (error instanceof CutFailure) return error.message;
  if (error instanceof TimeoutFailure) return error.message;
  const known = texts[codeOf(error)] ?? texts[codeOf(error.cause)];
  if (known !== undefined) return known;
  if (error instanceof AggregateError) {
    const [first] = error.errors.filter((inner) => inner instanceof Error);
    if (first !== undefined) return failureText(first);
  }
  if (error.name === "HTTPParserError") return "The target server failed to respond with valid HTTP";
  if (/^(ERR_TLS|ERR_SSL|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(codeOf(error))) {
    return `TLS handshake failed: ${error.message}`;
  }
  return error.message;
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
