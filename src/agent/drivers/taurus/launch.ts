import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../core/errors.ts";
import type { RunPlan, Share } from "../../../core/run/plan.ts";
import type { Toolchain } from "../../../local/taurusSetup/toolchain.ts";
import type { DriverJob } from "../../driver.ts";
import { artifactsName } from "./artifacts.ts";
import { makeConfiguration } from "./configuration.ts";
import { Engine } from "./engine.ts";

/** What a task starts Taurus for. */
export interface Launch {
  readonly job: DriverJob;
  readonly toolchain: Toolchain;
  readonly share: Share;
  readonly pluginFolders: readonly string[];
}

/** Writes the configuration of a task and starts Taurus with it. @throws {UserError} `taurus-not-started` */
export async function launchTaurus({ job, toolchain, share, pluginFolders }: Launch): Promise<Engine> {
  const artifacts = join(job.folder, artifactsName);
  await rm(artifacts, { recursive: true, force: true });
  await mkdir(join(artifacts, "gate"), { recursive: true });
  const configuration = makeConfiguration(job.plan, share, {
    jmeterHome: toolchain.jmeterHome,
    jmeterVersion: toolchain.versions["jmeter"] ?? "",
    artifacts,
    gate: join(artifacts, "gate"),
    stopPort: await findFreePort(),
    pluginFolders,
    environment: job.environment,
    heap: heapOf(job.plan),
    keepsTraffic: job.keepsTraffic ?? false,
  });
  const path = join(artifacts, "task.json");
  await writeFile(path, JSON.stringify(configuration), { mode: 0o600 });
  const args = [join(toolchain.modules, "loadfleet_taurus.py"), artifacts, path];
  await using output = await open(join(artifacts, "bzt.out"), "w");
  try {
    const env = environmentOf(job, toolchain, artifacts);
    return await Engine.start({ program: toolchain.python, args, folder: job.folder, env, output: output.fd });
  } catch (cause) {
    throw new UserError("taurus-not-started", `Could not start Taurus with ${toolchain.python}.`, {
      kind: "environment",
      hint: "`loadfleet doctor` says what is missing.",
      cause,
    });
  }
}

/** Half of a task's memory; the other half is for threads, buffers, Taurus and the agent. */
function heapOf({ scenario }: RunPlan): string {
  const gib = scenario.settings.size?.memoryGiB;
  return gib === undefined ? "1g" : `${Math.max(256, Math.round(gib * 512))}m`;
}

/** What the engine needs of this machine's environment, and nothing else of it. */
const passedOn = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "SystemRoot", "SSL_CERT_FILE"];

function environmentOf({ environment }: DriverJob, { modules }: Toolchain, folder: string): Record<string, string> {
  const own = passedOn.map((name) => [name, process.env[name]] as const).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(own),
    TMPDIR: folder,
    PYTHONPATH: modules,
    PYTHONDONTWRITEBYTECODE: "1",
    ...environment,
  };
}

/** A UDP port that nobody uses, so that tasks on one machine do not stop each other. */
async function findFreePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}
