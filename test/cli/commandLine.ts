import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../src/cli/cli.ts";
import type { Context, Output } from "../../src/cli/context.ts";
import type { EngineChoice } from "../../src/cli/engines.ts";
import { ScriptedEngine } from "./scriptedEngine.ts";
import { sampleNowMs } from "./sampleRun.ts";

class Recording implements Output {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly hasColor = false;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  readonly write = (text: string): void => {
    this.text += text;
  };
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with the CLI in it: files can be written, command lines run, Ctrl-C pressed. */
export class CommandLine implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "loadfleet-cli-"));
  readonly engine = new ScriptedEngine();
  /** Where the command lines had their runs. */
  readonly choices: EngineChoice[] = [];
  env: Context["env"] = {};
  readonly #interrupted = new AbortController();
  readonly #aborted = new AbortController();

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  pressCtrlC(): void {
    (this.#interrupted.signal.aborted ? this.#aborted : this.#interrupted).abort();
  }

  async run(argv: readonly string[], options: { readonly isTTY?: boolean } = {}): Promise<Answer> {
    const stdout = new Recording(false);
    const stderr = new Recording(options.isTTY === true);
    const context: Context = {
      stdout,
      stderr,
      env: this.env,
      cwd: this.folder,
      version: "0.1.0",
      now: () => sampleNowMs,
      openEngine: async (choice) => {
        this.choices.push(choice);
        return this.engine;
      },
      readReportAssets: async () => ({ script: "void 0;", style: "body{}" }),
      stackFolder: join(this.folder, "stack"),
      interrupted: this.#interrupted.signal,
      aborted: this.#aborted.signal,
    };
    const code = await runCli(argv, context);
    return { code, stdout: stdout.text, stderr: stderr.text };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
