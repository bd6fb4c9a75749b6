import { describe, expect, it } from "vitest";
import { guideResults, guideStatus, runEntry } from "../../../src/core/api/results.ts";
import { runStatuses } from "../../../src/core/run/run.ts";
import { makeRun, startedAtMs } from "../../fleet/records.ts";
import { healthyResult } from "../../webview/sampleResult.ts";

const allNames = (
  "avg_rt avg_lt avg_ct bytes bandwidth throughput succ fail rps concurrency " +
  "testDuration rc p0_0 p50_0 p90_0 p95_0 p99_0 p99_9 p100_0"
).split(" ");

describe("guideResults", () => {
  const result = healthyResult();
  const shown = guideResults(result);

  it("names all figures as version 1.2 does, for the run and for each label", () => {
    expect(Object.keys(shown ?? {}).toSorted()).toEqual([...allNames, "labels"].toSorted());
    expect(shown?.labels.map(({ label }) => label).toSorted()).toEqual(
      Object.keys(result.labels)
        .filter((label) => label !== "")
        .toSorted(),
    );
    for (const label of shown?.labels ?? [])
      expect(Object.keys(label).toSorted()).toEqual([...allNames, "label"].toSorted());
  });

  it("gives times in seconds, throughput as a count, and bandwidth per second", () => {
    const all = result.labels[""];
    expect(shown?.avg_rt).toBeCloseTo((all?.meanMs ?? 0) / 1000, 6);
    expect(shown?.p95_0).toBeCloseTo((all?.percentilesMs.p95 ?? 0) / 1000, 6);
    expect(shown?.p99_9).toBeCloseTo((all?.percentilesMs.p99_9 ?? 0) / 1000, 6);
    expect(shown?.throughput).toBe(all?.count);
    expect(shown?.succ).toBe((all?.count ?? 0) - (all?.failed ?? 0));
    expect(shown?.rps).toBeCloseTo(all?.ratePerSecond ?? 0, 3);
    expect(shown?.bytes).toBeCloseTo(all?.bytesPerSecond ?? 0, 1);
    expect(shown?.testDuration).toBeCloseTo(result.spanMs / 1000, 6);
    expect(shown?.rc).toEqual(Object.entries(all?.codes ?? {}).map(([code, count]) => ({ code, count })));
  });

  it("is nothing when nothing was measured", () => {
    expect(guideResults({ ...result, labels: {} })).toBeUndefined();
  });
});

describe("runEntry", () => {
  it("writes instants as version 1.2 does, and says that a run is on", () => {
    expect(runEntry(makeRun({ status: "running", startAtMs: startedAtMs + 61_500 }))).toMatchObject({
      status: "running",
      phase: "running",
      startTime: "2026-11-24 12:01:01",
      endTime: "running",
    });
    expect(runEntry(makeRun({ status: "failed", endedAtMs: startedAtMs, reason: "No task started." }))).toMatchObject({
      status: "failed",
      endTime: "2026-11-24 12:00:00",
      errorReason: "No task started.",
    });
  });

  it("knows no status but those of version 1.2", () => {
    expect(runStatuses.map(guideStatus)).toEqual([
      ...Array.from({ length: 5 }, () => "running"),
      "complete",
      "failed",
      "cancelled",
    ]);
  });
});
