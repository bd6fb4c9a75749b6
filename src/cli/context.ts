import type { ReportAssets } from "../local/reportPage.ts";
import type { CommandEngine, EngineChoice } from "./engines.ts";

/** A stream to write to: stdout carries data, stderr progress and messages. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Width in characters. */
  readonly columns: number;
  readonly hasColor: boolean;
}

/** Everything that a command needs of the world; the entry makes the real one, tests one of their own. */
export interface Context {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative paths of the command line start from. */
  readonly cwd: string;
  readonly version: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Opens the engine that a command line names. @throws {UserError} kind `environment` when there is no way to it */
  readonly openEngine: (choice: EngineChoice) => Promise<CommandEngine>;
  /** Script and style of the report page, as built. @throws {UserError} when they are not there */
  readonly readReportAssets: () => Promise<ReportAssets>;
  /** Asks the person and answers what was typed; absent where nobody sits at a terminal. */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<string>;
  /** Folder of the stack's template and assets, as built. */
  readonly stackFolder: string;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Aborted by the second Ctrl-C: whatever is under way ends at once. */
  readonly aborted: AbortSignal;
}
