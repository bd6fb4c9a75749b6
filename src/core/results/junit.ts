import { describeResult } from "./figures.ts";
import type { JudgedRule, RunResult } from "./result.ts";

/** Writes the verdict as JUnit XML: one test case per rule, or one for the run when it has no rules or did not complete. */
export function formatJunit(result: RunResult): string {
  const { rules } = result.verdict;
  const cases = rules.map((rule) => testCase(result, rule));
  if (rules.length === 0 || result.status !== "complete") cases.unshift(runCase(result));
  const isRunFailed = result.status !== "complete";
  const failures = rules.filter(({ status }) => status === "failed").length;
  const skipped = rules.filter(({ status }) => status === "not judged").length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${isRunFailed ? 1 : 0}" skipped="${skipped}"`;
  const time = (result.spanMs / 1000).toFixed(3);
  const startedAt = new Date(result.startAtMs ?? result.endedAtMs).toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="loadfleet" ${counts} time="${time}">`,
    `  <testsuite name="${escape(result.name)}" ${counts} time="${time}" timestamp="${startedAt}">`,
    ...cases,
    `    <system-out>${escape(describeResult(result))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function runCase(result: RunResult): string {
  const open = `    <testcase classname="${escape(result.name)}" name="The run completes"`;
  if (result.status === "complete") return `${open}/>`;
  const why = result.reason ?? `The run was ${result.status}.`;
  return `${open}><error message="${escape(why)}"/></testcase>`;
}

function testCase(result: RunResult, rule: JudgedRule): string {
  const open = `    <testcase classname="${escape(result.name)}" name="${escape(rule.message ?? rule.text)}"`;
  switch (rule.status) {
    case "passed":
      return `${open}><system-out>${escape(rule.sentence)}</system-out></testcase>`;
    case "failed":
      return `${open}><failure message="${escape(rule.sentence)}">${escape(rule.text)}</failure></testcase>`;
    case "not judged":
      return `${open}><skipped message="${escape(rule.sentence)}"/></testcase>`;
  }
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML has no place for most control characters and lone surrogates, not even escaped. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD]/g, "\uFFFD")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
