import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { UserError } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { LaunchedTask, Launcher } from "../fleet/ports.ts";
import { namesIn, readIfPresent, replaceFile } from "./files.ts";
import { isRunning, readStamp, type ProcessMark } from "./processes.ts";
import { identityOf, lastWords, openLog, runFolder } from "./runFolder.ts";

const AgentMark = Type.Object({
  task: Type.Integer(),
  attempt: Type.Integer(),
  pid: Type.Integer(),
  stamp: Type.String(),
});
type AgentMark = Type.Static<typeof AgentMark>;

/** Starts agents as child processes; they end by themselves when the process that launched them is gone. */
export class ProcessLauncher implements Launcher {
  readonly #root: string;
  readonly #agentPath: string;
  readonly #launches = new Map<string, Promise<AgentMark>>();
  readonly #children = new Map<number, ChildProcess>();

  /** @param agentPath the agent's program, `agent.mjs` */
  constructor(root: string, agentPath: string) {
    this.#root = root;
    this.#agentPath = agentPath;
  }

  async launch(runId: RunId, task: number, attempt: number): Promise<LaunchedTask> {
    const identity = identityOf(runId, task, attempt);
    let launching = this.#launches.get(identity);
    if (launching === undefined) this.#launches.set(identity, (launching = this.#launchOnce(runId, task, attempt)));
    return this.#describe(runId, await launching);
  }

  async list(runId: RunId): Promise<readonly LaunchedTask[]> {
    const names = (await namesIn(this.#markFolder(runId))).filter((name) => name.endsWith(".json"));
    const marks = await Promise.all(names.map((name) => readMark(join(this.#markFolder(runId), name))));
    return Promise.all(marks.filter((mark) => mark !== undefined).map((mark) => this.#describe(runId, mark)));
  }

  async kill(runId: RunId, task: LaunchedTask): Promise<void> {
    const mark = await readMark(this.#markPath(runId, task.task, task.attempt));
    if (mark === undefined) return;
    const child = this.#children.get(mark.pid);
    if (child !== undefined) child.kill("SIGKILL");
    else if (await isRunning(mark)) process.kill(mark.pid, "SIGKILL");
  }

  async #launchOnce(runId: RunId, task: number, attempt: number): Promise<AgentMark> {
    const path = this.#markPath(runId, task, attempt);
    const known = await readMark(path);
    if (known !== undefined) return known;
    const mark = { task, attempt, ...(await this.#spawn(runId, task, identityOf(runId, task, attempt))) };
    await replaceFile(path, JSON.stringify(mark));
    return mark;
  }

  async #spawn(runId: RunId, task: number, identity: string): Promise<ProcessMark> {
    const args = ["--root", this.#root, "--run", runId, "--task", String(task), "--identity", identity];
    await using log = await openLog(this.#logPath(runId, task));
    // The channel tells the agent at once, on every system, when this process has ended.
    const child = spawn(process.execPath, [this.#agentPath, ...args], {
      stdio: ["ignore", log.fd, log.fd, "ipc"],
      windowsHide: true,
    });
    try {
      await once(child, "spawn");
    } catch (cause) {
      throw new UserError("agent-not-started", `Could not start the process of task ${task}.`, {
        kind: "environment",
        hint: "See whether this machine has processes and memory left.",
        cause,
      });
    }
    const pid = child.pid ?? 0;
    this.#children.set(pid, child);
    return { pid, stamp: (await readStamp(pid)) ?? "" };
  }

  async #describe(runId: RunId, mark: AgentMark): Promise<LaunchedTask> {
    const { task, attempt, pid } = mark;
    const child = this.#children.get(pid);
    const hasEnded =
      child === undefined ? !(await isRunning(mark)) : child.exitCode !== null || child.signalCode !== null;
    return {
      task,
      attempt,
      launcherId: `${pid}@${mark.stamp}`,
      identity: identityOf(runId, task, attempt),
      isAlive: !hasEnded,
      stopReason: hasEnded ? await this.#stopReason(runId, task, child) : undefined,
    };
  }

  async #stopReason(runId: RunId, task: number, child: ChildProcess | undefined): Promise<string> {
    if (child === undefined) return "Its process is gone.";
    if (child.signalCode !== null) return `Its process was ended by ${child.signalCode}.`;
    const words = child.exitCode === 0 ? undefined : await lastWords(this.#logPath(runId, task));
    return `Its process ended with exit code ${child.exitCode}${words === undefined ? "." : `: ${words}`}`;
  }

  #markFolder(runId: RunId): string {
    return join(runFolder(this.#root, runId), "agents");
  }

  #markPath(runId: RunId, task: number, attempt: number): string {
    return join(this.#markFolder(runId), `${task}-${attempt}.json`);
  }

  #logPath(runId: RunId, task: number): string {
    return join(runFolder(this.#root, runId), `agent-${task}.log`);
  }
}

async function readMark(path: string): Promise<AgentMark | undefined> {
  const bytes = await readIfPresent(path);
  const value: unknown = bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
  return Value.Check(AgentMark, value) ? value : undefined;
}
