import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { UserError } from "../core/errors.ts";
import { parseJson } from "../core/json.ts";
import { instantOfRunId, type RunId } from "../core/run/ids.ts";
import type { Pace, Starter } from "../fleet/ports.ts";
import { createFile, readIfPresent } from "./files.ts";
import { isRunning, readStamp, type ProcessMark } from "./processes.ts";
import { lastWords, openLog, runFolder } from "./runFolder.ts";
import { systemClock } from "./systemClock.ts";

const startLimitMs = 10_000;
const startPollMs = 15;
const RunnerMark = Type.Object({ pid: Type.Integer(), stamp: Type.String() });

/** What a runner needs to know beside the run's id. */
export interface RunnerOptions {
  readonly root: string;
  /** The runner's program, `runner.mjs`. */
  readonly runnerPath: string;
  /** The agent's program, `agent.mjs`. */
  readonly agentPath: string;
  readonly pace: Pace;
}

/** Sets a run going in a process of its own, which outlives the one that asked for it. */
export class DetachedStarter implements Starter {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  async start(runId: RunId, signal: AbortSignal): Promise<void> {
    const { root, runnerPath, agentPath, pace } = this.#options;
    if ((await readRunner(root, runId)) !== undefined) return;
    const logPath = join(runFolder(root, runId), "runner.log");
    const args = ["--root", root, "--run", runId, "--agent", agentPath, "--pace", JSON.stringify(pace)];
    await using log = await openLog(logPath);
    const child = spawn(process.execPath, [runnerPath, ...args], {
      cwd: root,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      windowsHide: true,
      // Inside an editor the executable is the editor itself.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    });
    try {
      await once(child, "spawn");
    } catch (cause) {
      throw notStarted(`the process could not be created`, cause);
    }
    child.unref();
    const untilMs = systemClock.now() + startLimitMs;
    while ((await readRunner(root, runId)) === undefined) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw notStarted((await lastWords(logPath)) ?? `its process ended with exit code ${child.exitCode}`);
      }
      if (signal.aborted || systemClock.now() > untilMs) {
        child.kill("SIGKILL");
        signal.throwIfAborted();
        throw notStarted(`it gave no sign of life for ${startLimitMs / 1000} s`);
      }
      await systemClock.sleep(startPollMs, signal);
    }
  }

  async isAlive(runId: RunId): Promise<boolean> {
    const mark = await readRunner(this.#options.root, runId);
    if (mark !== undefined) return isRunning(mark);
    // Between its submission and the first sign of its runner a run is starting, not abandoned.
    return systemClock.now() - instantOfRunId(runId) < 2 * startLimitMs;
  }
}

function notStarted(why: string, cause?: unknown): UserError {
  return new UserError("runner-not-started", `Could not start the runner on this machine: ${why}.`, {
    kind: "environment",
    hint: "See whether this machine has processes, memory and disk space left.",
    cause,
  });
}

/** Marks this process as the one runner of a run; false when the run has one. */
export async function claimRun(root: string, runId: RunId): Promise<boolean> {
  const mark: ProcessMark = { pid: process.pid, stamp: (await readStamp(process.pid)) ?? "" };
  return createFile(markPath(root, runId), JSON.stringify(mark));
}

async function readRunner(root: string, runId: RunId): Promise<ProcessMark | undefined> {
  const bytes = await readIfPresent(markPath(root, runId));
  // A damaged mark names no process: its run counts as abandoned, so that the sweep closes it.
  const value = bytes === undefined ? undefined : parseJson(bytes.toString("utf8"));
  return Value.Check(RunnerMark, value) ? value : undefined;
}

function markPath(root: string, runId: RunId): string {
  return join(runFolder(root, runId), "runner.json");
}
