import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { RunEvent, RunRecord } from "../../src/core/run/run.ts";
import { CommandLine } from "./commandLine.ts";
import { samplePoint, sampleResult, sampleRun } from "./sampleRun.ts";

const scenario = `execution:
- concurrency: 4
  hold-for: 10s
  scenario: shop
scenarios:
  shop:
    requests:
    - http://127.0.0.1:\${__P(port,8080)}/
`;

function scriptOf(last: RunRecord, criterion: string): readonly RunEvent[] {
  const run = sampleRun();
  const status = last.status === "failed" || last.status === "cancelled" ? last.status : "complete";
  return [
    { kind: "snapshot", view: { run, plan: null, tasks: [], points: [], result: null } },
    ...Array.from({ length: 25 }, (_, second) => ({ kind: "point" as const, point: samplePoint(second) })),
    { kind: "result", result: sampleResult(last, criterion, status) },
    { kind: "run", run: last },
  ];
}

let shell: CommandLine;

beforeEach(() => {
  shell = new CommandLine();
  shell.write("shop.loadtest.yml", scenario);
  shell.engine.onStart = () => sampleRun().runId;
  return () => shell[Symbol.dispose]();
});

describe("loadfleet run", () => {
  it.each([
    ["p95>300ms", sampleRun({ status: "complete" }), 0, "Passed"],
    ["p95>30ms", sampleRun({ status: "complete" }), 1, "Failed"],
    ["p95>30ms", sampleRun({ status: "cancelled" }), 130, "Not judged"],
    ["p95>30ms", sampleRun({ status: "failed", reason: "Too few tasks reported." }), 3, "Not judged"],
  ])("judges %s of a run that ends so with exit code %#", async (criterion, last, expected, word) => {
    shell.engine.script = scriptOf(last, criterion);
    const { code, stdout } = await shell.run(["run", "shop.loadtest.yml"]);
    expect(code).toBe(expected);
    expect(stdout).toContain(word);
  });

  it("hands the engine the plan with what was chosen, and the bundle", async () => {
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>1s");
    await shell.run(["run", "shop.loadtest.yml", "--users", "6", "--tasks", "3", "--env", "port=9", "--for", "1m"]);
    const [started] = shell.engine.started;
    expect(started?.plan).toMatchObject({ tasks: 3, environment: { port: "9" }, plannedMs: 60_000 });
    expect(started?.plan.executions).toMatchObject([{ users: 6, holdForMs: 60_000 }]);
    expect(started?.files.map(({ path }) => path)).toEqual(["shop.loadtest.yml"]);
  });

  it("keeps data and progress apart, so that JSON can be piped", async () => {
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>300ms");
    const { stdout, stderr } = await shell.run(["run", "shop.loadtest.yml", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "loadfleet.result.v1", verdict: { status: "passed" } });
    expect(stderr).toContain("shop: running");
  });

  it("writes a line of progress each ten seconds where there is no terminal", async () => {
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>300ms");
    const { stderr } = await shell.run(["run", "shop.loadtest.yml"]);
    expect(stderr.split("\n").filter((line) => /^\d\d:\d\d/.test(line))).toEqual([
      "00:10  20 users  100 RPS  p95 up to 34 ms  1 % errors",
      "00:20  20 users  100 RPS  p95 up to 44 ms  1 % errors",
    ]);
  });

  it("draws a table in place on a terminal and leaves one line of it", async () => {
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>300ms");
    const { stderr } = await shell.run(["run", "shop.loadtest.yml"], { isTTY: true });
    const screen = drawScreen(stderr);
    expect(screen).toEqual(["shop: complete, 2 tasks"]);
    expect(stderr).toMatch(/all requests +100 +12 ms +10 ms +49 ms +40 ms +20 kB +1 %/);
    expect(stderr).toMatch(/Check out +100 +12 ms +– +– +– +20 kB +1 %/);
    expect(stderr).toContain("RPS ████");
  });

  it("asks the run to end on the first Ctrl-C and shows what there is", async () => {
    const [snapshot, ...rest] = scriptOf(sampleRun({ status: "cancelled" }), "p95>300ms");
    if (snapshot === undefined) throw new Error("The script is empty.");
    shell.engine.script = [snapshot, "stop", ...rest];
    shell.engine.onWait = () => shell.pressCtrlC();
    const { code, stdout, stderr } = await shell.run(["run", "shop.loadtest.yml"]);
    expect(code).toBe(130);
    expect(shell.engine.stopped).toMatchObject([{ runId: sampleRun().runId }]);
    expect(stderr).toContain("Stopping gracefully; Ctrl-C once more ends at once.");
    expect(stdout).toMatch(/All requests +6/);
  });

  it("ends at once on the second Ctrl-C", async () => {
    const [snapshot] = scriptOf(sampleRun(), "p95>300ms");
    if (snapshot === undefined) throw new Error("The script is empty.");
    shell.engine.script = [snapshot, "stop", snapshot, "stop"];
    shell.engine.stop = async () => {
      shell.pressCtrlC();
    };
    shell.engine.onWait = () => shell.pressCtrlC();
    const { code, stdout, stderr } = await shell.run(["run", "shop.loadtest.yml"]);
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("ends in the background");
  });

  it("writes result, page, JUnit and CSV where it was told to, and says where", async () => {
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>30ms");
    const argv = ["run", "shop.loadtest.yml", "--out", "out/deep", "--junit", "ci/junit.xml", "--csv", "figures.csv"];
    const { code, stderr } = await shell.run(argv);
    expect(code).toBe(1);
    const read = (path: string): string => readFileSync(join(shell.folder, path), "utf8");
    expect(JSON.parse(read("out/deep/result.json"))).toMatchObject({ schema: "loadfleet.result.v1" });
    expect(read("out/deep/report.html")).toMatch(/^<!doctype html>/);
    expect(read("ci/junit.xml")).toContain('failures="1"');
    expect(read("figures.csv")).toContain("Check out");
    expect(stderr).toContain(`Wrote ${join("out", "deep", "report.html")}\n`);
  });

  it("knows before the run that a folder cannot be written", async () => {
    shell.write("out", "a file");
    const { code, stderr } = await shell.run(["run", "shop.loadtest.yml", "--out", "out"]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^Could not write .*out: a file stands where its folder would be\.$/m);
    expect(shell.engine.started).toEqual([]);
  });

  it("prints the id of a detached run alone on stdout", async () => {
    const { code, stdout, stderr } = await shell.run(["run", "shop.loadtest.yml", "--detach"]);
    expect([code, stdout]).toEqual([0, `${sampleRun().runId}\n`]);
    expect(stderr).toContain("loadfleet watch last");
  });

  it("refuses files of a result that it will not wait for", async () => {
    const { code, stderr } = await shell.run(["run", "shop.loadtest.yml", "--detach", "--junit", "x.xml"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--detach does not wait");
    expect(shell.engine.started).toEqual([]);
  });

  it("shows what an engine's logs say that did not get ready", async () => {
    const run = sampleRun({ status: "failed", reason: "Only 0 of 1 tasks became ready." });
    shell.engine.script = [{ kind: "snapshot", view: { run, plan: null, tasks: [], points: [], result: null } }];
    shell.engine.kept = new Map([[`results/t/${run.runId}/artifacts/0/failure.log`, "jmeter.log: ERROR oops\n"]]);
    const { stderr } = await shell.run(["run", "shop.loadtest.yml"]);
    expect(stderr).toContain("The logs of its engine say:\n  jmeter.log: ERROR oops\n");
  });

  it.each([
    ["k6", "k6 runs scripts in JavaScript, and the scenario has requests instead."],
    ["taurus", "This Taurus runs JMeter, and an execution asks for gatling."],
  ])("refuses what %s cannot run, before anything starts", async (engine, sentence) => {
    shell.write("odd.loadtest.yml", scenario.replace("- concurrency", "- executor: gatling\n  concurrency"));
    const { code, stderr } = await shell.run(["run", "odd.loadtest.yml", "--engine", engine]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    expect(shell.engine.started).toEqual([]);
  });

  it("lets Locust run plain requests when it is chosen", async () => {
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>1s");
    await shell.run(["run", "shop.loadtest.yml", "--engine", "locust"]);
    expect(shell.engine.started[0]?.plan.driver).toBe("locust");
  });

  it.skipIf(process.platform === "win32")("uses the image where no Taurus is installed, and says so", async () => {
    shell.write("docker", "#!/bin/sh\necho sha256:0\n");
    chmodSync(join(shell.folder, "docker"), 0o755);
    shell.env = { PATH: "", XDG_CACHE_HOME: shell.folder, LOADFLEET_DOCKER: join(shell.folder, "docker") };
    shell.engine.script = scriptOf(sampleRun({ status: "complete" }), "p95>1s");
    const { stderr } = await shell.run(["run", "shop.loadtest.yml", "--engine", "taurus"]);
    expect(stderr).toMatch(
      /^Taurus with JMeter is not installed on this machine, so every task runs in a container of localhost\/loadfleet:latest with .*docker\.$/m,
    );
    expect(shell.choices).toEqual([{ on: "local", isInContainers: true }]);
    expect(shell.engine.started[0]?.plan.driver).toBe("taurus");
  });

  it("refuses a run that needs Taurus where there is neither Taurus nor the image", async () => {
    shell.env = { PATH: "", XDG_CACHE_HOME: shell.folder };
    const { code, stderr } = await shell.run(["run", "shop.loadtest.yml", "--engine", "taurus"]);
    expect([code, stderr]).toEqual([4, expect.stringContaining("There is no Taurus with JMeter on this machine.")]);
    expect(shell.engine.started).toEqual([]);
  });

  it("refuses what the generator cannot do, naming the key, before anything starts", async () => {
    const jsr223 = scenario.replace("- http", "- jsr223: {language: groovy, script-text: x}\n      url: http");
    shell.write("jsr223.loadtest.yml", jsr223);
    const { code, stderr } = await shell.run(["run", "jsr223.loadtest.yml", "--engine", "embedded"]);
    expect(code).toBe(2);
    expect(stderr).toContain("jsr223");
    expect(shell.engine.started).toEqual([]);
  });
});

/** Applies the cursor movements of a live table and answers what stays on the screen. */
function drawScreen(text: string): readonly string[] {
  const lines: string[] = [];
  let at = 0;
  const visible = text.replaceAll("\u001b", "ESC");
  for (const [, up, clear, line] of visible.matchAll(/ESC\[(\d+)A|ESC\[(J)|((?:(?!ESC)[^\n])*)ESC\[K\n/g)) {
    if (up !== undefined) at -= Number(up);
    else if (clear === undefined) lines[at++] = line ?? "";
    else lines.length = at;
  }
  return lines;
}
