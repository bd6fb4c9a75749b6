import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import type { JudgedRule, ResultFigures, RunResult } from "../../src/core/results/result.ts";
import type { RunId, TestId } from "../../src/core/run/ids.ts";
import { executionOf, figuresOf, gather, seriesOf, type Sample } from "./sampleRun.ts";

const startAtMs = Date.UTC(2026, 10, 24, 14, 2, 35);

/** Judges a rule about p95, the error rate or the mean on the whole run; a window is taken as broken at 15 s. */
function judge(text: string, labels: Readonly<Record<string, ResultFigures>>, line: number): JudgedRule {
  const parsed = parseCriterion(text);
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  const { label, condition, threshold, thresholdUnit, subject, window } = parsed.criterion;
  const figures = labels[label];
  const measured = subject.kind === "fail" ? figures?.errorRatio : figures?.percentilesMs.p95;
  const isBroken = measured !== undefined && measured > threshold;
  return {
    text,
    message: null,
    label,
    status: measured === undefined || figures?.count === 0 ? "not judged" : isBroken ? "failed" : "passed",
    measured: figures?.count === 0 ? null : (measured ?? null),
    threshold,
    unit: thresholdUnit,
    condition,
    subject,
    ...(window === undefined ? {} : { windowLogic: window.logic }),
    atSecond: isBroken && window ? 15 : null,
    sentence: isBroken ? "It was above what is allowed." : "It stayed within what is allowed.",
    line,
  };
}

/** Makes a result whose figures agree with each other, the same in every run. */
function makeResult(sample: Sample): RunResult {
  const gathered = gather(sample);
  const labels = Object.fromEntries([...gathered].map(([label, one]) => [label, figuresOf(one, sample)]));
  const rules = sample.rules.map((rule, index) => judge(rule, labels, 20 + index));
  const spanMs = sample.buckets * sample.bucketSeconds * 1000;
  const isEmpty = labels[""]?.count === 0;
  const isFailed = rules.some((rule) => rule.status === "failed");
  return {
    schema: "loadfleet.result.v1",
    runId: "01kaxa3w1h7q2m8zt5v9c4d6ef" as RunId,
    testId: "shop-checkout" as TestId,
    name: sample.name,
    status: "complete",
    isPartial: false,
    reason: null,
    verdict: { status: isEmpty || rules.length === 0 ? "not judged" : isFailed ? "failed" : "passed", rules },
    engine: "local",
    driver: "embedded",
    versions: { loadfleet: "0.1.0", node: "24.21.0" },
    origin: {
      startedBy: "maria",
      commit: "3f9c2ab81d04",
      isTreeClean: true,
      scenarioPath: "/home/maria/shop/load/checkout.loadtest.yml",
      toolVersion: "0.1.0",
    },
    tasks: { wanted: 4, reported: 4, missing: [] },
    plan: { executions: [executionOf(sample)], plannedMs: spanMs },
    startAtMs,
    endedAtMs: startAtMs + spanMs + 1200,
    firstSampleAtMs: isEmpty ? null : startAtMs + 3,
    lastSampleAtMs: isEmpty ? null : startAtMs + spanMs,
    spanMs: isEmpty ? 0 : spanMs,
    startSkewMs: 8.4,
    maxUsers: 40,
    latencyFrom: "send",
    health: { cpuPeakRatio: 0.41, memoryPeakMiB: 92, isDoubtful: false },
    notes: [],
    isApproximate: false,
    labels,
    series: seriesOf(gathered, sample),
    costUsd: null,
  };
}

const shop: Sample["requests"] = {
  "GET /products": { usualMs: 18, failRatio: 0 },
  "GET /products/{id}": { usualMs: 12, failRatio: 0 },
  "POST /login": { usualMs: 34, failRatio: 0 },
  "GET /cart": { usualMs: 15, failRatio: 0 },
  "POST /cart": { usualMs: 26, failRatio: 0.0004 },
  "POST /checkout": { usualMs: 85, failRatio: 0.006 },
};
const shopRules = ["p95>300ms", "p95 of POST /checkout>400ms for 5s", "fail>1%"];

/** A run of two minutes that keeps all its rules. */
export function healthyResult(): RunResult {
  return makeResult({
    name: "Shop checkout",
    requests: shop,
    rules: shopRules,
    buckets: 120,
    bucketSeconds: 1,
    perBucket: 60,
  });
}

/** A run that breaks rules, plain and windowed, because the target was slow for a while. */
export function failedResult(): RunResult {
  const requests = { ...shop, "POST /checkout": { usualMs: 140, failRatio: 0.05 } };
  const slow = { from: 60, to: 90 };
  const sample = {
    name: "Shop checkout, slow payments",
    requests,
    buckets: 120,
    bucketSeconds: 1,
    perBucket: 60,
    slow,
  };
  return makeResult({ ...sample, rules: [...shopRules, "fail of POST /checkout>2%", "p95 of GET /cart>5s"] });
}

/** A run that lost a task, whose generators were too busy, and whose rate was not held. */
export function partialResult(): RunResult {
  const result = healthyResult();
  return {
    ...result,
    isPartial: true,
    tasks: { wanted: 4, reported: 3, missing: [{ task: 2, reason: "it was killed by SIGKILL at 1:04" }] },
    health: { ...result.health, cpuPeakRatio: 0.93, isDoubtful: true },
    notes: ["The target of 500 RPS was not held: 431 RPS were reached"],
    isApproximate: true,
    latencyFrom: "intended-start",
  };
}

/** A run that kept no figures over time. */
export function resultWithoutSeries(): RunResult {
  return { ...healthyResult(), series: null };
}

/** A run that was cancelled before its first sample. */
export function emptyResult(): RunResult {
  const sample = {
    name: "Shop checkout",
    requests: shop,
    rules: shopRules,
    buckets: 4,
    bucketSeconds: 1,
    perBucket: 0,
  };
  return {
    ...makeResult(sample),
    status: "cancelled",
    isPartial: true,
    reason: "Stopped by a person before the load began.",
  };
}

/** A run of four hours with twenty labels, in buckets of 15 s. */
export function longResult(): RunResult {
  const labels = Array.from({ length: 20 }, (_, index) => {
    const usualMs = 8 + index * 9;
    return [`GET /catalogue/section-${index + 1}`, { usualMs, failRatio: index % 5 === 0 ? 0.004 : 0 }] as const;
  });
  const sample = {
    name: "Catalogue, four hours",
    requests: Object.fromEntries(labels),
    buckets: 960,
    bucketSeconds: 15,
  };
  return makeResult({ ...sample, perBucket: 60, rules: ["p95>400ms", "fail>1%"], slow: { from: 500, to: 540 } });
}
