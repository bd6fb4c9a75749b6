import { describe, expect, test } from "vitest";
import type { DataSource } from "../../../src/core/scenario/model.ts";
import { DataFeed, readTable } from "../../../src/generator/load/dataFeed.ts";

const source: DataSource = {
  path: "users.csv",
  delimiter: undefined,
  isQuoted: false,
  loops: true,
  isRandomOrder: false,
  names: undefined,
  encoding: undefined,
  range: { line: 1, column: 1, endLine: 1, endColumn: 1 },
};

function taken(feed: DataFeed, times: number): (Record<string, string> | undefined)[] {
  return Array.from({ length: times }, () => {
    const variables = new Map<string, string>();
    return feed.take(variables) ? Object.fromEntries(variables) : undefined;
  });
}

describe("data files", () => {
  test.each<[string, Partial<DataSource>, string, { names: string[]; rows: string[][] }]>([
    ["take names from the first line", {}, "a,b\n1,2\n", { names: ["a", "b"], rows: [["1", "2"]] }],
    ["take names that are given", { names: ["x"] }, "1\n2", { names: ["x"], rows: [["1"], ["2"]] }],
    ["guess the delimiter", {}, "a;b\n1,5;2", { names: ["a", "b"], rows: [["1,5", "2"]] }],
    ["may use tabs", { delimiter: "tab" }, "a\tb\r\n1\t2\r\n", { names: ["a", "b"], rows: [["1", "2"]] }],
    ["keep quotes unless they are said to quote", {}, 'a,b\n"1",2', { names: ["a", "b"], rows: [['"1"', "2"]] }],
    [
      "may quote delimiters, quotes and line ends",
      { isQuoted: true },
      'a,b\n"1,""x""","2\n3"',
      { names: ["a", "b"], rows: [['1,"x"', "2\n3"]] },
    ],
    ["skip empty lines", {}, "a\n1\n\n2\n", { names: ["a"], rows: [["1"], ["2"]] }],
  ])("%s", (_name, options, text, expected) => {
    expect(readTable({ ...source, ...options }, text)).toEqual(expected);
  });

  const table = { names: ["n"], rows: [["1"], ["2"], ["3"]] };

  test("begin again after the last row", () => {
    expect(taken(new DataFeed(source, table), 4)).toEqual([{ n: "1" }, { n: "2" }, { n: "3" }, { n: "1" }]);
  });

  test("end after the last row without loop", () => {
    expect(taken(new DataFeed({ ...source, loops: false }, table), 4)[3]).toBeUndefined();
  });

  test("in random order give every row once", () => {
    const rows = Array.from({ length: 100 }, (_, index) => [String(index)]);
    const feed = new DataFeed({ ...source, isRandomOrder: true }, { names: ["n"], rows });
    const order = taken(feed, 100).map((row) => Number(row?.n));
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(100);
  });

  test("in random order are divided among tasks with nothing lost or doubled", () => {
    const rows = Array.from({ length: 100 }, (_, index) => [String(index)]);
    const values = [0, 1, 2].flatMap((index) => {
      const feed = new DataFeed({ ...source, isRandomOrder: true, loops: false }, { names: ["n"], rows });
      feed.split(index, 3);
      return taken(feed, 40).flatMap((row) => (row === undefined ? [] : [row["n"]]));
    });
    expect(values.length).toBe(100);
    expect(new Set(values).size).toBe(100);
  });

  test("refuse a task for which there is no row", () => {
    expect(() => new DataFeed(source, table).split(0, 5)).toThrow("The data file users.csv has 3 rows for 5 tasks.");
  });

  test("are divided among tasks with nothing lost", () => {
    const parts = [0, 1].map((index) => {
      const feed = new DataFeed({ ...source, loops: false }, table);
      feed.split(index, 2);
      return taken(feed, 3).flatMap((row) => row?.n ?? []);
    });
    expect(parts.flat().toSorted()).toEqual(["1", "2", "3"]);
  });
});
