import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { RunId } from "../core/run/ids.ts";
import type { LaunchedTask, Launcher } from "../fleet/ports.ts";
import { ContainerLauncher, type ContainerImage } from "./containerLauncher.ts";
import { readIfPresent, replaceFile } from "./files.ts";
import { ProcessLauncher } from "./processLauncher.ts";
import { runFolder } from "./runFolder.ts";

const Image = Type.Object({ program: Type.String(), image: Type.String(), options: Type.Array(Type.String()) });

/** Starts the tasks of a run as processes, or as containers when {@link useContainers} was called for it. */
export class LocalLauncher implements Launcher {
  readonly #root: string;
  readonly #processes: ProcessLauncher;

  /** @param agentPath the agent's program, `agent.mjs` */
  constructor(root: string, agentPath: string) {
    this.#root = root;
    this.#processes = new ProcessLauncher(root, agentPath);
  }

  async launch(runId: RunId, task: number, attempt: number): Promise<LaunchedTask> {
    return ((await this.#containers(runId)) ?? this.#processes).launch(runId, task, attempt);
  }

  async list(runId: RunId): Promise<readonly LaunchedTask[]> {
    return ((await this.#containers(runId)) ?? this.#processes).list(runId);
  }

  async kill(runId: RunId, task: LaunchedTask): Promise<void> {
    await ((await this.#containers(runId)) ?? this.#processes).kill(runId, task);
  }

  /** Removes what a run that has ended left behind. */
  async tidy(runId: RunId): Promise<void> {
    await (await this.#containers(runId))?.remove(runId);
  }

  async #containers(runId: RunId): Promise<ContainerLauncher | undefined> {
    const bytes = await readIfPresent(imagePath(this.#root, runId));
    const image: unknown = bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
    return Value.Check(Image, image) ? new ContainerLauncher(this.#root, image) : undefined;
  }
}

/** Has the tasks of a run be containers; every process that deals with the run knows it from then on. */
export async function useContainers(root: string, runId: RunId, image: ContainerImage): Promise<void> {
  await replaceFile(imagePath(root, runId), JSON.stringify(image));
}

function imagePath(root: string, runId: RunId): string {
  return join(runFolder(root, runId), "container.json");
}
