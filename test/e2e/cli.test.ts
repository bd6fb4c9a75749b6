import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createShop } from "../../examples/shop.ts";

const cli = join(import.meta.dirname, "../../dist/cli.mjs");

let folder: string;
let shop: Server;
let port: number;

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]): ChildProcess {
  const env = { ...process.env, LOADFLEET_HOME: join(folder, "home"), NO_COLOR: "1" };
  return spawn(process.execPath, [cli, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
}

async function answerOf(child: ChildProcess): Promise<Answer> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("The command has no output.");
  const [out, err] = await Promise.all([text(stdout), text(stderr), child.exitCode ?? once(child, "exit")]);
  return { code: child.exitCode, stdout: out, stderr: err };
}

function loadfleet(...args: readonly string[]): Promise<Answer> {
  return answerOf(start(args));
}

/** Waits until a command has written a text to stderr. */
function saysOnStderr(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (pattern.test(said)) resolve();
    });
    child.once("exit", () => reject(new Error(`It ended and did not say ${pattern}: ${said}`)));
  });
}

function scenario({ holdFor = "2s", criterion = "fail>50%" } = {}): string {
  return `execution:
- concurrency: 4
  hold-for: ${holdFor}
  scenario: shop
scenarios:
  shop:
    default-address: http://127.0.0.1:\${__P(port,8080)}
    think-time: 20ms
    requests:
    - label: Products
      url: /products
    - label: Health
      url: /health
reporting:
- module: passfail
  criteria:
  - ${criterion}
loadfleet:
  tasks: 2
`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "loadfleet-e2e-"));
  shop = createShop(1).listen(0, "127.0.0.1");
  await once(shop, "listening");
  const address = shop.address();
  if (typeof address !== "object" || address === null) throw new Error("The shop has no address.");
  ({ port } = address);
  writeFileSync(join(folder, "good.loadtest.yml"), scenario());
  writeFileSync(join(folder, "strict.loadtest.yml"), scenario({ criterion: "avg-rt>1ms" }));
  writeFileSync(join(folder, "long.loadtest.yml"), scenario({ holdFor: "5m" }));
  writeFileSync(join(folder, "bad.loadtest.yml"), scenario().replace("hold-for", "hold-fro"));
});

afterAll(async () => {
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe("the built command line", () => {
  it("checks and plans", async () => {
    expect(await loadfleet("check", "good.loadtest.yml")).toMatchObject({
      code: 0,
      stdout: "No problems in 1 file.\n",
    });
    const bad = await loadfleet("check", "bad.loadtest.yml", "--format", "json");
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.stdout).files[0].problems[0]).toMatchObject({ code: "unknown-key", line: 3 });
    const plan = await loadfleet("plan", "good.loadtest.yml");
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain("Users     2 users × 2 tasks = 4\n");
  });

  it("runs, passes, and leaves result, page and JUnit", async () => {
    const args = ["--env", `port=${port}`, "--format", "json", "--out", "result", "--junit", "junit.xml"];
    const { code, stdout } = await loadfleet("run", "good.loadtest.yml", ...args);
    expect(code).toBe(0);
    const result: unknown = JSON.parse(stdout);
    expect(result).toMatchObject({
      schema: "loadfleet.result.v1",
      status: "complete",
      verdict: { status: "passed" },
      tasks: { wanted: 2, reported: 2 },
      labels: { Products: { failed: 0 }, Health: { failed: 0 } },
    });
    expect(JSON.parse(readFileSync(join(folder, "result/result.json"), "utf8"))).toEqual(result);
    expect(existsSync(join(folder, "result/report.html"))).toBe(true);
    expect(readFileSync(join(folder, "junit.xml"), "utf8")).toContain('failures="0"');
    expect((await loadfleet("show", "last")).stdout).toContain("Passed");
    expect((await loadfleet("runs")).stdout).toMatch(/^\w{10} +just now .* passed$/m);
  });

  it("fails a run whose criterion is met", async () => {
    const { code, stdout } = await loadfleet("run", "strict.loadtest.yml", "--env", `port=${port}`, "--for", "1s");
    expect(code).toBe(1);
    expect(stdout).toContain("Failed");
  });

  it.each([["run bad.loadtest.yml"], ["run none.yml"], ["run good.loadtest.yml --users many"], ["fly"]])(
    "refuses %s with exit code 2",
    async (line) => {
      expect(await loadfleet(...line.split(" "))).toMatchObject({ code: 2, stdout: "" });
    },
  );

  it("ends gracefully on Ctrl-C with the figures so far", async () => {
    const run = start(["run", "long.loadtest.yml", "--env", `port=${port}`]);
    const answer = answerOf(run);
    await saysOnStderr(run, /: running/);
    run.kill("SIGINT");
    const { code, stdout, stderr } = await answer;
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping gracefully");
    expect(stdout).toMatch(/All requests +\d/);
  });

  it("runs detached, is watched and stopped from elsewhere", async () => {
    const { code, stdout } = await loadfleet("run", "long.loadtest.yml", "--env", `port=${port}`, "--detach");
    expect(code).toBe(0);
    const runId = stdout.trim();
    const watch = start(["watch", runId]);
    const watched = answerOf(watch);
    await saysOnStderr(watch, /: running/);
    const again = await loadfleet("run", "long.loadtest.yml", "--env", `port=${port}`);
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain(runId);
    expect((await loadfleet("stop", runId.slice(0, 20))).code).toBe(0);
    expect(await watched).toMatchObject({ code: 130, stdout: expect.stringContaining("Not judged") });
  });

  it("names what is damaged of the runs that are kept, and lists the others", async () => {
    const whole = (await loadfleet("runs", "--format", "json")).stdout;
    const [damaged = "", ...others] = globSync("home/ledger/runs/*", { cwd: folder }).toSorted();
    // The newest version of a record counts.
    const [newest = ""] = globSync(join(damaged, "run.*.json"), { cwd: folder }).toSorted().toReversed();
    const path = join(folder, newest);
    writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
    const { code, stdout, stderr } = await loadfleet("runs", "--format", "json");
    expect(code).toBe(0);
    expect(stderr).toContain(path);
    expect(stdout.length).toBeLessThan(whole.length);
    expect(others.length).toBeGreaterThan(0);
    expect(stdout).toContain(basename(others.at(-1) ?? ""));
  });

  it("bears a reader that goes away", async () => {
    const help = start(["help"]);
    help.stdout?.destroy();
    const [code] = await once(help, "exit");
    expect(code).toBe(0);
  });
});
