import { describe, expect, test } from "vitest";
import type { Criterion } from "../../../src/core/results/criterion.ts";
import {
  parseCriterion,
  parseCriterionObject,
  type ParsedCriterion,
} from "../../../src/core/results/parseCriterion.ts";

function written(parsed: ParsedCriterion): string {
  if ("fault" in parsed) return `fault ${parsed.fault.code}`;
  const { subject, label, condition, threshold, thresholdUnit, window, outcome, stopsRun, message } = parsed.criterion;
  const name =
    subject.kind === "percentile"
      ? `p${subject.percentile}`
      : subject.kind === "code"
        ? `rc ${subject.pattern}`
        : subject.kind;
  const parts = [name, label === "" ? "" : `[${label}]`, `${condition} ${threshold} ${thresholdUnit}`];
  if (window !== undefined) parts.push(`${window.logic} ${window.ms}`);
  parts.push(`${stopsRun ? "stop" : "continue"} ${outcome}`);
  if (message !== undefined) parts.push(`"${message}"`);
  return parts.filter((part) => part !== "").join(" ");
}

function warned(parsed: ParsedCriterion): readonly string[] {
  return "fault" in parsed ? [] : parsed.warnings.map((warning) => warning.code);
}

describe("rules in the short form", () => {
  test.each([
    ["avg-rt>150ms", "avg-rt > 150 ms stop failed"],
    ["avg-rt>2s500ms", "avg-rt > 2500 ms stop failed"],
    ["avg-rt>2", "avg-rt > 2000 ms stop failed"],
    ["avg-rt>.5", "avg-rt > 500 ms stop failed"],
    ["avg-lt>1m", "avg-lt > 60000 ms stop failed"],
    ["avg-ct>100ms", "avg-ct > 100 ms stop failed"],
    ["stdev-rt>0.5", "stdev-rt > 500 ms stop failed"],
    ["p0>1ms", "p0 > 1 ms stop failed"],
    ["p90>1s for 10s", "p90 > 1000 ms for 10000 stop failed"],
    ["p99.9>10s, stop as failed", "p99.9 > 10000 ms stop failed"],
    ["p100>=1h", "p100 >= 3600000 ms stop failed"],
    ["hits>100", "hits > 100 count stop failed"],
    ["hits>100 for 5s, stop as non-failed", "hits > 100 count for 5000 stop non-failed"],
    ["succ<100%", "succ < 1 ratio stop failed"],
    ["success<99.5%", "succ < 0.995 ratio stop failed"],
    ["succ<10", "succ < 10 count stop failed"],
    ["fail>50%", "fail > 0.5 ratio stop failed"],
    ["fails>0", "fail > 0 count stop failed"],
    ["failures>50% for 5s, stop as failed", "fail > 0.5 ratio for 5000 stop failed"],
    ["concurr>10", "concurrency > 10 count stop failed"],
    ["concurrency>=10 for 1m", "concurrency >= 10 count for 60000 stop failed"],
    ["bytes>10kb", "bytes > 10240 bytes stop failed"],
    ["bytes>2MiB", "bytes > 2097152 bytes stop failed"],
    ["bytes>500", "bytes > 500 bytes stop failed"],
    ["rc500>20 for 5s, stop as failed", "rc 500 > 20 count for 5000 stop failed"],
    ["rc4??>20%", "rc 4?? > 0.2 ratio stop failed"],
    ["rc*>=10 for 1m", "rc * >= 10 count for 60000 stop failed"],
    ["rcException>99% for 1m, continue as failed", "rc Exception > 0.99 ratio for 60000 continue failed"],
    ["rcjava.net.SocketException>0", "rc java.net.SocketException > 0 count stop failed"],
    ["p95=100ms", "p95 == 100 ms stop failed"],
    ["p95==100ms", "p95 == 100 ms stop failed"],
    ["p95<=100ms", "p95 <= 100 ms stop failed"],
    ["p95 > 100ms", "p95 > 100 ms stop failed"],
    ["  p95  >  100ms  ", "p95 > 100 ms stop failed"],
    ["p95>100ms within 10s", "p95 > 100 ms within 10000 stop failed"],
    ["p95>100ms over 1m30s", "p95 > 100 ms over 90000 stop failed"],
    ["p95>100ms for 10", "p95 > 100 ms for 10000 stop failed"],
    ["p95>100ms for 0s", "p95 > 100 ms stop failed"],
    ["p95>100ms, stop", "p95 > 100 ms stop failed"],
    ["p95>100ms, continue", "p95 > 100 ms continue failed"],
    ["p95>100ms,continue as non-failed", "p95 > 100 ms continue non-failed"],
    ["avg-rt of IndexPage>150ms for 10s, stop as failed", "avg-rt [IndexPage] > 150 ms for 10000 stop failed"],
    ["avg-rt of Sample Label>150ms", "avg-rt [Sample Label] > 150 ms stop failed"],
    ["avg-rt ofLabel>150ms", "avg-rt [Label] > 150 ms stop failed"],
    ["hits of of>1", "hits [of] > 1 count stop failed"],
    ["avg-rt of offer list>1", "avg-rt [offer list] > 1000 ms stop failed"],
    ["fail of a > b>50%", "fail [a > b] > 0.5 ratio stop failed"],
    ["avg-rt of GET /a?b=c&d<e>1s", "avg-rt [GET /a?b=c&d<e] > 1000 ms stop failed"],
    ["p95 of Größe €>1s", "p95 [Größe €] > 1000 ms stop failed"],
    ["Too slow: avg-rt>10s", 'avg-rt > 10000 ms stop failed "Too slow"'],
    ["fail of login: fail of login>5%", 'fail [login] > 0.05 ratio stop failed "fail of login"'],
  ])("reads %j", (text, expected) => {
    const parsed = parseCriterion(text);
    expect(written(parsed)).toBe(expected);
    expect(warned(parsed)).toEqual([]);
  });
});

