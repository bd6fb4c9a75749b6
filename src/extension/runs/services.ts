import type { LogOutputChannel, Memento, Uri } from "vscode";
import type { RunId } from "../../core/run/ids.ts";
import type { LocalEngine } from "../../local/localEngine.ts";
import type { RunBook } from "./runBook.ts";
import type { RunFeeds } from "./runFeeds.ts";

/** What the parts of running share. The engine of a stack takes its place beside the local one once there is one. */
export interface RunServices {
  readonly engine: LocalEngine;
  readonly feeds: RunFeeds;
  readonly book: RunBook;
  /** Runs that say themselves how they end to whoever started them, a test or an assistant: no notice tells of them. */
  readonly quietRuns: Set<RunId>;
  readonly log: LogOutputChannel;
  /** Where choices are remembered, for this workspace. */
  readonly memory: Memento;
  readonly extensionUri: Uri;
  /** Folder for this workspace; undefined in a window without one. */
  readonly storageUri: Uri | undefined;
  /** Aborted when the extension ends. */
  readonly closing: AbortSignal;
}
