import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/core/run/run.ts";
import { RunBook } from "../../../src/extension/runs/runBook.ts";
import { filterRuns, groupRuns } from "../../../src/extension/runs/runGroups.ts";
import { english, runningRun, runOf, summary } from "./samples.ts";

const { signal } = new AbortController();
const origin = runOf(1).origin;

/** A book over a list that tests may replace. */
function bookOver(runs: { list: readonly RunRecord[] }, pageSize = 2) {
  const engine = {
    list: async ({ limit }: { readonly limit: number }) => ({
      items: runs.list.slice(0, limit),
      next: runs.list.length > limit ? runs.list[limit - 1]?.runId : undefined,
    }),
  };
  return new RunBook(engine, () => pageSize);
}

describe("the book of runs", () => {
  it("reads page by page", async () => {
    const book = bookOver({ list: [runOf(5), runOf(4), runOf(3)] });
    await book.refresh(signal);
    expect([book.runs.length, book.hasMore]).toEqual([2, true]);
    await book.loadMore(signal);
    expect([book.runs.length, book.hasMore]).toEqual([3, false]);
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

  it("compares only runs that were completed with figures", async () => {
    const cut = runOf(4, { status: "cancelled" });
    const empty = runOf(3, { summary: { ...summary, count: 0 } });
    const book = bookOver({ list: [runningRun, cut, empty, runOf(2), runOf(1), runOf(0)] }, 10);
    await book.refresh(signal);
    expect(book.lastTwoOf(origin.scenarioPath ?? "")).toEqual([runOf(2), runOf(1)]);
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