describe("what Taurus reads otherwise", () => {
  test.each([
    ["avg-rt of Label > 150ms", "avg-rt [Label] > 150 ms stop failed", "space-after-label", " ", ""],
    ["avg-rt of Label>=150ms", "avg-rt [Label] >= 150 ms stop failed", "condition-after-label", ">=", undefined],
    ["avg-rt of http://shop/>1s", "avg-rt [http://shop/] > 1000 ms stop failed", "colon-in-label", ":", undefined],
    ["avg-rt of GET: home>1s", "avg-rt [GET: home] > 1000 ms stop failed", "colon-in-label", ":", undefined],
    ["avg-rt of a, b>1s, continue", "avg-rt [a, b] > 1000 ms continue failed", "comma-in-label", ",", undefined],
    ["p95>1s, contine as failed", "p95 > 1000 ms stop failed", "action-ignored", ", contine as failed", undefined],
    ["p95>1s, continue as nonfailed", "p95 > 1000 ms continue failed", "action-ignored", " as nonfailed", undefined],
    ["p75>1s", "p75 > 1000 ms stop failed", "percentile-not-tracked", "p75", undefined],
    ["avg-rt>100 ms", "avg-rt > 100000 ms stop failed", "seconds-without-unit", "100", "100ms"],
    ["avg-rt>1 s for 10s", "avg-rt > 1000 ms stop failed", "text-ignored", " s", "s"],
    ["p95>1s during 10s", "p95 > 1000 ms stop failed", "text-ignored", " during 10s", ""],
    ["p95>300", "p95 > 300000 ms stop failed", "seconds-without-unit", "300", "300ms"],
    ["hits<100 within 10s", "hits < 100 count within 10000 stop failed", "fires-early", "within", "over"],
  ])("reads %j and warns", (text, expected, code, stretch, replacement) => {
    const parsed = parseCriterion(text);
    expect(written(parsed)).toBe(expected);
    const warning = "warnings" in parsed ? parsed.warnings.find((other) => other.code === code) : undefined;
    expect(warning?.replacement).toBe(replacement);
    expect(text.slice(warning?.offset, (warning?.offset ?? 0) + (warning?.length ?? 0))).toBe(stretch);
  });

  test("takes a percentile as tracked when the file has Taurus track it", () => {
    expect(warned(parseCriterion("p75>1s", { trackedPercentiles: [75] }))).toEqual([]);
  });
});

