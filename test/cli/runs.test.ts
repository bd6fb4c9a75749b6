import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { findRun, shortenRunIds } from "../../src/cli/findRun.ts";
import { makeRunId, makeTestId } from "../../src/core/run/ids.ts";
import type { RunSummary } from "../../src/core/run/run.ts";
import { CommandLine } from "./commandLine.ts";
import { sampleNowMs, samplePoint, sampleResult, sampleRun, sampleRunId } from "./sampleRun.ts";

const summary: RunSummary = {
  verdict: "passed",
  count: 1000,
  failed: 10,
  errorRatio: 0.01,
  ratePerSecond: 99.5,
  meanMs: 20,
  p95Ms: 45,
  p99Ms: 60,
  maxUsers: 20,
  tasksReported: 2,
  costUsd: null,
};
const { signal } = new AbortController();

let shell: CommandLine;

beforeEach(() => {
  shell = new CommandLine();
  shell.engine.runs = [
    sampleRun({ runId: sampleRunId(1), status: "complete", summary, createdAtMs: sampleNowMs - 3 * 86_400_000 }),
    sampleRun({ runId: sampleRunId(2), testId: makeTestId("cart"), createdAtMs: sampleNowMs - 5 * 60_000 }),
    sampleRun({
      runId: sampleRunId(3),
      status: "complete",
      isPartial: true,
      summary: { ...summary, verdict: "failed", tasksReported: 1 },
      createdAtMs: sampleNowMs - 2 * 3_600_000,
    }),
  ];
  return () => shell[Symbol.dispose]();
});

describe("loadfleet runs", () => {
  it("lists runs newest first, with what is missing of a partial one", async () => {
    const { stdout } = await shell.run(["runs"]);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).slice(1));
    expect(rows).toEqual([
      ["started", "test", "users", "RPS", "p95", "errors", "outcome"],
      ["2 h ago", "shop", "20", "99.5", "45 ms", "1 %", "failed, 1 of 2 tasks"],
      ["5 min ago", "cart", "running"],
      ["2026-11-21", "shop", "20", "99.5", "45 ms", "1 %", "passed"],
    ]);
  });

  it("filters by test and limits", async () => {
    const byTest = await shell.run(["runs", "--test", "cart", "--format", "ids"]);
    expect(byTest.stdout).toBe(`${sampleRunId(2)}\n`);
    const limited = await shell.run(["runs", "--limit", "1", "--format", "json"]);
    expect(JSON.parse(limited.stdout)).toMatchObject({
      schema: "loadfleet.runs.v1",
      runs: [{ runId: sampleRunId(3) }],
    });
  });

  it("says what to do when there is none", async () => {
    shell.engine.runs = [];
    const { code, stdout, stderr } = await shell.run(["runs"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("loadfleet run FILE");
  });
});

describe("findRun", () => {
  it("takes last, a whole id, and the beginning of one in any case", async () => {
    const find = async (name: string) => (await findRun(shell.engine, name, signal)).runId;
    expect(await find("last")).toBe(sampleRunId(3));
    expect(await find(sampleRunId(1))).toBe(sampleRunId(1));
    expect(await find(sampleRunId(2).slice(0, 10).toUpperCase())).toBe(sampleRunId(2));
  });

  it("finds a run beyond the first page", async () => {
    shell.engine.runs = Array.from({ length: 1200 }, (_, index) =>
      sampleRun({ runId: makeRunId(sampleNowMs + index, new Uint8Array(10)) }),
    );
    const oldest = makeRunId(sampleNowMs, new Uint8Array(10));
    expect((await findRun(shell.engine, oldest, signal)).runId).toBe(oldest);
  });

  it("names the runs that a too short beginning fits", async () => {
    await expect(findRun(shell.engine, sampleRunId(1).slice(0, 2), signal)).rejects.toMatchObject({
      code: "ambiguous-run",
      message: expect.stringContaining(sampleRunId(2)),
    });
  });

  it("says that there is no such run", async () => {
    await expect(findRun(shell.engine, "nothing", signal)).rejects.toMatchObject({ code: "no-such-run" });
  });

  it("shortens ids only as far as they differ", () => {
    expect(shortenRunIds([sampleRunId(1), sampleRunId(2)]).map((id) => id.length)).toEqual([10, 10]);
    const twins = [makeRunId(1, new Uint8Array(10).fill(1)), makeRunId(1, new Uint8Array(10).fill(255))];
    expect(shortenRunIds(twins).map((id) => id.length)).toEqual([11, 11]);
  });
});

describe("loadfleet show and report", () => {
  const runId = sampleRunId(3);

  it("shows a result, or how a run without one stands", async () => {
    shell.engine.results.set(runId, sampleResult(sampleRun({ runId }), "p95>300ms"));
    expect((await shell.run(["show", "last"])).stdout).toContain("Passed");
    expect((await shell.run(["show", sampleRunId(2)])).stdout).toBe("shop: running. It has no figures yet.\n");
  });

  it("shows and reports a result file that somebody sent", async () => {
    shell.write("sent.json", JSON.stringify(sampleResult(sampleRun(), "p95>30ms")));
    expect((await shell.run(["show", "sent.json"])).stdout).toContain("Failed");
    const { code } = await shell.run(["report", "sent.json", "--out", "pages/sent.html"]);
    expect(code).toBe(0);
    expect(readFileSync(join(shell.folder, "pages/sent.html"), "utf8")).toContain("<title>shop: failed</title>");
  });

  it.each([["{}"], ["[1,2"], ["null"], ['{"schema":"loadfleet.run.v1"}']])("refuses %s as a result", async (text) => {
    shell.write("sent.json", text);
    const { code, stderr } = await shell.run(["show", "sent.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain('"sent.json" holds no result of a run.');
  });

  it("reports nothing of a run without figures", async () => {
    const { code, stderr } = await shell.run(["report", sampleRunId(2)]);
    expect(code).toBe(3);
    expect(stderr).toContain("is running and has no figures");
    expect(existsSync(join(shell.folder, "report.html"))).toBe(false);
  });
});

describe("loadfleet watch and stop", () => {
  it("writes each event as a line of JSON", async () => {
    const run = sampleRun({ status: "complete" });
    const view = { run: sampleRun(), plan: null, tasks: [], points: [], result: null };
    shell.engine.script = [
      { kind: "snapshot", view },
      { kind: "point", point: samplePoint(0) },
      { kind: "run", run },
    ];
    const { code, stdout } = await shell.run(["watch", "last", "--format", "json"]);
    expect(code).toBe(0);
    const kinds = stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line).kind);
    expect(kinds).toEqual(["snapshot", "point", "run"]);
  });

  it("stops watching on Ctrl-C, never the run", async () => {
    const view = { run: sampleRun(), plan: null, tasks: [], points: [], result: null };
    shell.engine.script = [{ kind: "snapshot", view }, "stop"];
    shell.engine.onWait = () => shell.pressCtrlC();
    const { code } = await shell.run(["watch", "last"]);
    expect([code, shell.engine.stopped]).toEqual([130, []]);
  });

  it("asks a run to end, and leaves one alone that has ended", async () => {
    expect((await shell.run(["stop", sampleRunId(2)])).code).toBe(0);
    expect(shell.engine.stopped.map(({ runId }) => runId)).toEqual([sampleRunId(2)]);
    const { stderr } = await shell.run(["stop", sampleRunId(1)]);
    expect(stderr).toContain("has ended already: complete");
    expect(shell.engine.stopped).toHaveLength(1);
  });
});
