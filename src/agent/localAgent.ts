import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isRunId } from "../core/run/ids.ts";
import type { DriverName } from "../core/run/plan.ts";
import { FolderLedger } from "../local/folderLedger.ts";
import { FolderStore } from "../local/folderStore.ts";
import { nodeGzip } from "../local/gzip.ts";
import { runFolder } from "../local/runFolder.ts";
import { systemClock } from "../local/systemClock.ts";
import { runAgent, type AgentJob, type AgentParts } from "./agent.ts";
import type { Driver } from "./driver.ts";
import { resolveLocalSecrets } from "./secrets.ts";
import { UsageMeter } from "./usage.ts";
import { WorkFolder } from "./workFolder.ts";

// Longer than a graceful end and its upload take; whatever still hangs then is ended with the process.
const endLimitMs = 8000;

function readJob(): { readonly root: string; readonly job: AgentJob } {
  const text = { type: "string", default: "" } as const;
  const { values } = parseArgs({ options: { root: text, run: text, task: text, identity: text } });
  if (!isRunId(values.run)) throw new Error(`"${values.run}" is no id of a run.`);
  const { run: runId, identity } = values;
  return { root: values.root, job: { runId, task: Number(values.task), identity, claimant: randomUUID() } };
}

function listenForEnd(): AbortSignal {
  const controller = new AbortController();
  const end = (reason: string): void => {
    setTimeout(() => process.exit(1), endLimitMs).unref();
    controller.abort(reason);
  };
  process.on("SIGTERM", () => end("The process was told to end."));
  process.on("disconnect", () => end("What drove the run on this machine has ended."));
  return controller.signal;
}

/** What the launcher keeps as the task's log. */
function writeLine(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

/** Where an image looks for it, a file says that the task is ready. */
async function markHealthy(): Promise<void> {
  const path = process.env["LOADFLEET_HEALTH_FILE"];
  if (path !== undefined) await writeFile(path, "");
}

/** Runs the task that the arguments of this process name, over the folders of this machine, and ends the process. */
export async function runLocalAgent(makeDriver: (name: DriverName) => Driver): Promise<never> {
  const signal = listenForEnd();
  const { root, job } = readJob();
  const place = process.env["LOADFLEET_WORK"] ?? join(runFolder(root, job.runId), "work");
  const folder = new WorkFolder(join(place, `${job.identity}-${job.claimant}`));
  try {
    const parts: AgentParts = {
      ledger: new FolderLedger(root, () => undefined),
      store: new FolderStore(root),
      gzip: nodeGzip,
      clock: systemClock,
      folder,
      pace: { startPollMs: 100, stopPollMs: 250, startLimitMs: 30 * 60_000, driverStopMs: 5000 },
      makeDriver,
      resolveSecrets: async (secrets) => resolveLocalSecrets(secrets, process.env),
      makeUsageMeter: (engine) => new UsageMeter(engine),
      log: writeLine,
      onReady: markHealthy,
      onFailedStart: (lines) => process.stderr.write(`${lines.join("\n")}\n`),
    };
    const end = await runAgent(job, parts, signal);
    writeLine(`ended: ${end}`);
    process.exitCode = end === "failed" ? 1 : 0;
  } finally {
    await folder.remove();
  }
  // Connections that the load left open must not keep a finished task alive.
  process.exit();
}
