import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Runs a program pinned to a core where the machine can, and gives what it prints. */
export async function runPinned(core: number, program: string, args: readonly string[]): Promise<string> {
  const child = spawnPinned(core, program, args);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${String(code)}`);
  return output;
}

/** A server process of its own, pinned to a core; it ends with the benchmark. */
export async function startPinnedServer(
  core: number,
  script: string,
  ...args: readonly string[]
): Promise<AsyncDisposable & { readonly address: string }> {
  const child = spawnPinned(core, process.execPath, [script, ...args]);
  const [line] = await once(child.stdout ?? child, "data");
  return {
    address: `http://127.0.0.1:${String(line).trim()}`,
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

function spawnPinned(core: number, program: string, args: readonly string[]): ChildProcess {
  const canPin = spawnSync("taskset", ["--version"], { stdio: "ignore" }).status === 0;
  const command = canPin ? ["taskset", "-c", String(core), program, ...args] : [program, ...args];
  const [first = program, ...rest] = command;
  return spawn(first, rest, { stdio: ["pipe", "pipe", "inherit"] });
}

const k6Version = "v1.8.1";

/** Finds k6, or builds it once into the user's cache; undefined, with a printed line, when neither works. */
export function findK6(): string | undefined {
  if (spawnSync("k6", ["version"], { stdio: "ignore" }).status === 0) return "k6";
  const folder = join(homedir(), ".cache", "loadfleet", "bin");
  const path = join(folder, "k6");
  if (existsSync(path)) return path;
  if (spawnSync("go", ["version"], { stdio: "ignore" }).status !== 0) {
    console.log("k6 is left out: neither k6 nor Go is on the PATH.");
    return undefined;
  }
  mkdirSync(folder, { recursive: true });
  console.log(`Building k6 ${k6Version} once into ${folder} …`);
  execFileSync("go", ["install", `go.k6.io/k6@${k6Version}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: "inherit",
  });
  return path;
}

/** The middle of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** What the generator measured in a process of its own; times in ms. */
export interface Measured {
  readonly count: number;
  readonly failed: number;
  /** From the first to the last sample. */
  readonly seconds: number;
  readonly notes: readonly string[];
  readonly percentiles: Readonly<Record<50 | 90 | 95 | 99, number>>;
}

/** Runs a scenario with the embedded generator in a process of its own, pinned to core 0. */
export async function measure(yaml: string): Promise<Measured> {
  const script = join(import.meta.dirname, "measureProcess.ts");
  return JSON.parse(await runPinned(0, process.execPath, [script, yaml])) as Measured;
}
