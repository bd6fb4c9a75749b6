import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/core/run/run.ts";
import { RunBook } from "../../../src/extension/runs/runBook.ts";
import { filterRuns, groupRuns } from "../../../src/extension/runs/runGroups.ts";
import { english, runningRun, runOf } from "./samples.ts";

const { signal } = new AbortController();
const origin = runOf(1).origin;

/** A book over a list that tests may replace, newest first; it counts the runs that were read. */
function bookOver(runs: { list: readonly RunRecord[]; read?: number }) {
  const engine = {
    list: async ({ limit, after }: { readonly limit: number; readonly after?: string }) => {
      const older = runs.list.filter(({ runId }) => after === undefined || runId < after);
      const items = older.slice(0, limit);
      runs.read = (runs.read ?? 0) + items.length;
      return { items, next: older.length > limit ? items.at(-1)?.runId : undefined };
    },
  };
  return new RunBook(engine);
}

const shopPath = origin.scenarioPath ?? "";
/** Runs of another project, all of them newer than those of the shop. */
const elsewhereRuns = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    runOf(100 + count - index, { name: "Search", origin: { ...origin, scenarioPath: "/other/search.loadtest.yml" } }),
  );

describe("the book of runs", () => {
  it("knows the runs of each scenario, however many newer ones others have", async () => {
    const book = bookOver({ list: [...elsewhereRuns(120), runOf(3), runOf(2), runOf(1)] });
    await book.refresh(signal);
    expect(book.runsOf(shopPath)).toEqual([runOf(3), runOf(2), runOf(1)]);
    expect(filterRuns(book.runs, "shop", english)).toHaveLength(3);
  });

  it("reads what has ended once", async () => {
    const runs = { list: [...elsewhereRuns(120), runOf(3), runOf(2)], read: 0 };
    const book = bookOver(runs);
    await book.refresh(signal);
    runs.read = 0;
    runs.list = [runOf(250), ...runs.list];
    await book.refresh(signal);
    expect([book.runs.length, runs.read]).toEqual([123, 50]);
  });

  it("reads on to a run that may still change, and over many new ones", async () => {
    const running = { ...runOf(3), status: "running" as const };
    const runs = { list: [...elsewhereRuns(120), running, runOf(2)] };
    const book = bookOver(runs);
    await book.refresh(signal);
    expect(book.active).toEqual([running]);
    runs.list = [...elsewhereRuns(130), runOf(3), runOf(2)];
    await book.refresh(signal);
    expect([book.active, book.runs.length]).toEqual([[], 132]);
  });

  it("leaves out what was deleted: here at once, elsewhere when it reads anew", async () => {
    const runs = { list: [...elsewhereRuns(120), runOf(3), runOf(2), runOf(1)] };
    const book = bookOver(runs);
    await book.refresh(signal);
    book.forget(runOf(3).runId);
    expect(book.runsOf(shopPath)).toEqual([runOf(2), runOf(1)]);
    await book.refresh(signal);
    expect(book.find(runOf(3).runId)).toBeUndefined();
    runs.list = runs.list.filter(({ runId }) => runId !== runOf(2).runId);
    await book.readAnew(signal);
    expect(book.runsOf(shopPath)).toEqual([runOf(1)]);
  });

  it("tells of changes only", async () => {
    const runs = { list: [runOf(1)] };
    const book = bookOver(runs);
    let changes = 0;
    const listening = book.onChange(() => changes++);
    await book.refresh(signal);
    await book.refresh(signal);
    expect(changes).toBe(1);
    runs.list = [runningRun, runOf(1)];
    await book.refresh(signal);
    expect([changes, book.active.length]).toEqual([2, 1]);
    listening.dispose();
    runs.list = [];
    await book.refresh(signal);
    expect(changes).toBe(2);
  });
});

describe("the groups of runs", () => {
  const elsewhere = runOf(3, { name: "Search", origin: { ...origin, scenarioPath: "/other/search.loadtest.yml" } });

  it("put the scenarios of the workspace first", () => {
    const groups = groupRuns([elsewhere, runOf(2), runOf(1)], (path) => path.startsWith("/code/"));
    expect(groups.map(({ name, runs }) => [name, runs.length])).toEqual([
      ["Shop", 2],
      ["Search", 1],
    ]);
  });

  it.each([
    ["", 3],
    ["SEARCH", 1],
    ["shop passed", 2],
    ["shop failed", 0],
    ["other/", 1],
  ])("keep what a filter %o fits", (filter, count) => {
    expect(filterRuns([elsewhere, runOf(2), runOf(1)], filter, english)).toHaveLength(count);
  });
});
