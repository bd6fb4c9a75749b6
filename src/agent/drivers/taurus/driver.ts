import { join } from "node:path";
import type { Share } from "../../../core/run/plan.ts";
import { shareOf } from "../../../core/run/share.ts";
import type { Toolchain } from "../../../local/taurusSetup/toolchain.ts";
import type { Driver, DriverJob, DriverReport } from "../../driver.ts";
import { readTellingLines } from "../../logLines.ts";
import { secretsOf } from "../../secrets.ts";
import { keepLogs } from "./artifacts.ts";
import { droppedServices } from "./configuration.ts";
import { splitData } from "./dataFiles.ts";
import { refuseUnknown } from "./refusals.ts";
import { checkPlugins, pluginFolders, readScripts, type Script } from "./scripts.ts";
import { Session } from "./session.ts";
import { readTraces } from "./traffic.ts";

interface Prepared {
  readonly job: DriverJob;
  readonly toolchain: Toolchain;
  readonly scripts: readonly Script[];
  /** Whole data files by path, as they were before they were cut. */
  readonly originals: Map<string, string>;
}

/** Makes the driver that runs Taurus with JMeter; the versions of its identity are known once it is prepared. */
export function makeTaurusDriver(findToolchain: () => Promise<Toolchain>): Driver {
  let versions: Readonly<Record<string, string>> = {};
  let running: Session | undefined;
  let prepared: (Prepared & { readonly share: Share; readonly session: Session }) | undefined;
  return {
    get identity() {
      return { name: "taurus", versions };
    },

    processes: () => running?.processes() ?? [],

    traffic: async () => (prepared === undefined ? [] : readTraces(prepared.job.folder)),

    // JMeter is up and waits when this resolves, for the share that the task has when all tasks take part.
    async prepare(job, signal) {
      refuseUnknown(job.plan);
      const toolchain = await findToolchain();
      ({ versions } = toolchain);
      const scripts = await readScripts(job.plan, job.folder);
      const own = ["lib", "lib/ext"].map((folder) => join(toolchain.jmeterHome, folder));
      await checkPlugins(scripts, [...own, ...pluginFolders(scripts, job.folder)]);
      const basis = { job, toolchain, scripts, originals: new Map<string, string>() };
      const share = shareOf(job.plan, job.task, job.plan.tasks);
      running = await startSession(basis, share, signal);
      prepared = { ...basis, share, session: running };
    },

    remains: async ({ plan, folder, environment }) => {
      const artifacts = await keepLogs(folder, secretsOf(plan, environment));
      return { artifacts, logLines: await readTellingLines(folder, artifacts) };
    },

    async run(start, onInterval, stop) {
      if (prepared === undefined) throw new Error("The Taurus driver was not prepared.");
      const { share, session, ...basis } = prepared;
      const isAsExpected = JSON.stringify(share) === JSON.stringify(start.share);
      // When fewer tasks take part than were planned, JMeter has to begin anew with more users.
      if (!isAsExpected) await session.discard();
      running = isAsExpected ? session : await startSession(basis, start.share, stop);
      return withNotes(basis, await running.run(start.startAtMs, onInterval, stop));
    },
  };
}

async function startSession(basis: Prepared, share: Share, signal: AbortSignal): Promise<Session> {
  const { job, toolchain, scripts, originals } = basis;
  if (job.plan.splitsData) await splitData(job.plan, scripts, job.folder, share, originals);
  return Session.start({ job, toolchain, share, pluginFolders: pluginFolders(scripts, job.folder) }, signal);
}

function withNotes({ job }: Prepared, report: DriverReport): DriverReport {
  const dropped = droppedServices(job.plan.scenario.config);
  return { ...report, notes: [...dropped.map((name) => `Taurus' service ${name} was left out.`), ...report.notes] };
}
