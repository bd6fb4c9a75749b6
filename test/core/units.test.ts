import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatPercent,
  parseBytes,
  parseDuration,
  parsePercent,
} from "../../src/core/units.ts";

test.each([
  ["500ms", 500],
  ["1m30s", 90_000],
  ["1d 2h 3m 4s", 93_784_000],
  ["1s500ms", 1500],
  ["1.5s", 1500],
  [".5", 500],
  ["30", 30_000],
  [30, 30_000],
  ["1M", 60_000],
  [0, 0],
])("reads the duration %j as Taurus does", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["", " ", "5 minutes", "1w", "-1s", "abc", "1s x", "1..2", -1, NaN, Infinity])(
  "refuses the duration %j",
  (text) => expect(parseDuration(text)).toBeUndefined(),
);

test("reads every duration that it writes", () => {
  const roundTrip = fc.property(fc.nat(), (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
  fc.assert(roundTrip);
});

test.each([
  ["10MB", 10 * 1024 ** 2],
  ["64kB", 65_536],
  ["1.5 KiB", 1536],
  ["100", 100],
  ["7b", 7],
])("reads the size %s", (text, bytes) => expect(parseBytes(text)).toBe(bytes));

test.each(["", "x", "10 TB", "-1"])("refuses the size %j", (text) => expect(parseBytes(text)).toBeUndefined());

test.each([
  ["5%", 0.05],
  ["+0.5 %", 0.005],
  ["-10%", -0.1],
])("reads the percentage %s", (text, ratio) => expect(parsePercent(text)).toBeCloseTo(ratio, 12));

test("formats figures for people", () => {
  expect([formatBytes(512), formatBytes(1536), formatBytes(10 * 1024 ** 2)]).toEqual(["512 B", "1.5 kB", "10 MB"]);
  expect([formatNumber(1_234_567.891, 1), formatNumber(-0.04), formatNumber(999)]).toEqual(["1,234,567.9", "0", "999"]);
  expect([formatPercent(0.1234), formatPercent(1)]).toEqual(["12.3%", "100%"]);
});
