import type { Connector } from "./connections.ts";
import type { CookieJar } from "./cookies.ts";
import { Exchange, type ExchangeOptions } from "./exchange.ts";
import { failureText } from "./failure.ts";
import { makeOutgoing, targetOf } from "./outgoing.ts";

/** What the resources of a page came to. */
export interface ResourceOutcome {
  /** When the last of them was there; instant of `performance.now()`. */
  readonly endedMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Text of the first failure; undefined when all came. */
  readonly failure: string | undefined;
}

const options: ExchangeOptions = { timeoutMs: 30_000, isKeepAlive: true, followsRedirects: true, keptBody: "none" };

/** How the resources of a page are fetched. */
export interface Fetching {
  /** Most requests at a time, each over a connection of its own. */
  readonly atOnce: number;
  readonly connector: Connector;
  readonly cookies: CookieJar | undefined;
  /** Ends the fetching; `done` is not called then. */
  readonly signal: AbortSignal;
  readonly done: (outcome: ResourceOutcome) => void;
}

/** Fetches what a page shows, several at a time; calls `done` once all are there or have failed. */
export function fetchResources(urls: readonly URL[], { atOnce, connector, cookies, signal, done }: Fetching): void {
  const rest = [...urls];
  let bytesIn = 0;
  let bytesOut = 0;
  let failure: string | undefined;
  let open = Math.min(atOnce, urls.length);
  const lanes: Exchange[] = [];
  const closeAll = (): void => {
    for (const lane of lanes) lane.close(new Error("The page is complete."));
  };
  signal.addEventListener("abort", closeAll, { once: true });
  const next = (lane: Exchange): void => {
    if (signal.aborted) return;
    const url = rest.shift();
    if (url !== undefined) {
      const content = { method: "GET", headers: ["user-agent", "Loadfleet"], body: null };
      lane.send(makeOutgoing(targetOf(url), `${url.pathname}${url.search}`, content), options);
      return;
    }
    if (--open > 0) return;
    signal.removeEventListener("abort", closeAll);
    closeAll();
    done({ endedMs: performance.now(), bytesIn, bytesOut, failure });
  };
  for (let index = 0; index < open; index++) {
    const lane: Exchange = new Exchange(connector, cookies, () => {
      bytesIn += lane.bytesIn;
      bytesOut += lane.bytesOut;
      if (failure === undefined) failure = failureOf(lane);
      next(lane);
    });
    lanes.push(lane);
  }
  for (const lane of lanes.slice()) next(lane);
}

function failureOf(lane: Exchange): string | undefined {
  const { failure, status } = lane;
  if (failure === undefined && status >= 200 && status < 400) return undefined;
  const cause = failure === undefined ? `HTTP status ${String(status)}` : failureText(failure);
  return `Embedded resource download error: ${cause}`;
}
