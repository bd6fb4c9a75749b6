import type { Connector } from "../http/connections.ts";
import type { Exchange } from "../http/exchange.ts";
import type { CompiledRequest } from "../http/request.ts";
import type { Scope } from "../language/scope.ts";
import type { DataFeed } from "./dataFeed.ts";
import type { Program } from "./program.ts";
import type { Recorder } from "./recorder.ts";

/** A virtual user as those see it that start, pace and end it. */
export interface CrowdMember {
  /** Sends the request whose turn it is; its times count from `intendedMs`, if given. */
  go(intendedMs: number | undefined): void;
  /** Ends the user unless a request is under way; then it ends with that request. */
  wind(): void;
  /** Ends the user at once; a request that is under way counts as aborted. */
  abort(): void;
}

/** What the users of one execution share. */
export interface Crowd {
  readonly program: Program;
  readonly feeds: readonly DataFeed[];
  readonly variables: ReadonlyMap<string, string>;
  readonly properties: Readonly<Record<string, string>>;
  readonly connector: Connector;
  readonly storesCookies: boolean;
  readonly recorder: Recorder;
  /** Iterations of each user; null without a limit. */
  readonly iterations: number | null;
  /** The crowd's time is up, or its run is being stopped. */
  readonly isOver: () => boolean;
  /** Open model: calls `user.go` when the request's turn has come. Undefined sends at once. */
  readonly pace: ((user: CrowdMember) => void) | undefined;
  readonly onUserEnd: (user: CrowdMember) => void;
  readonly endAll: (isAtOnce: boolean) => void;
  readonly trace: UserTrace | undefined;
}

/** Looks on while a single user works, for Debug Once. Pauses are skipped then. */
export interface UserTrace {
  onSample(user: Scope, request: CompiledRequest, label: string, exchange: Exchange | undefined, failure: string): void;
}
