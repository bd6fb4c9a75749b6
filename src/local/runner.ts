import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isRunId, type RunId } from "../core/run/ids.ts";
import { driveRun } from "../fleet/drive.ts";
import type { Pace, Ports } from "../fleet/ports.ts";
import { requestStop } from "../fleet/stop.ts";
import { claimRun } from "./detachedStarter.ts";
import { FolderLedger } from "./folderLedger.ts";
import { FolderStore } from "./folderStore.ts";
import { nodeGzip } from "./gzip.ts";
import { localPace } from "./pace.ts";
import { LocalLauncher } from "./localLauncher.ts";
import { runFolder } from "./runFolder.ts";
import { systemClock } from "./systemClock.ts";

function report(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

function readArgs(): { readonly root: string; readonly runId: RunId; readonly agentPath: string; readonly pace: Pace } {
  const text = { type: "string", default: "" } as const;
  const { values } = parseArgs({ options: { root: text, run: text, agent: text, pace: { ...text, default: "{}" } } });
  if (!isRunId(values.run)) throw new Error(`"${values.run}" is no id of a run.`);
  const pace: Pace = { ...localPace, ...JSON.parse(values.pace) };
  return { root: values.root, runId: values.run, agentPath: values.agent, pace };
}

async function drive(): Promise<void> {
  const { root, runId, agentPath, pace } = readArgs();
  if (!(await claimRun(root, runId))) return;
  const launcher = new LocalLauncher(root, agentPath);
  const ports: Ports = {
    ledger: new FolderLedger(root, report),
    store: new FolderStore(root),
    launcher,
    gzip: nodeGzip,
    pace,
  };
  const { signal } = new AbortController();
  // A machine that shuts down says so first: there is time for a graceful end.
  process.on("SIGTERM", () => {
    const reason = "The runner on this machine was told to end.";
    requestStop(runId, { atMs: systemClock.now(), by: "failure", reason }, ports.ledger, signal).catch(report);
  });
  await driveRun(runId, ports, systemClock, signal, report);
  await launcher.tidy(runId);
  // Work folders of agents that were ended by force.
  await rm(join(runFolder(root, runId), "work"), { recursive: true, force: true });
}

try {
  await drive();
  process.exit(0);
} catch (error) {
  report(error);
  process.exit(1);
}
