import type { Dispatcher } from "undici";
import { Connections, type ConnectWatcher, type Connector } from "./connections.ts";
import type { CookieJar } from "./cookies.ts";
import { Deadline } from "./deadline.ts";
import { CutFailure, TimeoutFailure } from "./failure.ts";
import { type Outgoing, redirected } from "./outgoing.ts";
import { type HeaderMap, ReceivedResponse } from "./response.ts";

const mostRedirects = 20;
const longestKeptBody = 10 * 1024 * 1024;

/** How a request is to be sent, apart from what it says. */
export interface ExchangeOptions {
  /** Longest connecting, and longest silence of the target, in ms; 0 waits for ever. */
  readonly timeoutMs: number;
  readonly isKeepAlive: boolean;
  readonly followsRedirects: boolean;
  /** Which response contents are kept, for extractors, assertions and resources; of the others bytes are only counted. */
  readonly keptBody: "all" | "html" | "none";
}

/** One request and its answer, out of the one or more that a sample consists of. Instants of `performance.now()`. */
export interface Hop {
  readonly request: Outgoing;
  readonly response: ReceivedResponse | undefined;
  readonly failure: Error | undefined;
  readonly startedMs: number;
  /** 0 when an open connection was used. */
  readonly tcpConnectedMs: number;
  readonly connectedMs: number;
  readonly firstByteMs: number;
  readonly endedMs: number;
}

/**
 * Sends one request at a time, follows its redirects and measures the whole. It is the one handler that a virtual user
 * gives to undici for all its requests: the fields hold the figures of the last sample until the next is sent.
 */
export class Exchange implements Dispatcher.DispatchHandler, ConnectWatcher {
  /** Beginning of connecting, or of sending on an open connection. */
  startedMs = 0;
  connectMs = 0;
  firstByteMs = 0;
  endedMs = 0;
  bytesIn = 0;
  bytesOut = 0;
  status = 0;
  failure: Error | undefined;
  /** Everything that was sent and received, if `keepsHops`. */
  readonly hops: Hop[] = [];
  readonly #connections: Connections;
  readonly #deadline = new Deadline(() => this.#onTimeout());
  readonly #cookies: CookieJar | undefined;
  readonly #onEnd: () => void;
  readonly #keepsHops: boolean;
  /** The request that is under way. */
  #request: Outgoing | undefined;
  /** The last request as it was sent, with its cookies. */
  #lastRequest: Outgoing | undefined;
  #options: ExchangeOptions = { timeoutMs: 0, isKeepAlive: true, followsRedirects: true, keptBody: "none" };
  #statusText = "";
  #headers: HeaderMap = {};
  #chunks: Buffer[] = [];
  #keepsBody = false;
  #keptBytes = 0;
  #bodyBytes = 0;
  #redirects = 0;
  #hopStartedMs = 0;
  #hopConnectStartMs = 0;
  #hopTcpConnectedMs = 0;
  #hopConnectedMs = 0;
  #hopFirstByteMs = 0;
  #dropReason: Error | undefined;

  constructor(
    connector: Connector,
    cookies: CookieJar | undefined,
    onEnd: () => void,
    options: { readonly keepsHops: boolean } = { keepsHops: false },
  ) {
    this.#connections = new Connections(connector, this);
    this.#cookies = cookies;
    this.#onEnd = onEnd;
    this.#keepsHops = options.keepsHops;
  }

