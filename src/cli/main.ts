import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { exitCodes } from "../core/errors.ts";
import { toolVersion } from "../local/origin.ts";
import { readReportAssets } from "../local/reportPage.ts";
import { runCli } from "./cli.ts";
import type { Context, Output } from "./context.ts";
import { openEngine } from "./engines.ts";

const { env } = process;
const interrupted = new AbortController();
const aborted = new AbortController();

function openOutput(stream: NodeJS.WriteStream, onClosed: () => void): Output {
  const { isTTY } = stream;
  // A pipe that is closed early, as by `| head`, is the reader's decision and no failure.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    onClosed();
  });
  return {
    write: (text) => void stream.write(text),
    isTTY,
    get columns() {
      return stream.columns || 80;
    },
    hasColor: (isTTY || env["FORCE_COLOR"] !== undefined) && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
  };
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  // Questions go where progress goes: stdout carries data.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Reading from the terminal takes Ctrl-C away from the process.
  terminal.on("SIGINT", interrupt);
  try {
    return await terminal.question(question, { signal });
  } finally {
    terminal.close();
  }
}

function interrupt(): void {
  (interrupted.signal.aborted ? aborted : interrupted).abort();
}

// Whatever does not let go within this time is not waited for.
aborted.signal.addEventListener("abort", () => setTimeout(() => process.exit(exitCodes.cancelled), 500).unref());
process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);

try {
  const context: Context = {
    stdout: openOutput(process.stdout, interrupt),
    stderr: openOutput(process.stderr, () => {}),
    env,
    cwd: process.cwd(),
    version: toolVersion,
    now: Date.now,
    openEngine: (choice) => openEngine(choice, import.meta.dirname, context),
    readReportAssets: () => readReportAssets(join(import.meta.dirname, "webview")),
    stackFolder: join(import.meta.dirname, "stack"),
    ...(process.stdin.isTTY ? { ask } : {}),
    interrupted: interrupted.signal,
    aborted: aborted.signal,
  };
  process.exitCode = await runCli(process.argv.slice(2), context);
} catch (error) {
  // What is no UserError is a bug of ours: the sentence for the person, the trace for whoever mends it.
  const trace = error instanceof Error && (env["LOADFLEET_DEBUG"] ?? "") !== "" ? `${error.stack}\n` : "";
  process.stderr.write(`loadfleet has a bug: ${String(error)}\nSet LOADFLEET_DEBUG=1 to see where.\n${trace}`);
  process.exitCode = exitCodes.runFailed;
}
