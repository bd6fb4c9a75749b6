import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/results/result.ts";
import { startServer, type TestServer } from "../servers/testServer.ts";
import { CloudStack, stackName } from "./cloudStack.ts";

// What a person does with a stack from a terminal: the built command line, with a profile of its own.

const cli = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

let stack: CloudStack;
let target: TestServer;
let folder: string;

beforeAll(async () => {
  target = await startServer((_, response) => setTimeout(() => response.end("answer"), 5));
  stack = await CloudStack.open();
  folder = join(stack.emulator.folder, "terminal");
  mkdirSync(folder);
  for (const [name, holdFor] of [
    ["short", "3s"],
    ["long", "10m"],
  ]) {
    const text = `execution:
- {concurrency: 4, hold-for: ${holdFor}, scenario: one}
scenarios:
  one: {think-time: 50ms, requests: [{url: "${target.address}/${name}", label: only}]}
reporting: [{module: passfail, criteria: [p95>10s]}]
loadfleet: {id: ${name}, tasks: 2}
`;
    writeFileSync(join(folder, `${name}.loadtest.yml`), text);
  }
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line as in a terminal whose only way to AWS is the profile. */
function loadfleet(line: string): Promise<Answer> {
  const options = {
    cwd: folder,
    env: { ...stack.emulator.environment, PATH: process.env["PATH"], LOADFLEET_HOME: join(folder, "home") },
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...line.split(" ")], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const there = `--profile emulated --stack ${stackName}`;

describe("a stack from a terminal", () => {
  test("runs a scenario, judges it, and lists, shows and copies what is kept", async () => {
    const { code, stdout, stderr } = await loadfleet(`run short.loadtest.yml ${there} --format json`);
    expect(stderr).toContain("Cost  less than a cent");
    expect(code, stderr).toBe(0);
    const result: RunResult = JSON.parse(stdout);
    expect(result).toMatchObject({
      engine: "aws",
      status: "complete",
      verdict: { status: "passed" },
      tasks: { wanted: 2, reported: 2 },
      costUsd: expect.any(Number),
    });
    expect(result.labels["only"]?.count).toBe(target.requests.filter(({ url }) => url === "/short").length);

    const runs = JSON.parse((await loadfleet(`runs ${there} --format json`)).stdout);
    expect(runs.runs.map(({ runId }: { readonly runId: string }) => runId)).toContain(result.runId);
    expect(JSON.parse((await loadfleet(`show ${result.runId} ${there} --format json`)).stdout)).toMatchObject({
      runId: result.runId,
    });
    const list = await loadfleet(`artifacts ${result.runId} ${there} --out kept --format json`);
    expect(JSON.parse(list.stdout).written).toContain(join(folder, "kept", "result.json.gz"));
    expect(existsSync(join(folder, "kept", "result.json.gz"))).toBe(true);
    await loadfleet(`report ${result.runId} ${there}`);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("<title>short");

    expect((await loadfleet(`delete ${result.runId} ${there}`)).code).toBe(0);
    expect((await loadfleet(`show ${result.runId} ${there}`)).code).toBe(2);
  });

  test("refuses a second start, stops gracefully and shows the figures so far", async () => {
    const started = await loadfleet(`run long.loadtest.yml ${there} --detach --format json`);
    const { runId } = JSON.parse(started.stdout);
    await stack.until(runId, ({ run, points }) => run.status === "running" && points.length > 0);

    const second = await loadfleet(`run long.loadtest.yml ${there}`);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`is already running: run ${runId}.`);

    const stoppedAtMs = performance.now();
    const stopped = await loadfleet(`stop ${runId} ${there} --format json`);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ runId, isAsked: true });
    const watched = await loadfleet(`watch ${runId} ${there} --format json`);
    console.log(
      `From the request to stop to the partial result: ${((performance.now() - stoppedAtMs) / 1000).toFixed(1)} s`,
    );
    expect(watched.code).toBe(130);
    const { run, result } = await stack.watch(runId);
    expect(run.status).toBe("cancelled");
    expect(result).toMatchObject({ isPartial: true, tasks: { reported: 2 } });
    expect(result?.labels["only"]?.count).toBeGreaterThan(0);
  });

  test("says what a run needs and costs, and what could not be looked at", async () => {
    const { code, stdout } = await loadfleet(`plan short.loadtest.yml ${there} --format json`);
    expect(code).toBe(0);
    const { forecast } = JSON.parse(stdout);
    const bySeverity = (severity: string): readonly string[] =>
      forecast.checks
        .filter((check: { readonly severity: string }) => check.severity === severity)
        .map((check: { readonly code: string }) => check.code);
    expect(bySeverity("error")).toEqual([]);
    expect(bySeverity("ok")).toEqual(
      expect.arrayContaining(["identity", "stack", "image", "caps", "test", "free-addresses"]),
    );
    // The emulator has no Service Quotas, and its tasks share this machine's network.
    expect(bySeverity("warning").toSorted()).toEqual(["own-host", "vcpu-quota"]);
  });

  test("reads the log of a task", async () => {
    const runId = await stack.start("logged", {
      "test.loadtest.yml": readFileSync(join(folder, "short.loadtest.yml"), "utf8").replace("id: short", "id: logged"),
    });
    await stack.watch(runId);
    const engine = await stack.engine();
    await expect
      .poll(async () => (await engine.log(runId, 0, undefined, stack.signal)).text, { timeout: 20_000 })
      .not.toBe("");
  });

  test.each([
    ["runs --profile emulated --stack nowhere", 4, 'There is no stack "nowhere" in us-east-1.'],
    ["runs --profile nobody", 4, "nobody"],
  ])("says what is wrong with %s", async (line, code, sentence) => {
    const answer = await loadfleet(line);
    expect(answer.stderr).toContain(sentence);
    expect(answer.code).toBe(code);
  });
});
