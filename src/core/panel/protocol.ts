import { Type, type Static } from "typebox";
import type { ErrorMessage } from "../errors.ts";
import type { Phrases } from "../phrasebook.ts";
import type { DebugTrace } from "../run/debug.ts";
import type { RunEvent } from "../run/run.ts";

/** The contract between the panel's page and its host: handshake, stream of events, requests with replies. */

/** What a panel shows. The page keeps it in its state under `subject`, so that the host restores the panel after a reload. */
export const PanelSubject = Type.Union([
  Type.Object({
    kind: Type.Literal("run"),
    runId: Type.String({ pattern: "^[0-9a-hjkmnp-tv-z]{26}$" }),
    /** `replay` shows a run that has ended over time; `follow` shows it live, and its result once there is one. */
    mode: Type.Union([Type.Literal("follow"), Type.Literal("replay")]),
  }),
  Type.Object({
    kind: Type.Literal("debug"),
    /** URI of the scenario, as text. */
    scenarioUri: Type.String({ minLength: 1 }),
  }),
]);
export type PanelSubject = Static<typeof PanelSubject>;

/** The part of the page's kept state that its host reads; the page adds what it wants to keep. */
export const PanelState = Type.Object({ subject: PanelSubject });
export type PanelState = Static<typeof PanelState>;

/** What the page may ask of its host. */
export const PanelRequest = Type.Union([
  /** Ends the run gracefully. */
  Type.Object({ kind: Type.Literal("stop") }),
  /** Starts the run's own plan once more, in a panel of its own. */
  Type.Object({ kind: Type.Literal("run-again") }),
  /** Sends each request of the scenario once more; the trace arrives as a `debug` message. */
  Type.Object({ kind: Type.Literal("debug-again") }),
  /** Writes the result to a file that the person chooses. */
  Type.Object({
    kind: Type.Literal("export"),
    format: Type.Union([Type.Literal("html"), Type.Literal("json"), Type.Literal("csv"), Type.Literal("junit")]),
  }),
  /** Reads the log of a task from a position in bytes; without one, its last 64 KiB. */
  Type.Object({
    kind: Type.Literal("read-log"),
    task: Type.Integer({ minimum: 0 }),
    from: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  /** Shows a line of the scenario in an editor; without one, the file. */
  Type.Object({ kind: Type.Literal("open-scenario"), line: Type.Optional(Type.Integer({ minimum: 1 })) }),
  /** Shows a text in an editor of its own, for example a response body. */
  Type.Object({ kind: Type.Literal("open-text"), text: Type.String(), language: Type.String() }),
]);
export type PanelRequest = Static<typeof PanelRequest>;

export type ExportFormat = Extract<PanelRequest, { readonly kind: "export" }>["format"];

/** What each request is answered with. */
export interface PanelReplies {
  readonly stop: null;
  readonly "run-again": null;
  readonly "debug-again": null;
  /** Path of the file that was written; null when the person chose none. */
  readonly export: { readonly path: string | null };
  readonly "read-log": LogTail;
  readonly "open-scenario": null;
  readonly "open-text": null;
}

/** A stretch of a task's log. */
export interface LogTail {
  readonly text: string;
  /** Position in bytes to read on from. */
  readonly next: number;
  /** True when the log begins before this text. */
  readonly isCut: boolean;
}

/** From the page to its host. */
export const PageMessage = Type.Union([
  /** The page listens; sent each second until it is answered by `open`. */
  Type.Object({ kind: Type.Literal("ready") }),
  Type.Object({ kind: Type.Literal("request"), id: Type.Integer({ minimum: 0 }), request: PanelRequest }),
]);
export type PageMessage = Static<typeof PageMessage>;

/** From the host to its page. */
export type HostMessage =
  /** What to show; the stream follows it. `language` is the one of the phrases: the editor's, if we have it. */
  | { readonly kind: "open"; readonly subject: PanelSubject; readonly language: string; readonly phrases: Phrases }
  /** Events of the run in order, several at a time. A snapshot replaces everything: one also comes after the page was hidden. */
  | { readonly kind: "events"; readonly events: readonly RunEvent[] }
  /** The trace of a debug panel; null while it is being made. */
  | { readonly kind: "debug"; readonly trace: DebugTrace | null }
  /** The stream has ended because something failed. */
  | { readonly kind: "failure"; readonly error: ErrorMessage }
  | { readonly kind: "reply"; readonly id: number; readonly reply: PanelReplies[keyof PanelReplies] }
  | { readonly kind: "refusal"; readonly id: number; readonly error: ErrorMessage };
