import { describe, expect, test } from "vitest";
import type { Criterion } from "../../../src/core/results/criterion.ts";
import { Histogram } from "../../../src/core/results/histogram.ts";
import { ResultMerger } from "../../../src/core/results/merge.ts";
import { mergeResult, type ResultFacts } from "../../../src/core/results/mergeResult.ts";
import { parseCriterion, parseCriterionObject } from "../../../src/core/results/parseCriterion.ts";
import type { RunResult } from "../../../src/core/results/result.ts";
import { SeriesRecorder, type SecondFigures } from "../../../src/core/results/series.ts";
import { makeRunId, makeTestId } from "../../../src/core/run/ids.ts";
import { figuresOf, reportOf } from "./taskReport.ts";

const run: ResultFacts["run"] = {
  runId: makeRunId(0, new Uint8Array(10)),
  testId: makeTestId("shop"),
  name: "Shop",
  engine: "local",
  driver: "embedded",
  tasks: 1,
  origin: {
    startedBy: "ada",
    commit: undefined,
    isTreeClean: undefined,
    scenarioPath: undefined,
    toolVersion: "0.1.0",
  },
  startAtMs: 0,
};

function criterionOf(rule: string | Record<string, string>): Criterion {
  const parsed = typeof rule === "string" ? parseCriterion(rule) : parseCriterionObject(rule);
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  return parsed.criterion;
}

/** A second of one label: response times in ms, and what else is measured. */
interface Measured {
  readonly ms: readonly number[];
  readonly failed?: number;
  readonly codes?: Readonly<Record<string, number>>;
}

function secondOf({ ms, failed = 0, codes = {} }: Measured): SecondFigures {
  const histogram = new Histogram("ms");
  for (const value of ms) histogram.record(value);
  const sumMs = ms.reduce((total, value) => total + value, 0);
  const kept = new Map(Object.entries(codes));
  return { count: ms.length, failed, bytes: 100 * ms.length, sumMs, connectSumMs: ms.length, codes: kept, histogram };
}

interface Load {
  /** What happened to `Home` in each second; undefined is a second without requests of it. */
  readonly seconds: readonly (Measured | undefined)[];
  readonly bucketSeconds?: number;
  readonly keepsSeconds?: boolean;
  readonly rampUpMs?: number;
  readonly facts?: Partial<ResultFacts>;
}

function judgeLoad(rules: readonly (string | Record<string, string>)[], load: Load): RunResult["verdict"] {
  const { seconds, bucketSeconds = 1, keepsSeconds = false, rampUpMs = 0 } = load;
  const recorder = new SeriesRecorder({
    seriesBucketSeconds: bucketSeconds,
    labels: ["Home"],
    seriesLabels: ["Home"],
    secondLabels: keepsSeconds ? ["Home"] : [],
    criteria: rules.map(criterionOf),
  });
  for (const [second, measured] of seconds.entries()) {
    const figures = measured && secondOf(measured);
    const labels = new Map<string, SecondFigures>(
      figures && [
        ["", figures],
        ["Home", figures],
      ],
    );
    recorder.add({ second, users: second + 1, labels });
  }
  const ms = seconds.flatMap((measured) => measured?.ms ?? []);
  const codes = Object.fromEntries(
    ["200", "404", "500", "503"].map((code) => [code, sum(seconds, (measured) => measured.codes?.[code])]),
  );
  const figures = { ...figuresOf(ms, "ms"), codes, failed: sum(seconds, (measured) => measured.failed) };
  const merger = new ResultMerger();
  merger.addReport(reportOf(0, { "": figures, Home: figures, Idle: figuresOf([]) }));
  expect(merger.addSeries(recorder.toBytes())).toBeUndefined();
  const executions = [
    {
      scenario: "a",
      executor: undefined,
      users: 1,
      ratePerSecond: null,
      rampUpMs,
      holdForMs: 1,
      delayMs: 0,
      iterations: null,
      steps: null,
    },
  ];
  const plan = { executions, plannedMs: 10_000, criteria: rules.map(criterionOf), isRampUpExcluded: rampUpMs > 0 };
  const facts = {
    status: "complete",
    reason: null,
    stoppedBy: null,
    missing: [],
    endedAtMs: 1,
    costUsd: null,
  } as const;
  return mergeResult(merger, { run, plan, ...facts, ...load.facts }).verdict;
}

function sum(seconds: Load["seconds"], pick: (measured: Measured) => number | undefined): number {
  return seconds.reduce((total, measured) => total + ((measured && pick(measured)) ?? 0), 0);
}

const fast: Measured = { ms: [10, 20, 30, 40], codes: { "200": 4 } };
const slow: Measured = { ms: [100, 200, 300, 400], codes: { "200": 3, "503": 1 }, failed: 1 };
const whole: Load = { seconds: [fast, slow] };