  /** Last response as a whole; its body is there only as far as `keptBody` asks for it. */
  get response(): ReceivedResponse {
    return new ReceivedResponse(this.#url, this.status, this.#statusText, this.#headers, this.#chunks);
  }

  get statusText(): string {
    return this.#statusText;
  }

  /** Sends a request; `onEnd` is called once, later, when the last answer is whole or something failed. */
  send(request: Outgoing, options: ExchangeOptions): void {
    this.#options = options;
    this.#deadline.setLimit(options.timeoutMs);
    this.startedMs = 0;
    this.connectMs = 0;
    this.firstByteMs = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.failure = undefined;
    this.#redirects = 0;
    if (this.#keepsHops) this.hops.length = 0;
    this.#dispatch(request);
  }

  /** Ends what is under way; the exchange then ends with `reason` as its failure. */
  abort(reason: Error): void {
    const request = this.#request;
    if (request === undefined) return;
    this.#dropReason = reason;
    this.#connections.drop(request.origin, reason);
  }

  /** Closes all connections; nothing may be sent afterwards. */
  close(reason: Error): void {
    this.#deadline.close();
    this.#connections.close(reason);
  }

  onConnectStart(atMs: number): void {
    this.#hopConnectStartMs = atMs;
    this.#deadline.move(atMs);
  }

  onTcpConnected(atMs: number): void {
    this.#hopTcpConnectedMs = atMs;
  }

  onConnected(atMs: number): void {
    if (this.#request === undefined || this.#hopConnectStartMs === 0) return;
    this.#hopConnectedMs = atMs;
    this.connectMs += atMs - this.#hopConnectStartMs;
    this.#deadline.move(atMs);
  }

  onRequestStart(): void {
    const nowMs = performance.now();
    this.#begin(nowMs);
    this.#deadline.move(nowMs);
  }

  onResponseStarted(): void {
    this.#hopFirstByteMs = performance.now();
    this.#deadline.move(this.#hopFirstByteMs);
    if (this.firstByteMs === 0) this.firstByteMs = this.#hopFirstByteMs;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HeaderMap, text = ""): void {
    this.status = status;
    this.#statusText = text;
    this.#headers = headers;
    const { keptBody } = this.#options;
    this.#keepsBody =
      this.#keepsHops || keptBody === "all" || (keptBody === "html" && /html/i.test(String(headers["content-type"])));
    let bytes = 17 + text.length;
    const raw = controller.rawHeaders;
    if (Array.isArray(raw)) for (const part of raw) bytes += part.length + 2;
    this.bytesIn += bytes;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytesIn += chunk.length;
    this.#bodyBytes += chunk.length;
    if (this.#keepsBody && this.#keptBytes < longestKeptBody) {
      this.#chunks.push(chunk);
      this.#keptBytes += chunk.length;
    }
    this.#deadline.noteProgress();
  }

  onResponseEnd(): void {
    const request = this.#request;
    if (request === undefined) return;
    this.endedMs = performance.now();
    if (this.#cookies !== undefined) this.#storeCookies(request, this.#cookies);
    this.#endHop(request);
    const next = this.#options.followsRedirects ? this.#redirect(request) : undefined;
    if (next === undefined) this.#end();
    else this.#dispatch(next);
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#request === undefined) return;
    // undici is still clearing up: a request that is sent from within its failure breaks it.
    this.endedMs = performance.now();
    setImmediate(() => this.#fail(error));
  }

  #fail(error: Error): void {
    const request = this.#request;
    if (request === undefined) return;
    this.#begin(this.endedMs);
    this.failure = this.#dropReason ?? (isCut(error) && this.status !== 0 ? this.#cutFailure(error) : error);
    if (this.#hopFirstByteMs === 0) this.firstByteMs ||= this.endedMs;
    this.#endHop(request);
    this.#end();
  }

  #cutFailure(error: Error): CutFailure {
    return new CutFailure(this.#headers, this.#bodyBytes, error);
  }

  #begin(nowMs: number): void {
    if (this.#hopStartedMs !== 0) return;
    this.#hopStartedMs = this.#hopConnectStartMs === 0 ? nowMs : this.#hopConnectStartMs;
    if (this.startedMs === 0) this.startedMs = this.#hopStartedMs;
  }

  get #url(): string {
    const last = this.#lastRequest;
    return last === undefined ? "" : `${last.origin}${last.path}`;
  }

  #dispatch(request: Outgoing): void {
    this.#request = request;
    this.#lastRequest = request;
    this.#chunks = [];
    this.#keptBytes = 0;
    this.#bodyBytes = 0;
    this.#headers = {};
    this.#statusText = "";
    this.status = 0;
    this.#dropReason = undefined;
    this.#hopStartedMs = 0;
    this.#hopConnectStartMs = 0;
    this.#hopTcpConnectedMs = 0;
    this.#hopConnectedMs = 0;
    this.#hopFirstByteMs = 0;
    this.bytesOut += request.bytes;
    this.#connections.clientFor(request.origin).dispatch(this.#toDispatch(request), this);
  }

  #toDispatch(request: Outgoing): Dispatcher.DispatchOptions {
    const hasCookies = this.#cookies !== undefined && !this.#cookies.isEmpty;
    if (!hasCookies && this.#options.isKeepAlive) return request;
    const cookies = hasCookies ? this.#cookies.header(request, Date.now()) : "";
    const headers = cookies === "" ? request.headers : [...request.headers, "cookie", cookies];
    if (cookies !== "") this.bytesOut += cookies.length + 10;
    const sent = { ...request, headers, reset: !this.#options.isKeepAlive };
    this.#lastRequest = sent;
    return sent;
  }

  #storeCookies(request: Outgoing, cookies: CookieJar): void {
    const set = this.#headers["set-cookie"];
    if (set === undefined) return;
    for (const header of typeof set === "string" ? [set] : set) cookies.store(header, request, Date.now());
  }

  #redirect(request: Outgoing): Outgoing | undefined {
    if (this.status < 300 || this.status > 399) return undefined;
    const location = this.#headers.location;
    const next = redirected(request, this.status, typeof location === "string" ? location : location?.[0]);
    if (next instanceof Error) {
      this.failure = next;
      return undefined;
    }
    if (next === undefined) return undefined;
    if (++this.#redirects <= mostRedirects) return next;
    this.failure = new Error(`Exceeded maximum number of redirects: ${String(mostRedirects)}`);
    return undefined;
  }

  #endHop(request: Outgoing): void {
    if (!this.#keepsHops) return;
    this.hops.push({
      request: this.#lastRequest ?? request,
      response: this.status === 0 ? undefined : this.response,
      failure: this.failure,
      startedMs: this.#hopStartedMs,
      tcpConnectedMs: this.#hopTcpConnectedMs,
      connectedMs: this.#hopConnectedMs,
      firstByteMs: this.#hopFirstByteMs,
      endedMs: this.endedMs,
    });
  }

  #end(): void {
    this.#request = undefined;
    this.#deadline.rest();
    try {
      this.#onEnd();
    } catch (error) {
      // undici calls: it would take a fault of our own for one of the request, and the user would wait for ever.
      setImmediate(() => {
        throw error;
      });
    }
  }

  #onTimeout(): void {
    const isConnecting = this.#hopConnectStartMs > 0 && this.#hopConnectedMs === 0;
    this.abort(new TimeoutFailure(isConnecting ? "Connect timed out" : "Read timed out"));
  }
}

function isCut(error: Error): boolean {
  return "code" in error && (error.code === "UND_ERR_SOCKET" || error.code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH");
}
