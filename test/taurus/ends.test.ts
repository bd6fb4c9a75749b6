import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startServer, type Answer } from "../servers/testServer.ts";
import { planTaurus, runTask, type TaskRun } from "./tasks.ts";

const answer: Answer = ({ url }, response) => {
  // What hangs is answered by the end of the server's connections only.
  if (!url.startsWith("/hang")) void sleep(5).then(() => response.end("ok"));
};

const yaml = (address: string, request = "/quick"): string => `
execution:
- {concurrency: 4, hold-for: 30s, scenario: shop}
scenarios:
  shop:
    default-address: ${address}
    requests:
    - {label: request, url: ${request}, think-time: 20ms}
`;

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Processes of engines whose command line names the work folders of this test's file. */
function engineProcesses(): readonly Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  const all = lines.map((line) => {
    const [, pid = "", parent = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
  const own = new Set([process.pid]);
  // Children come after their parents only mostly.
  for (let known = 0; known < own.size;) {
    known = own.size;
    for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
  }
  return all.filter(({ pid, command }) => own.has(pid) && /loadfleet_taurus\.py|ApacheJMeter\.jar/.test(command));
}

/** Runs a task until its second interval has come, and then does something to it. */
async function interrupt(address: string, what: (stop: AbortController) => void, request?: string): Promise<TaskRun> {
  const stop = new AbortController();
  let seen = 0;
  return runTask(planTaurus(yaml(address, request)), {
    stop: stop.signal,
    onInterval: () => {
      seen += 1;
      if (seen === 2) what(stop);
    },
  });
}

describe("a load that does not end by itself", () => {
  test("ends gracefully with its figures when it is told to stop", async () => {
    await using server = await startServer(answer);
    const { report, samples } = await interrupt(server.address, (stop) => stop.abort());
    expect(report).toMatchObject({ outcome: "stopped", notes: [] });
    const { count = 0, failed, aborted = 0 } = report.labels[""] ?? {};
    expect({ seen: count + aborted, failed }).toEqual({ seen: samples.length, failed: 0 });
    expect(samples.length).toBeGreaterThan(20);
    expect(engineProcesses()).toEqual([]);
  });

  test("counts requests in flight at the stop as aborted, not as errors", async () => {
    await using server = await startServer(answer);
    const stop = new AbortController();
    const text = yaml(server.address).replace(
      "think-time: 20ms}",
      "think-time: 20ms}\n    - {label: hangs, url: /hang}",
    );
    const running = runTask(planTaurus(text), {
      stop: stop.signal,
      onStart: () => void untilSeen(server.requests, "/hang", 4).then(() => stop.abort()),
    });
    const { report } = await running;
    expect(report.labels["request"]).toMatchObject({ count: 4, failed: 0, aborted: 0 });
    expect(report.labels["hangs"]).toMatchObject({ count: 0, failed: 0, aborted: 4 });
    expect(report.labels[""]).toMatchObject({ count: 4, failed: 0, aborted: 4 });
  });

  test("keeps the last checkpoint when Taurus is killed, and leaves no JMeter behind", async () => {
    await using server = await startServer(answer);
    const { report } = await interrupt(server.address, () => {
      for (const { pid, command } of engineProcesses())
        if (command.includes("loadfleet_taurus.py")) process.kill(pid, "SIGKILL");
    });
    expect(report).toMatchObject({ outcome: "failed", reason: "Taurus was ended from outside by SIGKILL." });
    expect(report.labels[""]?.count).toBeGreaterThan(0);
    expect(report.notes[0]).toContain("last checkpoint");
    expect(engineProcesses()).toEqual([]);
  });

  test("keeps all figures when JMeter is killed", async () => {
    await using server = await startServer(answer);
    const { report, samples } = await interrupt(server.address, () => {
      for (const { pid, command } of engineProcesses())
        if (command.includes("ApacheJMeter.jar")) process.kill(pid, "SIGKILL");
    });
    expect(report).toMatchObject({ outcome: "failed", reason: "JMeter was killed from outside." });
    // The last row may have been cut off in the middle.
    expect(samples.length - (report.labels[""]?.count ?? 0)).toBeLessThanOrEqual(1);
    expect(engineProcesses()).toEqual([]);
  });

  test("kills an engine that does not obey", async () => {
    await using server = await startServer(answer);
    const { report } = await interrupt(server.address, (stop) => {
      for (const { pid, command } of engineProcesses())
        if (command.includes("loadfleet_taurus.py")) process.kill(pid, "SIGSTOP");
      stop.abort();
    });
    expect(report.outcome).toBe("stopped");
    expect(report.labels[""]?.count).toBeGreaterThan(0);
    expect(engineProcesses()).toEqual([]);
  });
});

async function untilSeen(requests: readonly { readonly url: string }[], url: string, count: number): Promise<void> {
  while (requests.filter((request) => request.url === url).length < count) await sleep(20);
}
