import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { UserError } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { LaunchedTask, Launcher } from "../fleet/ports.ts";
import { createFile, namesIn } from "./files.ts";
import { identityOf, runFolder } from "./runFolder.ts";

const run = promisify(execFile);

/** Where containers see the data folder. */
const dataPath = "/data";
const callLimitMs = 60_000;

/** Which image runs tasks, and what starts it. */
export interface ContainerImage {
  /** `docker`, `podman`, or the path of one. */
  readonly program: string;
  readonly image: string;
  /** Options of `run` beside ours, such as `--network host`. */
  readonly options: readonly string[];
}

const Inspected = Type.Array(
  Type.Object({
    Id: Type.String(),
    State: Type.Object({
      Running: Type.Boolean(),
      Status: Type.Optional(Type.String()),
      ExitCode: Type.Integer(),
      OOMKilled: Type.Optional(Type.Boolean()),
    }),
  }),
);

/**
 * Starts agents as containers that have the data folder mounted. A container's name is made of its task, so that a
 * second start of it is refused by the container engine itself.
 */
export class ContainerLauncher implements Launcher {
  readonly #root: string;
  readonly #image: ContainerImage;

  constructor(root: string, image: ContainerImage) {
    this.#root = root;
    this.#image = image;
  }

  async launch(runId: RunId, task: number, attempt: number): Promise<LaunchedTask> {
    const identity = identityOf(runId, task, attempt);
    // Who lists the tasks of a run has to know that there are containers to ask for.
    if (await createFile(join(this.#folder(runId), identity), "")) {
      const agent = ["--root", dataPath, "--run", runId, "--task", String(task), "--identity", identity];
      await this.#start(identity, agent);
    }
    const launched = await this.#untilThere(runId, task, attempt);
    if (launched !== undefined) return launched;
    throw new UserError("agent-not-started", `The container of task ${task} is gone.`, { kind: "environment" });
  }

  async list(runId: RunId): Promise<readonly LaunchedTask[]> {
    const names = await namesIn(this.#folder(runId));
    const places = names.flatMap((name) => {
      const [, task, attempt] = /-(\d+)-(\d+)$/.exec(name) ?? [];
      return task === undefined ? [] : [{ task: Number(task), attempt: Number(attempt) }];
    });
    const tasks = await Promise.all(places.map(({ task, attempt }) => this.#find(runId, task, attempt)));
    return tasks.filter((task) => task !== undefined);
  }

  async kill(runId: RunId, { task, attempt }: LaunchedTask): Promise<void> {
    await this.#ask(["kill", "--signal", "KILL", nameOf(identityOf(runId, task, attempt))]);
  }

  /** Removes the containers of a run, whatever they do. */
  async remove(runId: RunId): Promise<void> {
    for (const identity of await namesIn(this.#folder(runId))) await this.#ask(["rm", "--force", nameOf(identity)]);
  }

  async #start(identity: string, agent: readonly string[]): Promise<void> {
    const { program, image, options } = this.#image;
    const sandbox = ["--read-only", "--tmpfs", "/task:rw,mode=1777", "--volume", `${this.#root}:${dataPath}`];
    const args = ["run", "--detach", "--name", nameOf(identity), ...sandbox, ...options, image, ...agent];
    try {
      await run(program, args, { timeout: callLimitMs, windowsHide: true });
    } catch (cause) {
      const words = cause instanceof Error && "stderr" in cause ? lastLine(String(cause.stderr)) : "it was not found";
      throw new UserError("container-not-started", `Could not start a container with ${program}: ${words}.`, {
        kind: "environment",
        hint: "`loadfleet doctor` says whether Docker or Podman is there; docs/container.md how to get the image.",
        cause,
      });
    }
  }

  /** Another launcher may be in the middle of starting it. */
  async #untilThere(runId: RunId, task: number, attempt: number): Promise<LaunchedTask | undefined> {
    const untilMs = performance.now() + callLimitMs;
    for (;;) {
      const found = await this.#find(runId, task, attempt);
      if (found !== undefined || performance.now() > untilMs) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #find(runId: RunId, task: number, attempt: number): Promise<LaunchedTask | undefined> {
    const identity = identityOf(runId, task, attempt);
    const answer = await this.#ask(["container", "inspect", nameOf(identity)]);
    const value: unknown = answer === undefined ? undefined : JSON.parse(answer);
    const [container] = Value.Check(Inspected, value) ? value : [];
    if (container === undefined) return undefined;
    const {
      Running: isRunning,
      Status: status,
      ExitCode: exitCode,
      OOMKilled: isOutOfMemory = false,
    } = container.State;
    // Podman calls a container that was told to end `stopping`, and no longer running, until it has ended.
    const isAlive = isRunning || status === "stopping";
    const stopReason = isAlive ? undefined : await this.#stopReason(identity, exitCode, isOutOfMemory);
    return { task, attempt, launcherId: container.Id, identity, isAlive, stopReason };
  }

  async #stopReason(identity: string, exitCode: number, isOutOfMemory: boolean): Promise<string> {
    if (isOutOfMemory) return "Its container ran out of memory.";
    const log = exitCode === 0 ? undefined : await this.#ask(["logs", "--tail", "5", nameOf(identity)]);
    const words = log === undefined ? "" : lastLine(log);
    return `Its container ended with exit code ${exitCode}${words === "" ? "." : `: ${words}`}`;
  }

  /** What the container engine answers; undefined when it refuses, as it does for a container that is not there. */
  async #ask(args: readonly string[]): Promise<string | undefined> {
    try {
      const { stdout } = await run(this.#image.program, args, { timeout: callLimitMs, windowsHide: true });
      return stdout;
    } catch (error) {
      if (error instanceof Error && "code" in error && typeof error.code === "number") return undefined;
      throw error;
    }
  }

  #folder(runId: RunId): string {
    return join(runFolder(this.#root, runId), "containers");
  }
}

function nameOf(identity: string): string {
  return `loadfleet-${identity}`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
