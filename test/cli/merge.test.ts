import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, expect, it } from "vitest";
import type { TaskReport } from "../../src/core/run/wire.ts";
import { CommandLine } from "./commandLine.ts";
import { sampleReport } from "./sampleRun.ts";

let shell: CommandLine;

beforeEach(() => {
  shell = new CommandLine();
  return () => shell[Symbol.dispose]();
});

function writeReport(name: string, report: TaskReport): void {
  const text = JSON.stringify(report);
  writeFileSync(join(shell.folder, name), name.endsWith(".gz") ? gzipSync(text) : text);
}

it("merges reports, packed or not, in any order", async () => {
  writeReport("task-0.json.gz", sampleReport(0, 2, [10, 20]));
  writeReport("task-1.json", sampleReport(1, 2, [30, 40], 1));
  for (const order of [
    ["task-0.json.gz", "task-1.json"],
    ["task-1.json", "task-0.json.gz"],
  ]) {
    const { code, stdout } = await shell.run(["merge", ...order, "--format", "json", "--out", "result.json"]);
    expect(code).toBe(0);
    const result: unknown = JSON.parse(stdout);
    expect(result).toMatchObject({
      tasks: { wanted: 2, reported: 2, missing: [] },
      isPartial: false,
      verdict: { status: "not judged" },
      labels: { "": { count: 4, failed: 1, minMs: 10, maxMs: 40, meanMs: 25 } },
    });
    expect(JSON.parse(readFileSync(join(shell.folder, "result.json"), "utf8"))).toEqual(result);
  }
});

it("names what is broken and merges the rest", async () => {
  writeReport("task-0.json", sampleReport(0, 5, [10]));
  writeReport("again.json", sampleReport(0, 5, [10]));
  writeReport("other.json", { ...sampleReport(1, 5, [10]), runId: "0".repeat(26) });
  shell.write("cut.json", JSON.stringify(sampleReport(2, 5, [10])).slice(0, 500));
  writeFileSync(join(shell.folder, "cut.json.gz"), gzipSync("{}").subarray(0, 15));
  const files = ["task-0.json", "again.json", "other.json", "cut.json", "cut.json.gz", "none.json"];
  const { code, stdout, stderr } = await shell.run(["merge", ...files]);
  expect(code).toBe(0);
  expect(stdout).toContain("1 of 5");
  for (const name of files.slice(1)) expect(stderr).toContain(`Left out ${name}: `);
  expect(stderr).not.toContain("task-0.json: ");
});

it("fails when no report can be read", async () => {
  shell.write("cut.json", "{");
  const { code, stdout } = await shell.run(["merge", "cut.json"]);
  expect([code, stdout]).toEqual([3, ""]);
});

it("leaves out a report whose run can be none", async () => {
  writeReport("strange.json", { ...sampleReport(0, 1, [10]), runId: "bench" });
  const { code, stderr } = await shell.run(["merge", "strange.json"]);
  expect(code).toBe(3);
  expect(stderr).toContain('Left out strange.json: "bench" is no id of a run.');
});

it("keeps the driver's name", async () => {
  const report = sampleReport(0, 1, [10]);
  writeReport("task-0.json", { ...report, driver: { ...report.driver, name: "k6" } });
  const { stdout } = await shell.run(["merge", "task-0.json", "--format", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({ driver: "k6" });
});
