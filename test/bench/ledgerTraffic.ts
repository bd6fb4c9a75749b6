import { cloudAgentPace } from "../../src/agent/cloudAgent.ts";
import { awsPace, listMsOf } from "../../src/aws/pace.ts";
import type { Driver } from "../../src/agent/driver.ts";
import type { Clock } from "../../src/core/async.ts";
import type { DriverScript } from "../agent/scriptedDriver.ts";
import { withLiveCache } from "../../src/fleet/liveCache.ts";
import { PacedLauncher } from "../../src/fleet/pacedLauncher.ts";
import { noFigures } from "../../src/agent/drivers/taurus/figures.ts";
import type { Launcher, Ledger } from "../../src/fleet/ports.ts";
import { Simulation } from "../fleet/simulation.ts";

const fleets = [10, 100, 1000, 5000];
const loadMs = 60_000;
const bytesPerTask = 400;
const pageBytes = 2 ** 20;
const keysPerCall = 100;

/** Calls by second of virtual time. */
class Counter {
  readonly seconds = new Map<number, number>();

  add(atMs: number, calls: number): void {
    const second = Math.floor(atMs / 1000);
    this.seconds.set(second, (this.seconds.get(second) ?? 0) + calls);
  }

  /** Mean over a stretch, and its busiest second. */
  between(fromMs: number, untilMs: number): string {
    const [from, until] = [Math.floor(fromMs / 1000), Math.floor(untilMs / 1000)];
    const counts = Array.from({ length: until - from }, (_, index) => this.seconds.get(from + index) ?? 0);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return `${mean.toFixed(1)} (${Math.max(...counts)})`;
  }
}

type Kind = "live" | "other" | "read" | "launcher";

/** How many calls of DynamoDB the method of a ledger takes. */
function callsOf(name: string, args: readonly unknown[], tasks: number): readonly [Kind, number] {
  const [first] = args;
  if (name === "putLive") return ["live", 1];
  if (name === "getAgentStates") return ["read", Array.isArray(first) ? Math.ceil(first.length / keysPerCall) : 0];
  // A query for each task.
  if (name === "getLive") return ["read", Array.isArray(first) ? first.length : 0];
  if (name === "listTasks") return ["read", Math.ceil((tasks * bytesPerTask) / pageBytes)];
  return [/^(get|list)/.test(name) ? "read" : "other", 1];
}

function counted<T extends object>(target: T, count: (name: string, args: readonly unknown[]) => void): T {
  return new Proxy(target, {
    get(object, name) {
      const method: unknown = Reflect.get(object, name);
      if (typeof method !== "function" || typeof name !== "string") return method;
      return (...args: readonly unknown[]): unknown => {
        count(name, args);
        return Reflect.apply(method, object, args);
      };
    },
  });
}

/** A driver that measures nothing, each second: what counts here is how often it is told. */
function makeIdleDriver(script: DriverScript, clock: Clock): Driver {
  return {
    identity: { name: "idle", versions: {} },
    prepare: (_job, signal) => clock.sleep(script.prepareMs ?? 0, signal),
    async run({ startAtMs }, onInterval, stop) {
      const nothing = { count: 0, failed: 0, bytes: 0, sumMs: 0, histogram: undefined };
      await clock.sleep(startAtMs - clock.now(), stop);
      const startedAtMs = clock.now();
      for (let second = 0; second * 1000 < loadMs && !stop.aborted; second++) {
        await clock.sleep(startAtMs + (second + 1) * 1000 - clock.now(), stop);
        onInterval({ second, users: 1, labels: new Map([["", nothing]]) });
      }
      return {
        outcome: "finished",
        startedAtMs,
        firstSampleAtMs: null,
        lastSampleAtMs: null,
        latencyFrom: "send",
        notes: [],
        maxUsers: 1,
        labels: { "": noFigures },
        artifacts: [],
      };
    },
  };
}

async function measure(tasks: number): Promise<Readonly<Record<string, string>>> {
  const simulation = new Simulation((task) => ({
    prepareMs: 20_000 + (task % 50) * 200,
    loadMs,
  }));
  simulation.makeDriver = makeIdleDriver;
  simulation.pace = awsPace;
  simulation.agentPace = cloudAgentPace;
  const counters: Record<Kind, Counter> = {
    live: new Counter(),
    other: new Counter(),
    read: new Counter(),
    launcher: new Counter(),
  };
  const ledger = counted<Ledger>(simulation.ledger, (name, args) => {
    const [kind, calls] = callsOf(name, args, tasks);
    counters[kind].add(simulation.clock.now(), calls);
  });
  simulation.ledger = withLiveCache(ledger);
  const launcher = counted<Launcher>(simulation.launcher, (name) => {
    const calls = name === "list" ? Math.ceil(tasks / keysPerCall) : 1;
    counters.launcher.add(simulation.clock.now(), calls);
  });
  simulation.launcher = new PacedLauncher(launcher, listMsOf, simulation.clock);
  const startedAt = performance.now();
  await simulation.submit({ tasks, executions: [], plannedMs: loadMs });
  const { run } = await simulation.drive();
  if (run.status !== "complete" || run.isPartial || run.startAtMs === null) throw new Error(`${run.reason}`);
  const { createdAtMs, startAtMs } = run;
  const load: readonly [number, number] = [startAtMs + 5000, startAtMs + loadMs - 5000];
  return {
    "live writes/s under load": counters.live.between(...load),
    "other writes/s before": counters.other.between(createdAtMs, startAtMs),
    "other writes/s under load": counters.other.between(...load),
    "read calls/s before": counters.read.between(createdAtMs, startAtMs),
    "read calls/s under load": counters.read.between(...load),
    "ECS calls/s under load": counters.launcher.between(...load),
    "simulated in, s": ((performance.now() - startedAt) / 1000).toFixed(1),
  };
}

/** Counts what fleets of several sizes ask of the table, in virtual time with the pace of AWS: mean (busiest second). */
export async function benchLedgerTraffic(): Promise<void> {
  console.log("Calls of DynamoDB and ECS a second, mean (busiest second); agents and steps together, 60 s of load");
  const measured: Record<string, Readonly<Record<string, string>>> = {};
  for (const tasks of fleets) measured[`${tasks} tasks`] = await measure(tasks);
  console.table(measured);
}

if (import.meta.main) await benchLedgerTraffic();
