import { expect, test } from "vitest";
import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import { hexDump, prettyJson } from "../../webview/debug/bodyText.ts";
import { phasesOfTiming } from "../../webview/debug/timing.ts";
import { LiveRules } from "../../webview/live/liveRules.ts";
import { LiveSeries } from "../../webview/live/liveSeries.ts";
import { readReplay } from "../../webview/live/replay.ts";
import { healthyResult } from "./sampleResult.ts";
import { pointAt, withoutPercentiles } from "./samplePoints.ts";

/** Judges rules on the first seconds of a run that is slow from second 30 to 39, when a tenth fails. */
function judgedAfter(seconds: number, rules: readonly string[], isRampUpExcluded = false) {
  const criteria = rules.map((rule) => {
    const parsed = parseCriterion(rule);
    if ("fault" in parsed) throw new Error(parsed.fault.message);
    return parsed.criterion;
  });
  const live = new LiveRules({ criteria, isRampUpExcluded });
  const series = new LiveSeries(1);
  for (let second = 0; second < seconds; second++) {
    const point = pointAt(second, ["GET /cart"]);
    live.add(point);
    series.add(point);
  }
  const totals = new Map(series.read("").labels.map(({ label, soFar }) => [label, soFar]));
  return live.judged(totals).map(({ status, atSecond }) => [status, atSecond]);
}

test.for([
  ["a windowed rule breaks once it has held long enough", "p95>40ms for 5s", 60, ["failed", 35]],
  ["a windowed rule holds before that", "p95>40ms for 5s", 30, ["passed", null]],
  ["a rule about the error rate is judged on all so far", "fail>1%", 60, ["failed", null]],
  ["a rule about the error rate holds while nothing fails", "fail>1%", 20, ["passed", null]],
  ["a percentile of the whole run waits for the result", "p95>1ms", 60, ["not judged", null]],
  ["too few requests cannot be said before the end", "hits<100000", 20, ["not judged", null]],
  ["a label without samples is not judged", "fail of nothing>1%", 60, ["not judged", null]],
] as const)("%s", ([, rule, seconds, expected]) => {
  expect(judgedAfter(seconds, [rule])).toEqual([expected]);
});

test("says nothing of a percentile of which no histogram is kept", () => {
  const parsed = parseCriterion("p95 of GET /cart>1ms for 3s");
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  const live = new LiveRules({ criteria: [parsed.criterion], isRampUpExcluded: false });
  for (let second = 0; second < 20; second++) live.add(withoutPercentiles(pointAt(second, ["GET /cart"])));
  expect(live.judged(new Map())[0]).toMatchObject({ status: "not judged", measured: null, atSecond: null });
});

test("judges nothing live when the ramp-up is left out", () => {
  expect(judgedAfter(60, ["fail>1%", "p95>40ms for 5s"], true)).toEqual([
    ["not judged", null],
    ["not judged", null],
  ]);
});

test("a replay knows at its end what the result counted, and nothing before its start", () => {
  const result = healthyResult();
  const { series } = result;
  if (series === null) throw new Error("The sample has a series.");
  const end = readReplay(series, "", series.buckets);
  for (const { label, soFar } of end.labels) expect(soFar.count).toBe(result.labels[label]?.count);
  expect(end.series.labels[""]).toEqual(series.labels[""]);
  const start = readReplay(series, "", 0);
  expect(start.second).toBeUndefined();
  expect(start.labels.every(({ soFar, now }) => soFar.count === 0 && now === undefined)).toBe(true);
});

test.for([
  [
    '{"a":1,"b":[1,{"c":"x, y: {"}],"d":{},"e":[]}',
    '{\n  "a": 1,\n  "b": [\n    1,\n    {\n      "c": "x, y: {"\n    }\n  ],\n  "d": {},\n  "e": []\n}',
  ],
  [
    '{"id":12345678901234567890,"name":"Caf\\u00e9 \\"x\\""}',
    '{\n  "id": 12345678901234567890,\n  "name": "Caf\\u00e9 \\"x\\""\n}',
  ],
  [" null ", "null"],
  ["<p>no JSON</p>", undefined],
  ['{"a":', undefined],
] as const)("lays out %s", ([text, expected]) => {
  expect(prettyJson(text)).toBe(expected);
});

test("writes the bytes of a text beside its letters", () => {
  expect(hexDump("Grün, 16 bytes...")).toBe(
    "000000  47 72 c3 bc 6e 2c 20 31 36 20 62 79 74 65 73 2e  Gr..n, 16 bytes.\n" +
      "000010  2e 2e                                            ..",
  );
  expect(hexDump("x".repeat(20_000)).split("\n")).toHaveLength(1025);
});

test("splits the time of a request so that its phases add up to the whole", () => {
  const phases = phasesOfTiming({ connectMs: 1, tlsMs: 4, firstByteMs: 18, totalMs: 22 });
  expect(phases.map(({ id, ms }) => [id, ms])).toEqual([
    ["connect", 1],
    ["tls", 4],
    ["wait", 13],
    ["receive", 4],
  ]);
  expect(phasesOfTiming({ connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 3 })).toEqual([]);
});