describe("rules over the whole run", () => {
  test.each([
    ["avg-rt>137ms", "failed", 137.5, "Mean response time was 138 ms, allowed is at most 137 ms."],
    ["avg-rt of Home>138ms", "passed", 137.5, "Mean response time of Home was 137.5 ms, allowed is at most 138 ms."],
    ["avg-ct>1ms", "passed", 0.5, "Mean connect time was 0.5 ms, allowed is at most 1 ms."],
    ["avg-lt<1s", "failed", 68.75, "Mean latency was 68.8 ms, allowed is at least 1 s."],
    [
      "stdev-rt>100ms",
      "failed",
      137.727,
      "Standard deviation of the response time was 138 ms, allowed is at most 100 ms.",
    ],
    ["p50>=40ms", "failed", 40, "p50 was 40 ms, allowed is less than 40 ms."],
    ["p75 of Home<=200ms", "failed", 200, "p75 of Home was 200 ms, allowed is more than 200 ms."],
    ["p100==400ms", "failed", 400, "p100 was 400 ms, allowed is anything but 400 ms."],
    ["hits<8", "passed", 8, "Number of requests was 8, allowed is at least 8."],
    ["succ<100%", "failed", 0.875, "Success rate was 87.5 %, allowed is at least 100 %."],
    ["succ>6", "failed", 7, "Number of successful requests was 7, allowed is at most 6."],
    ["fail>12.5%", "passed", 0.125, "Error rate was 12.5 %, allowed is at most 12.5 %."],
    ["fail>0", "failed", 1, "Number of failed requests was 1, allowed is at most 0."],
    ["rc5??>10%", "failed", 0.125, "Share of responses 5?? was 12.5 %, allowed is at most 10 %."],
    ["rc200<7", "passed", 7, "Number of responses 200 was 7, allowed is at least 7."],
    ["rc*>8", "passed", 8, "Number of responses * was 8, allowed is at most 8."],
    ["rc4??>0", "passed", 0, "Number of responses 4?? was 0, allowed is at most 0."],
    ["bytes>79", "failed", 80, "Bytes received was 80 B, allowed is at most 79 B."],
    ["concurrency>4", "failed", 5, "Number of users was 5, allowed is at most 4."],
    [
      "fail of Home>5%, continue as non-failed",
      "passed",
      0.125,
      "Error rate of Home was 12.5 %, allowed is at most 5 %; the rule only notes it.",
    ],
  ])("judges %s", (text, status, measured, sentence) => {
    const [rule] = judgeLoad([text], whole).rules;
    expect(rule).toMatchObject({ text, status, sentence, atSecond: null });
    expect(rule?.measured).toBeCloseTo(measured, 1);
  });
});

describe("rules with a window", () => {
  const four = (measured: Measured | undefined): readonly (Measured | undefined)[] =>
    Array.from({ length: 4 }, () => measured);
  const spike = [...four(fast), ...four(slow), ...four(fast)];
  const gap = [slow, slow, undefined, undefined, slow, fast];
  test.each([
    ["avg-rt>150ms for 4s", spike, "failed", 8, 250],
    ["avg-rt>150ms for 5s", spike, "passed", null, 250],
    ["p50 of Home>150ms for 2s", spike, "failed", 6, 200],
    ["fail>20% for 4s", spike, "failed", 8, 0.25],
    ["fail>25% for 1s", spike, "passed", null, 0.25],
    ["rc5??>0 for 3s", spike, "failed", 7, 1],
    ["hits>3 for 12s", spike, "failed", 12, 4],
    ["hits>3 for 13s", spike, "passed", null, 4],
    ["concurrency>10 for 2s", spike, "failed", 12, 12],
    ["bytes>399 for 5s", spike, "failed", 5, 400],
    ["avg-rt>150ms for 5s", gap, "failed", 5, 250],
    ["hits>7 within 2s", spike, "failed", 2, 8],
    ["hits>8 within 2s", spike, "passed", null, 8],
    ["hits<8 within 2s", spike, "failed", 1, 4],
    ["hits<8 over 2s", spike, "passed", null, 8],
    ["avg-rt>100ms within 4s", spike, "failed", 6, 250],
    ["avg-rt>249ms within 4s", spike, "failed", 8, 250],
    ["avg-rt>150ms over 12s", spike, "passed", null, 100],
    ["fail>20% within 8s", spike, "passed", null, 0.125],
    ["p95 of Home>399ms over 4s", spike, "failed", 5, 401],
    ["succ<13 over 4s", spike, "failed", 8, 12],
    ["bytes>399 over 3s", spike, "failed", 3, 400],
    ["rc503>3 within 4s", spike, "failed", 8, 4],
  ])("judges %s", (text, seconds, status, atSecond, measured) => {
    const [rule] = judgeLoad([text], { seconds }).rules;
    expect(rule).toMatchObject({ status, atSecond });
    expect(rule?.measured).toBeCloseTo(measured, 5);
  });

  test("says what was reached and for how long", () => {
    const { rules } = judgeLoad(["avg-rt>150ms for 4s", "avg-rt>150ms for 5s", "hits>7 within 2s"], { seconds: spike });
    expect(rules.map(({ sentence }) => sentence)).toEqual([
      "Mean response time was 250 ms at worst, allowed is at most 150 ms over any 4s, first met 8s after the start.",
      "Mean response time was 250 ms at worst, allowed is at most 150 ms, and was beyond that for 4s at most, not 5s.",
      "Number of requests within 2s was 8 at worst, allowed is at most 7, first met 2s after the start.",
    ]);
  });

  test("uses the seconds of a label when its window is shorter than a bucket", () => {
    const load = { seconds: spike, bucketSeconds: 5 };
    expect(judgeLoad(["avg-rt of Home>150ms for 4s"], { ...load, keepsSeconds: true }).rules[0]).toMatchObject({
      status: "failed",
      atSecond: 8,
    });
    expect(judgeLoad(["avg-rt of Home>150ms for 4s"], load).rules[0]).toMatchObject({
      status: "not judged",
      sentence: "Mean response time of Home was kept in stretches of 5s, which is longer than the rule's window.",
    });
    expect(judgeLoad(["avg-rt of Home>150ms for 5s"], load).rules[0]).toMatchObject({ status: "failed", atSecond: 10 });
  });
});

