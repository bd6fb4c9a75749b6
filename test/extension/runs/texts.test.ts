import { describe, expect, it } from "vitest";
import type { LivePoint } from "../../../src/core/run/run.ts";
import { lensTexts } from "../../../src/extension/runs/lensTexts.ts";
import { figuresText, outcomeWord, runIcon, runTooltip } from "../../../src/extension/runs/runLabel.ts";
import { statusText } from "../../../src/extension/runs/statusText.ts";
import { english, runningRun, runOf, summary, viewOf } from "./samples.ts";

const inEnglish = (text: string): string => text;
const failed = runOf(1, { summary: { ...summary, verdict: "failed" } });
const cancelled = runOf(1, { status: "cancelled", summary: { ...summary, verdict: "not judged" } });
const broken = runOf(1, { status: "failed", summary: null, reason: "No task started." });

describe("the words for a run", () => {
  it.each([
    [runOf(1), "passed", "pass"],
    [failed, "failed", "testing-failed-icon"],
    [cancelled, "cancelled", "circle-slash"],
    [broken, "run failed", "error"],
    [runningRun, "running", "loading~spin"],
  ])("name its outcome and its icon", (run, word, icon) => {
    expect([outcomeWord(run, english), runIcon(run).id]).toEqual([word, icon]);
  });

  it("give the figures of a run that measured something", () => {
    expect(figuresText(runOf(1), english)).toBe("p95 312 ms · 120 RPS · 0.5 % errors");
    expect(figuresText(broken, english)).toBe("");
  });

  it("show in a tooltip nothing of a name as Markdown", () => {
    const text = runTooltip(runOf(1, { name: "[x](command:evil) `a`" }), "14:01", english, inEnglish);
    expect(text).toContain("\\[x\\]\\(command:evil\\) \\`a\\`");
  });

  it("tell the reason of a run in the reader's language, and keep the record as it is", () => {
    const text = runTooltip(broken, "14:01", english, (reason) => (reason === "No task started." ? "Kein Task." : "?"));
    expect(text).toContain("Kein Task\\.");
    expect(text).not.toContain("No task");
    expect(broken.reason).toBe("No task started.");
  });

  it("say in a tooltip that a commit had changes", () => {
    const { origin } = runOf(1);
    const dirty = runOf(1, { origin: { ...origin, isTreeClean: false } });
    expect(runTooltip(dirty, "14:01", english, inEnglish)).toContain("Commit 0123456789 with uncommitted changes");
  });
});

describe("the lenses of an execution", () => {
  const actions = (run: Parameters<typeof lensTexts>[0]) => lensTexts(run, false, english).map(({ action }) => action);

  it("start and debug a scenario that was never run", () => {
    expect(actions(undefined)).toEqual(["run", "run-with", "debug"]);
  });

  it("say whether they run one execution of several, or the file", () => {
    const tooltip = (isOneOfSeveral: boolean) => lensTexts(undefined, isOneOfSeveral, english)[0]?.tooltip;
    expect(tooltip(true)).toBe("Run this execution alone on this machine");
    expect(tooltip(false)).toBe("Run this file on this machine");
  });

  it("add the last p95 and verdict", () => {
    expect(lensTexts(failed, false, english).at(-1)).toMatchObject({
      action: "open-run",
      title: "$(error) p95 312 ms · failed",
    });
  });

  it("give a percentile to one execution of several only where its scenario ran alone", () => {
    const last = (run: typeof failed) => lensTexts(run, true, english).at(-1)?.title;
    expect(last({ ...failed, scenarios: ["browse"] })).toBe("$(error) p95 312 ms · failed");
    expect(last({ ...failed, scenarios: ["browse", "buy"] })).toBe("$(error) failed");
    expect(last(failed)).toBe("$(error) failed");
  });

  it("stop a run that goes on instead of starting a second one", () => {
    expect(actions(runningRun)).toEqual(["stop-run", "debug", "open-run"]);
  });
});

describe("the item of the status bar", () => {
  const point = (second: number, count: number, errors: number): LivePoint => {
    const figures = { count, failed: errors, bytes: 0, meanMs: 5, p50Ms: 5, p90Ms: 8, p95Ms: 9, p99Ms: 10 };
    return { second, seconds: 1, users: 20, tasksReporting: 2, labels: { "": figures } };
  };

  it("is hidden while nothing runs", () => {
    expect(statusText([], english)).toBeUndefined();
  });

  it("shows the last second that is complete", () => {
    const view = viewOf(runningRun, [point(1, 120, 0), point(2, 3, 0)]);
    expect(statusText([view], english)).toBe("$(pulse) Shop: 120 RPS · p95 9 ms");
  });

  it("says nothing of p95 while nobody knows it", () => {
    const known = point(1, 120, 0);
    const all = known.labels[""];
    if (!all) throw new Error("The point has figures of all requests.");
    const labels = { "": { ...all, p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null } };
    expect(statusText([viewOf(runningRun, [{ ...known, labels }])], english)).toBe("$(pulse) Shop: 120 RPS");
  });

  it("shows the error rate when there is one", () => {
    expect(statusText([viewOf(runningRun, [point(1, 100, 7)])], english)).toContain("$(warning) 7 %");
  });

  it("names the status before there are figures", () => {
    const starting = viewOf({ ...runningRun, status: "provisioning" });
    expect(statusText([starting], english)).toBe("$(pulse) Shop: starting");
  });

  it("counts several runs", () => {
    expect(statusText([viewOf(runningRun), viewOf(runningRun)], english)).toBe("$(pulse) 2 load tests running");
  });
});