describe("rules that cannot be read", () => {
  test.each([
    ["", "malformed", ""],
    ["p95", "malformed", "p95"],
    ["p95 of Checkout", "malformed", "p95 of Checkout"],
    ["avg-lt for mylabel>2", "for-instead-of-of", "for"],
    ["avg rt>100ms", "malformed", "avg rt"],
    ["hits!=5", "malformed", "hits!"],
    ["latency>100ms", "unknown-subject", "latency"],
    ["p101>1s", "unknown-subject", "p101"],
    ["pfoo>1s", "unknown-subject", "pfoo"],
    ["rc>1", "unknown-subject", "rc"],
    ["p95=>1s", "unknown-condition", "=>"],
    ["p95<>1s", "unknown-condition", "<>"],
    ["p95>", "missing-threshold", ""],
    ["p95>fast", "bad-threshold", "fast"],
    ["p95>100msec", "bad-threshold", "100msec"],
    ["p95>-1s", "bad-threshold", "-1s"],
    ["p95>50%", "bad-threshold", "50%"],
    ["hits>50%", "bad-threshold", "50%"],
    ["hits>5m", "bad-threshold", "5m"],
    ["fail>x%", "bad-threshold", "x%"],
    ["bytes>5gallons", "bad-threshold", "5gallons"],
    ["p95>1s for ever", "bad-timeframe", "ever"],
  ])("says why %j is none", (text, code, stretch) => {
    const parsed = parseCriterion(text);
    const fault = "fault" in parsed ? parsed.fault : undefined;
    expect(fault?.code).toBe(code);
    expect(text.slice(fault?.offset, (fault?.offset ?? 0) + (fault?.length ?? 0))).toBe(stretch);
    expect(fault?.message).toMatch(/\.$/);
  });

  test("refuses what is far too long without reading it", () => {
    expect(written(parseCriterion(`p95 of ${" of".repeat(5000)}>1s`))).toBe("fault too-long");
  });
});

describe("rules in the long form", () => {
  const minimal = { subject: "avg-rt", condition: ">", threshold: "150ms" };
  test.each([
    [minimal, "avg-rt > 150 ms stop failed", "avg-rt>150ms"],
    [{ ...minimal, threshold: 2 }, "avg-rt > 2000 ms stop failed", "avg-rt>2"],
    [
      { ...minimal, label: "a: b, c > ", timeframe: "10s", logic: "over", stop: false, fail: false },
      "avg-rt [a: b, c > ] > 150 ms over 10000 continue non-failed",
      "avg-rt of a: b, c > >150ms over 10s, continue as non-failed",
    ],
    [{ ...minimal, timeframe: 30 }, "avg-rt > 150 ms for 30000 stop failed", "avg-rt>150ms for 30"],
    [{ ...minimal, message: "Slow" }, 'avg-rt > 150 ms stop failed "Slow"', "avg-rt>150ms"],
  ])("reads %j", (value, expected, text) => {
    const parsed = parseCriterionObject(value);
    expect(written(parsed)).toBe(expected);
    expect("criterion" in parsed ? parsed.criterion.text : undefined).toBe(text);
  });

  test.each([
    [null, "malformed", "subject"],
    [["p95>1s"], "malformed", "subject"],
    [{ condition: ">", threshold: 1 }, "missing-key", "subject"],
    [{ subject: "p95", threshold: 1 }, "missing-key", "condition"],
    [{ subject: "p95", condition: ">" }, "missing-key", "threshold"],
    [{ ...minimal, subject: "local/cpu" }, "unknown-subject", "subject"],
    [{ ...minimal, condition: "!=" }, "unknown-condition", "condition"],
    [{ ...minimal, logic: "during", timeframe: "1s" }, "unknown-logic", "logic"],
    [{ ...minimal, timeframe: "soon" }, "bad-timeframe", "timeframe"],
    [{ ...minimal, class: "bzt.modules.monitoring.MonitoringCriteria" }, "unsupported-class", "class"],
  ])("says why %j is none", (value, code, key) => {
    const parsed = parseCriterionObject(value);
    expect("fault" in parsed ? [parsed.fault.code, parsed.fault.key] : parsed).toEqual([code, key]);
  });
});

test("carries the dictionary's message and the position into the rule", () => {
  const range = { line: 3, column: 5, endLine: 3, endColumn: 20 };
  const parsed = parseCriterion("p95>1s", { message: "Slow", range });
  const criterion: Criterion | undefined = "criterion" in parsed ? parsed.criterion : undefined;
  expect(criterion).toMatchObject({ text: "p95>1s", message: "Slow", range });
});
