import type { Dispatcher } from "undici";
import { Connections, type ConnectWatcher, type Connector } from "./connections.ts";
import type { CookieJar } from "./cookies.ts";
import { Deadline } from "./deadline.ts";
import { CutFailure, TimeoutFailure } from "./failure.ts";
import { type Hop, HopTimes } from "./hop.ts";
import { Incoming } from "./incoming.ts";
import { type Outgoing, redirected } from "./outgoing.ts";
import type { HeaderMap, ReceivedResponse } from "./response.ts";

const mostRedirects = 20;

/** How a request is to be sent, apart from what it says. */
export interface ExchangeOptions {
  /** Longest connecting, and longest silence of the target, in ms; 0 waits for ever. */
  readonly timeoutMs: number;
  readonly isKeepAlive: boolean;
  readonly followsRedirects: boolean;
  /** Which response contents are kept, for extractors, assertions and resources; of the others bytes are only counted. */
  readonly keptBody: "all" | "html" | "none";
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
  readonly #incoming = new Incoming();
  readonly #times = new HopTimes();
  #redirects = 0;
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
    const last = this.#lastRequest;
    return this.#incoming.response(last === undefined ? "" : `${last.origin}${last.path}`);
  }

  /** Status of the last response; 0 when there was none. */
  get status(): number {
    return this.#incoming.status;
  }

  get statusText(): string {
    return this.#incoming.statusText;
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
    this.#times.connectStartMs = atMs;
    this.#deadline.move(atMs);
  }

  onTcpConnected(atMs: number): void {
    this.#times.tcpConnectedMs = atMs;
  }

  onConnected(atMs: number): void {
    const times = this.#times;
    if (this.#request === undefined || times.connectStartMs === 0) return;
    times.connectedMs = atMs;
    this.connectMs += atMs - times.connectStartMs;
    this.#deadline.move(atMs);
  }

  onRequestStart(): void {
    const nowMs = performance.now();
    this.#begin(nowMs);
    this.#deadline.move(nowMs);
  }

  onResponseStarted(): void {
    const nowMs = performance.now();
    this.#times.firstByteMs = nowMs;
    this.#deadline.move(nowMs);
    if (this.firstByteMs === 0) this.firstByteMs = nowMs;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HeaderMap, text = ""): void {
    this.#incoming.begin(status, text, headers);
    const { keptBody } = this.#options;
    this.#incoming.keepBody(
      this.#keepsHops || keptBody === "all" || (keptBody === "html" && /html/i.test(String(headers["content-type"]))),
    );
    let bytes = 17 + text.length;
    const raw = controller.rawHeaders;
    if (Array.isArray(raw)) for (const part of raw) bytes += part.length + 2;
    this.bytesIn += bytes;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytesIn += chunk.length;
    this.#incoming.add(chunk);
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
    if (this.#times.firstByteMs === 0) this.firstByteMs ||= this.endedMs;
    this.#endHop(request);
    this.#end();
  }

  #cutFailure(error: Error): CutFailure {
    return new CutFailure(this.#incoming.headers, this.#incoming.bodyBytes, error);
  }

  #begin(nowMs: number): void {
    this.#times.begin(nowMs);
    if (this.startedMs === 0) this.startedMs = this.#times.startedMs;
  }

  #dispatch(request: Outgoing): void {
    this.#request = request;
    this.#lastRequest = request;
    this.#incoming.reset();
    this.#times.reset();
    this.#dropReason = undefined;
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
    const set = this.#incoming.headers["set-cookie"];
    if (set === undefined) return;
    for (const header of typeof set === "string" ? [set] : set) cookies.store(header, request, Date.now());
  }

  #redirect(request: Outgoing): Outgoing | undefined {
    if (this.status < 300 || this.status > 399) return undefined;
    const location = this.#incoming.headers.location;
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
      startedMs: this.#times.startedMs,
      tcpConnectedMs: this.#times.tcpConnectedMs,
      connectedMs: this.#times.connectedMs,
      firstByteMs: this.#times.firstByteMs,
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
    this.abort(new TimeoutFailure(this.#times.isConnecting ? "Connect timed out" : "Read timed out"));
  }
}

function isCut(error: Error): boolean {
  return "code" in error && (error.code === "UND_ERR_SOCKET" || error.code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH");
}
