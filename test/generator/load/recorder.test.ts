import { describe, expect, test } from "vitest";
import { Histogram } from "../../../src/core/results/histogram.ts";
import type { Sample } from "../../../src/generator/load/labelRecorder.ts";
import { Recorder, type Second } from "../../../src/generator/load/recorder.ts";

function recorderOf(): { readonly recorder: Recorder; readonly seconds: Second[] } {
  const seconds: Second[] = [];
  const onSecond = (second: Second): void => void seconds.push(second);
  return { recorder: new Recorder({ startMs: 1000, histogramLabels: new Set(["a"]), onSecond }), seconds };
}

function sampleOf(sample: Partial<Sample>): Sample {
  return {
    label: "a",
    isTransaction: false,
    endedMs: 1500,
    elapsedMs: 10.25,
    connectMs: 1,
    latencyMs: 5,
    bytesIn: 100,
    bytesOut: 50,
    code: "200",
    failure: undefined,
    ...sample,
  };
}

describe("recorder", () => {
  test("keeps exact sums to the microsecond", () => {
    const { recorder } = recorderOf();
    recorder.record(sampleOf({ elapsedMs: 0.1 }));
    recorder.record(sampleOf({ elapsedMs: 0.2, endedMs: 1501 }));
    const all = recorder.figures()[""];
    expect(all).toMatchObject({ count: 2, sumMs: 0.3, minMs: 0.1, maxMs: 0.2, bytesIn: 200, connectSumMs: 2 });
    expect(all === undefined ? 0 : Histogram.fromWire(all.histogram).totalCount).toBe(2);
    expect(recorder.span).toEqual({ firstMs: 1499.9, lastMs: 1501 });
  });

  test("gives each second what rules over time need", () => {
    const { recorder, seconds } = recorderOf();
    recorder.record(sampleOf({}));
    recorder.record(sampleOf({ connectMs: 2, latencyMs: 7.5, code: "404", failure: "404 Not Found" }));
    recorder.record(sampleOf({ endedMs: 2500, connectMs: 0, latencyMs: 1 }));
    recorder.finish(2600);
    const codes = (second: number) => Object.fromEntries(seconds[second]?.labels.get("a")?.codes ?? []);
    expect(seconds[0]?.labels.get("")).toMatchObject({ connectSumMs: 3, latencySumMs: 12.5 });
    expect(seconds[1]?.labels.get("a")).toMatchObject({ connectSumMs: 0, latencySumMs: 1 });
    expect([codes(0), codes(1)]).toEqual([{ "200": 1, "404": 1 }, { "200": 1 }]);
  });

  test("tells the kinds of errors of all requests second by second, at most twenty of a second", () => {
    const { recorder, seconds } = recorderOf();
    recorder.record(sampleOf({ code: "404", failure: "Not Found" }));
    recorder.record(sampleOf({ label: "b", code: "404", failure: "Not Found" }));
    recorder.record(sampleOf({ label: "buy", isTransaction: true, code: "", failure: "1 of 2 failed" }));
    for (let kind = 0; kind < 30; kind++) recorder.record(sampleOf({ endedMs: 2500, failure: `Kind ${kind}` }));
    recorder.record(sampleOf({ endedMs: 3500 }));
    recorder.finish(3600);
    const errors = seconds.map(({ labels }) => labels.get("")?.errors);
    expect(errors[0]).toEqual([{ code: "404", message: "Not Found", count: 2 }]);
    expect(errors[1]).toHaveLength(20);
    expect(errors[2]).toBeUndefined();
    expect(seconds[0]?.labels.get("a")).not.toHaveProperty("errors");
  });

  test("counts transactions apart from all requests", () => {
    const { recorder, seconds } = recorderOf();
    recorder.record(sampleOf({}));
    recorder.record(sampleOf({ label: "buy", isTransaction: true }));
    recorder.finish(1600);
    expect(recorder.figures()[""]?.count).toBe(1);
    expect(recorder.figures().buy?.count).toBe(1);
    expect(seconds[0]?.labels.get("")?.count).toBe(1);
    expect(seconds[0]?.labels.get("buy")).toMatchObject({ count: 1, histogram: undefined });
  });

  test("delivers every second once, empty ones too, with the most users in it", () => {
    const { recorder, seconds } = recorderOf();
    recorder.addUsers(1);
    recorder.addUsers(1);
    recorder.addUsers(-1);
    recorder.record(sampleOf({ endedMs: 4200 }));
    recorder.finish(4300);
    expect(seconds.map(({ second, users, labels }) => [second, users, labels.get("")?.count])).toEqual([
      [0, 2, 0],
      [1, 1, 0],
      [2, 1, 0],
      [3, 1, 1],
    ]);
    expect(recorder.maxUsers).toBe(2);
  });

  test("names at most 100 kinds of errors and adds the rest up", () => {
    const { recorder } = recorderOf();
    for (let index = 0; index < 150; index++) recorder.record(sampleOf({ failure: `fault ${String(index)}` }));
    const errors = recorder.figures()[""]?.errors ?? [];
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toEqual({ message: "other", code: "", count: 50 });
  });

  test("adds up what has too many labels", () => {
    const { recorder } = recorderOf();
    for (let index = 0; index < 600; index++) recorder.record(sampleOf({ label: `l${String(index)}` }));
    const figures = recorder.figures();
    expect(figures["other labels"]?.count).toBe(100);
    expect(figures[""]?.count).toBe(600);
  });
});
