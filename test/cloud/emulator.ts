import { execFile, spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { setTimeout as wait } from "node:timers/promises";
import { ensurePodman } from "../../scripts/containers.mjs";
import { ensureEmulator } from "../../scripts/emulator.mjs";
import { root } from "../../scripts/script.mjs";
import { findNode } from "../../scripts/setup.mjs";
import { freePort } from "./freePort.ts";

/** How an emulator of AWS starts. */
export interface EmulatorOptions {
  /** Whether it enforces the policies of users and roles; without, every key may do everything. */
  readonly isStrict?: boolean;
  /** What a state machine's waiting times are multiplied with. */
  readonly waitScale?: number;
}

/** A failure that the emulator shows instead of what it would do, so many times. */
export type Fault = (
  | {
      /** A function fails before it does anything, or does its work and its answer is lost. */
      readonly kind: "before" | "after";
      /** Part of the function's name. */
      readonly function: string;
      /** As Step Functions sees it, such as `Lambda.ServiceException`. */
      readonly errorType: string;
    }
  /** RunTask starts nothing for want of capacity. */
  | { readonly kind: "capacity" }
  /** The event of a task or an execution that reached this status is lost. */
  | { readonly kind: "event"; readonly of: "task" | "execution"; readonly status: string }
) & {
  readonly times: number;
  /** Only what has all these texts in its input as JSON, for example a test's id. */
  readonly about?: readonly string[];
};

/** Settings that every client of the AWS SDK takes. */
export interface EmulatorClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: true;
}

