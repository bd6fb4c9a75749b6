import type { Engine } from "../fleet/engine.ts";
import type { ReportAssets } from "../local/reportPage.ts";

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
  /** With `isInContainers`, runs started through it have a container for each task. */
  readonly openEngine: (options?: { readonly isInContainers: boolean }) => Engine;
  /** Script and style of the report page, as built. @throws {UserError} when they are not there */
  readonly readReportAssets: () => Promise<ReportAssets>;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Aborted by the second Ctrl-C: whatever is under way ends at once. */
  readonly aborted: AbortSignal;
}
