import { Client, buildConnector } from "undici";

/** Certificates of a scenario: PEM texts or a PKCS#12 file, as Node's TLS takes them. */
export interface TlsIdentity {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  readonly ca?: readonly (string | Buffer)[];
}

/** Learns when a connection of its own begins to be made and when it stands; instants of `performance.now()`. */
export interface ConnectWatcher {
  onConnectStart(atMs: number): void;
  onTcpConnected(atMs: number): void;
  onConnected(atMs: number): void;
}

/** Opens connections for clients; every one is a full handshake, as for users that come for the first time. */
export type Connector = buildConnector.connector;

/** Makes the connector that all users of a scenario body share. JMeter trusts any server certificate, so this does. */
export function makeConnector(identity: TlsIdentity | undefined): Connector {
  const { ca, ...own } = identity ?? {};
  return buildConnector({
    allowH2: false,
    maxCachedSessions: 0,
    // Connecting counts against the request's own time limit.
    timeout: 0,
    keepAlive: false,
    ...own,
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca: [...ca] }),
  });
}

/** The connections of one exchange: one client for each origin that it has talked to. */
export class Connections {
  readonly #connector: Connector;
  readonly #watcher: ConnectWatcher;
  readonly #clients = new Map<string, Client>();
  #lastOrigin = "";
  #lastClient: Client | undefined;

  constructor(connector: Connector, watcher: ConnectWatcher) {
    this.#connector = connector;
    this.#watcher = watcher;
  }

  /** Gives the client for an origin such as `http://127.0.0.1:8080`. */
  clientFor(origin: string): Client {
    if (origin === this.#lastOrigin && this.#lastClient !== undefined) return this.#lastClient;
    const client = this.#clients.get(origin) ?? this.#open(origin);
    this.#lastOrigin = origin;
    this.#lastClient = client;
    return client;
  }

  /** Ends a connection at once; what is under way on it fails with `reason`. */
  drop(origin: string, reason: Error): void {
    const client = this.#clients.get(origin);
    this.#clients.delete(origin);
    this.#lastClient = undefined;
    client?.destroy(reason, () => undefined);
  }

  close(reason: Error): void {
    for (const origin of this.#clients.keys()) this.drop(origin, reason);
  }

  #open(origin: string): Client {
    const watcher = this.#watcher;
    const connector = this.#connector;
    const url = new URL(origin);
    // undici asks for it with each request, and a URL puts it together each time.
    Object.defineProperty(url, "origin", { value: origin });
    const client = new Client(url, {
      // With 1, undici sends the next request in the turn of the event loop after the answer, together with those of the
      // other users whose answers came meanwhile: a twentieth less work than sending each at once (measured).
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      // A target's own keep-alive hint still shortens this.
      keepAliveTimeout: 600_000,
      maxHeaderSize: 256 * 1024,
      connect(options, callback) {
        watcher.onConnectStart(performance.now());
        const socket: unknown = connector(options, (...args) => {
          if (args[0] === null) watcher.onConnected(performance.now());
          callback(...args);
        });
        if (options.protocol === "https:") watchTcp(socket, watcher);
      },
    });
    this.#clients.set(origin, client);
    return client;
  }
}

function watchTcp(socket: unknown, watcher: ConnectWatcher): void {
  if (typeof socket === "object" && socket !== null && "once" in socket && typeof socket.once === "function") {
    socket.once("connect", () => watcher.onTcpConnected(performance.now()));
  }
}