describe("with the ramp-up excluded", () => {
  test("judges only what came after it", () => {
    const load = { seconds: [slow, slow, fast, fast], rampUpMs: 2000 };
    expect(judgeLoad(["avg-rt>100ms", "p95 of Home>100ms", "fail>0", "avg-rt>100ms for 1s"], load)).toMatchObject({
      status: "passed",
      rules: [
        { measured: 25, sentence: "After the ramp-up, mean response time was 25 ms, allowed is at most 100 ms." },
        {},
        {},
        {},
      ],
    });
  });

  test("says that nothing came after it", () => {
    expect(judgeLoad(["avg-rt>100ms"], { seconds: [slow], rampUpMs: 9000 })).toMatchObject({
      status: "not judged",
      rules: [{ sentence: "There were no requests after the ramp-up." }],
    });
  });
});

describe("what cannot be judged", () => {
  test.each([
    ["p95 of Hoem>1s", 'No request had the label "Hoem"; there were "Home", "Idle".'],
    ["p95 of Idle>1s", '"Idle" had no requests.'],
    [
      "concurrency of Home>1",
      "Users are counted for the whole run only, so a rule about the users of one label cannot be judged.",
    ],
    ["avg-lt>1s for 1s", "Mean latency was not kept over time by this driver."],
  ])("says why %s is not", (text, sentence) => {
    expect(judgeLoad([text], whole)).toMatchObject({
      status: "not judged",
      rules: [{ status: "not judged", measured: null, sentence }],
    });
  });
});

describe("the verdict", () => {
  test.each([
    [[], "not judged"],
    [["p95>1s"], "passed"],
    [["p95>1s", "p95>1ms"], "failed"],
    [["p95>1s", "p95 of Hoem>1s"], "not judged"],
    [["p95 of Hoem>1s", "p95>1ms"], "failed"],
  ])("of %j is %s", (rules, status) => {
    expect(judgeLoad(rules, whole).status).toBe(status);
  });

  test("of a run that a rule stopped is failed and names the rule", () => {
    const stoppedBy = "At least 90 % of all requests failed for 1m.";
    expect(judgeLoad([], { ...whole, facts: { stoppedBy } })).toMatchObject({
      status: "failed",
      rules: [{ status: "failed", sentence: stoppedBy }],
    });
    expect(judgeLoad(["p95>1ms"], { ...whole, facts: { stoppedBy } }).rules).toHaveLength(1);
  });

  test.each(["failed", "cancelled"] as const)("of a run that was %s is not judged", (status) => {
    expect(judgeLoad(["p95>1ms"], { ...whole, facts: { status } })).toMatchObject({
      status: "not judged",
      rules: [{ status: "not judged", sentence: expect.stringContaining(`${status}, so its rules are not judged`) }],
    });
  });
});

test("shows more digits where rounding would hide why a rule failed", () => {
  expect(judgeLoad(["avg-rt<137.9ms"], whole).rules[0]).toMatchObject({
    status: "failed",
    sentence: "Mean response time was 137.5 ms, allowed is at least 138 ms.",
  });
});
