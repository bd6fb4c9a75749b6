import { UserError } from "../../src/core/errors.ts";
import type { Clock } from "../../src/core/async.ts";
import { Histogram } from "../../src/core/results/histogram.ts";
import type { LabelFigures } from "../../src/core/run/wire.ts";
import type { Driver, DriverReport, Interval, Remains } from "../../src/agent/driver.ts";

/** What a scripted driver does instead of load. */
export interface DriverScript {
  readonly prepareMs?: number;
  readonly loadMs?: number;
  readonly requestsPerSecond?: number;
  /** Share of requests that fail, 0..1. */
  readonly errorRatio?: number;
  /** Tells this message with each second's errors. */
  readonly errorMessage?: string;
  readonly failsToPrepare?: boolean;
  /** What a preparation that failed leaves. */
  readonly remains?: Remains;
  readonly failsToRun?: boolean;
  /** Ends as failed, with the figures of this many ms. */
  readonly breaksAfterMs?: number;
  readonly ignoresStop?: boolean;
  readonly stopMs?: number;
  readonly artifacts?: readonly string[];
}

/** A driver that measures made-up requests of 10 to 29 ms, second by second. */
export function makeScriptedDriver(script: DriverScript, clock: Clock): Driver {
  return {
    identity: { name: "scripted", versions: { scripted: "1" } },
    async prepare(_job, signal) {
      await clock.sleep(script.prepareMs ?? 0, signal);
      if (script.failsToPrepare) {
        throw new UserError("no-engine", "The engine is not there.", { hint: "Install the engine." });
      }
    },
    remains: async () => script.remains ?? { artifacts: [], logLines: [] },
    run: (start, onInterval, stop) => runScript(script, start.startAtMs, clock, onInterval, stop),
  };
}

async function runScript(
  script: DriverScript,
  startAtMs: number,
  clock: Clock,
  onInterval: (interval: Interval) => void,
  stop: AbortSignal,
): Promise<DriverReport> {
  const { signal: never } = new AbortController();
  const signal = script.ignoresStop ? never : stop;
  await clock.sleep(startAtMs - clock.now(), signal);
  const startedAtMs = clock.now();
  if (script.failsToRun) throw new UserError("engine-died", "The engine died.");
  const loadMs = script.breaksAfterMs ?? script.loadMs ?? 3000;
  const total = new Histogram("us");
  let failed = 0;
  for (let second = 0; second * 1000 < loadMs && !signal.aborted; second++) {
    await clock.sleep(startAtMs + Math.min((second + 1) * 1000, loadMs) - clock.now(), signal);
    const measured = measureSecond(script);
    total.add(measured.histogram);
    failed += measured.failed;
    onInterval({ second, users: 10, labels: new Map([["", measured]]) });
  }
  await clock.sleep(signal.aborted ? (script.stopMs ?? 0) : 0, never);
  const outcome = script.breaksAfterMs !== undefined ? "failed" : signal.aborted ? "stopped" : "finished";
  return {
    outcome,
    ...(outcome === "failed" ? { reason: "The engine broke." } : {}),
    startedAtMs,
    firstSampleAtMs: total.totalCount === 0 ? null : startedAtMs,
    lastSampleAtMs: total.totalCount === 0 ? null : clock.now(),
    latencyFrom: "send",
    notes: [],
    maxUsers: 10,
    labels: { "": figuresOf(total, failed) },
    artifacts: script.artifacts ?? [],
  };
}

function measureSecond(script: DriverScript) {
  const histogram = new Histogram("us");
  const count = script.requestsPerSecond ?? 20;
  let sumMs = 0;
  for (let request = 0; request < count; request++) {
    histogram.record((10 + (request % 20)) * 1000);
    sumMs += 10 + (request % 20);
  }
  const failed = Math.round(count * (script.errorRatio ?? 0));
  const { errorMessage: message } = script;
  const errors = message === undefined ? {} : { errors: [{ message, code: "500", count: failed }] };
  return { count, failed, bytes: count * 200, sumMs, histogram, ...errors };
}

function figuresOf(histogram: Histogram, failed: number): LabelFigures {
  const count = histogram.totalCount;
  const sumMs = [...histogram.buckets()].reduce((sum, bucket) => sum + (bucket.low / 1000) * bucket.count, 0);
  return {
    count,
    failed,
    aborted: 0,
    bytesIn: count * 200,
    bytesOut: count * 50,
    sumMs,
    minMs: count === 0 ? 0 : 10,
    maxMs: count === 0 ? 0 : 29,
    connectSumMs: 0,
    latencySumMs: 0,
    codes: count === 0 ? {} : { 200: count - failed, ...(failed > 0 ? { 500: failed } : {}) },
    errors: failed > 0 ? [{ message: "Internal Server Error", code: "500", count: failed }] : [],
    histogram: histogram.toWire(),
  };
}