/** An emulator of AWS on this machine, with containers for the tasks of ECS. */
export interface Emulator extends AsyncDisposable {
  readonly endpoint: string;
  readonly region: string;
  /** The account that its root keys belong to. */
  readonly account: string;
  readonly clientConfig: EmulatorClientConfig;
  /** The profile in `environment`'s files that leads here. */
  readonly profile: string;
  /** Variables for a child process, with profile files of its own; nothing of the person's own AWS settings. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder that vanishes when the emulator stops. */
  readonly folder: string;
  /** Puts an image of this machine's podman into a repository under a tag, as a push would. */
  publishImage(repository: string, image: string, tag?: string): Promise<void>;
  /** Adds failures to come. */
  fail(...faults: readonly Fault[]): void;
  /** Calls all failures off. */
  heal(): void;
  /** Calls podman where the containers of the tasks are; gives what it prints. */
  podman(...args: readonly string[]): Promise<string>;
  /** Ids of the containers that are running for tasks. */
  containers(): Promise<readonly string[]>;
  /** What the emulator has written so far. */
  log(): string;
  /** Forgets everything that was made in it. */
  reset(): Promise<void>;
  /** Ends it with all its functions and containers. */
  stop(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);
const region = "us-east-1";
const keys = { accessKeyId: "test", secretAccessKey: "test" };
const profile = "emulated";
const account = "000000000000";
const startLimitMs = 60_000;

/**
 * Starts an emulator on a free port; several may run at once. It ends with `stop`, and by itself when this process ends.
 * @throws {Error} with what it wrote when it does not start
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const python = await ensureEmulator();
  const podmanEnvironment = ensurePodman();
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-cloud-"));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const socket = join(folder, "podman.sock");
  const name = folder.slice(folder.lastIndexOf("-") + 1);
  const base = { PATH: process.env["PATH"] ?? "", HOME: folder, TMPDIR: join(folder, "tmp"), ...podmanEnvironment };
  mkdirSync(base.TMPDIR);
  const environment = writeProfile(folder, endpoint);
  const faultsPath = join(folder, "faults.json");
  const logPath = join(folder, "emulator.log");
  const podmanService = start("podman", ["system", "service", "--time=0", `unix://${socket}`], base, logPath);
  const emulator = start(
    python,
    [join(here, "ministack", "main.py")],
    {
      ...base,
      // Functions run by the first Node on the path; it has to be of the runtime's version.
      PATH: `${dirname(findNode())}:${base.PATH}`,
      PYTHONDONTWRITEBYTECODE: "1",
      DOCKER_HOST: `unix://${socket}`,
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "localhost",
      MINISTACK_HOSTNAME: name,
      MINISTACK_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
      IOT_MTLS_ENABLED: "0",
      AUTH: options.isStrict === true ? "true" : "false",
      SFN_WAIT_SCALE: String(options.waitScale ?? 1),
      LOADFLEET_FAULTS: faultsPath,
    },
    logPath,
  );
  const podman = async (...args: readonly string[]): Promise<string> =>
    (await run("podman", [...args], { env: { ...process.env, ...podmanEnvironment } })).stdout;
  const ours = ["--filter", `label=ministack.instance=${name}:${port}`];
  const killAll = (): void => [emulator, podmanService].forEach((child) => killGroup(child, "SIGKILL"));
  process.once("exit", killAll);
  const clientConfig = { endpoint, region, credentials: keys, forcePathStyle: true } as const;
  const faults: object[] = [];
  let faultId = 0;
  const heal = (): void => {
    faults.length = 0;
    rmSync(faultsPath, { force: true });
  };

  const stop = async (): Promise<void> => {
    process.off("exit", killAll);
    killGroup(emulator, "SIGKILL");
    await ended(emulator);
    const left = (await podman("ps", "--all", "--quiet", ...ours)).split("\n").filter((id) => id !== "");
    if (left.length > 0) await podman("rm", "--force", "--volumes", "--time", "0", ...left);
    killGroup(podmanService, "SIGKILL");
    await ended(podmanService);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const log = (): string => readFileSync(logPath, "utf8");
  try {
    await untilReady(`${endpoint}/_ministack/ready`, emulator);
  } catch (cause) {
    const words = log().slice(-2000);
    await stop();
    throw new Error(`The emulator of AWS did not start: ${words}`, { cause });
  }
  return {
    endpoint,
    region,
    account,
    clientConfig,
    profile,
    environment,
    folder,
    podman,
    log,
    stop,
    publishImage: async (repository, image, tag = "latest") => {
      // Its digest has to differ from that of every other image.
      const imageManifest = JSON.stringify({ schemaVersion: 2, localImage: image, pushedAtMs: Date.now() });
      const client = new ECRClient(clientConfig);
      await client.send(new PutImageCommand({ repositoryName: repository, imageManifest, imageTag: tag }));
      client.destroy();
    },
    fail: (...wanted) => {
      for (const fault of wanted) {
        faultId += 1;
        faults.push({ id: faultId, times: fault.times, about: fault.about ?? [], ...wire(fault) });
      }
      writeFileSync(faultsPath, JSON.stringify(faults));
    },
    heal,
    containers: async () => (await podman("ps", "--quiet", ...ours)).split("\n").filter((id) => id !== ""),
    reset: async () => {
      heal();
      const { ok, status } = await fetch(`${endpoint}/_ministack/reset`, { method: "POST" });
      if (!ok) throw new Error(`The emulator of AWS answers ${status} to a reset.`);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** A fault as the emulator's own program reads it, see ministack/faults.py. */
function wire(fault: Fault): Readonly<Record<string, string>> {
  if (fault.kind === "event") return { kind: "event", name: `${fault.of} ${fault.status}` };
  if (fault.kind === "capacity") {
    // The words of AWS' document "API failure reasons".
    const words = "Capacity is unavailable at this time. Please try again later or in a different availability zone";
    return { kind: "capacity", name: "RunTask", errorMessage: words };
  }
  const { kind, function: name, errorType } = fault;
  return { kind, name, errorType, errorMessage: "A failure that the test asked for." };
}

function writeProfile(folder: string, endpoint: string): Readonly<Record<string, string>> {
  const config = join(folder, "config");
  const credentials = join(folder, "credentials");
  writeFileSync(config, `[profile ${profile}]\nregion = ${region}\nendpoint_url = ${endpoint}\n`);
  const lines = [`aws_access_key_id = ${keys.accessKeyId}`, `aws_secret_access_key = ${keys.secretAccessKey}`];
  writeFileSync(credentials, `[${profile}]\n${lines.join("\n")}\n`);
  return {
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_PROFILE: profile,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Starts a program at the head of a process group of its own, so that what it starts can be ended with it. */
function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  logPath: string,
): ChildProcess {
  const output = openSync(logPath, "a");
  const child = spawn(command, [...args], { cwd: root, env, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  // A program that cannot be started is seen by what it does not do.
  child.on("error", (error) => writeFileSync(logPath, `${String(error)}\n`, { flag: "a" }));
  return child;
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, signal);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const limit = AbortSignal.timeout(startLimitMs);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    limit.throwIfAborted();
    const isReady = await fetch(url, { signal: limit }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await wait(50);
  }
}
