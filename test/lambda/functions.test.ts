import { describe, expect, test } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { Histogram } from "../../src/core/results/histogram.ts";
import type { LiveRecord } from "../../src/core/run/wire.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import { decodeCloserEvent, executionReason, failureReason } from "../../src/lambda/closerEvent.ts";
import { makeDistributions, mostValues, splitDistributions } from "../../src/lambda/distributions.ts";
import { makeReadStopped } from "../../src/lambda/ecsTasks.ts";
import { recordStopped } from "../../src/lambda/endRun.ts";
import { readList, readVariable } from "../../src/lambda/environment.ts";
import { checkImage, type ImageBuild, type StoredImage } from "../../src/lambda/image.ts";
import { makeHandler, type LogFields } from "../../src/lambda/invocation.ts";
import { LiveMetrics } from "../../src/lambda/liveMetrics.ts";
import { answer, decodeMessage } from "../../src/lambda/message.ts";
import { makeUsageMetrics, sendUsageMetrics } from "../../src/lambda/usageMetrics.ts";
import { makeRun, makeTask, runIdOf, startedAtMs } from "../fleet/records.ts";
import { Simulation } from "../fleet/simulation.ts";
import { stepMessage } from "./messages.ts";

const { signal } = new AbortController();
const runId = runIdOf(0);

function live(second: number, values: readonly number[], changes: Partial<LiveRecord> = {}): LiveRecord {
  const histogram = new Histogram("ms", { digits: 2 });
  for (const value of values) histogram.record(value);
  const sumMs = values.reduce((sum, value) => sum + value, 0);
  const all = { count: values.length, failed: 1, bytes: 0, sumMs, histogram: histogram.toWire() };
  return { second, seconds: 1, users: 5, labels: { "": all }, ...changes };
}

describe("a message of the state machine", () => {
  test("is read, and answered without what was meant for one function", () => {
    const message = decodeMessage({ ...stepMessage(runId), next: "watch", phase: "before", measuredUntilMs: 7 });
    expect(answer(message, "wait", { waitSeconds: 60 })).toEqual({
      ...stepMessage(runId),
      measuredUntilMs: 7,
      next: "wait",
      waitSeconds: 60,
    });
  });

  test.each([[{}], [null], [{ ...stepMessage("no-run") }], [{ ...stepMessage(runId), taskCount: "3" }]])(
    "%j is refused",
    (event) => expect(() => decodeMessage(event)).toThrow(UserError),
  );
});

describe("a handler", () => {
  async function call(act: () => Promise<string>, remainingMs = 60_000) {
    const lines: string[] = [];
    const describeEvent = (event: string, given: string | undefined): LogFields => ({ runId: event, next: given });
    const handler = makeHandler("task-runner", String, act, describeEvent, (line) => void lines.push(line));
    const outcome = await handler("r1", { getRemainingTimeInMillis: () => remainingMs }).catch(
      (error: unknown) => error,
    );
    return { outcome, lines: lines.map((line): unknown => JSON.parse(line)) };
  }

  test("logs one line that says which run and what comes next", async () => {
    const { outcome, lines } = await call(async () => "watch");
    expect(outcome).toBe("watch");
    expect(lines).toEqual([{ function: "task-runner", ms: expect.any(Number), runId: "r1", next: "watch" }]);
  });

  test("logs one line on a refusal and leaves it a refusal", async () => {
    const { outcome, lines } = await call(() => Promise.reject(new UserError("cap-tasks", "Too many.")));
    expect(outcome).toMatchObject({ name: "UserError", message: "Too many." });
    expect(lines).toMatchObject([{ runId: "r1", error: "cap-tasks", message: "Too many." }]);
  });

  test("makes a failure of AWS that may pass one that is tried again", async () => {
    const { outcome } = await call(() => Promise.reject(new UserError("aws-throttled", "Too fast.")));
    expect(outcome).toMatchObject({ name: "TransientError", message: "Too fast." });
  });
});

describe("the image", () => {
  const check = (build: Partial<ImageBuild> | undefined, images: readonly StoredImage[], waitedMs = 0) =>
    checkImage(
      {
        newestBuild: async () => build && { id: "image:1", status: "SUCCEEDED", reason: undefined, ...build },
        images: async () => images,
      },
      waitedMs,
      signal,
    );
  const latest = { tags: ["latest", "abc"], pushedAtMs: 2 };

  test("with the tag latest is ready, whoever built it", async () => {
    expect(await check(undefined, [latest])).toBe("ready");
    expect(await check({}, [{ tags: ["old"], pushedAtMs: 1 }, latest])).toBe("ready");
    expect(await check({}, [{ tags: [], pushedAtMs: 2 }, latest])).toBe("ready");
  });

  test("is waited for while it is built, and for a while until its first build begins", async () => {
    expect(await check({ status: "IN_PROGRESS" }, [latest])).toBe("wait");
    expect(await check(undefined, [])).toBe("wait");
  });

  test.each<readonly [string, Partial<ImageBuild> | undefined, readonly StoredImage[], string]>([
    [
      "was not built",
      { status: "TIMED_OUT" },
      [latest],
      'The newest build of the image (image:1) ended as "timed out".',
    ],
    ["is not there", undefined, [], "There is no image to run tasks from, and none is being built."],
    ["is not there after its build", {}, [], "There is no image to run tasks from, and none is being built."],
    [
      "is not the newest",
      {},
      [latest, { tags: ["mine"], pushedAtMs: 3 }],
      'The newest image (mine) is not the one tagged "latest".',
    ],
  ])("that %s is an error", async (_what, build, images, sentence) => {
    await expect(check(build, images, 3_600_000)).rejects.toThrow(sentence);
  });
});

describe("distributions", () => {
  test("count users, rate and errors of each second over all tasks, and every response time", () => {
    const records = [live(0, [10, 10, 20]), live(0, [10]), live(1, [30, 30])];
    expect(makeDistributions(records)).toEqual([
      { metric: "Users", unit: "Count", values: [5, 10], counts: [1, 1] },
      { metric: "RequestsPerSecond", unit: "Count/Second", values: [2, 4], counts: [1, 1] },
      { metric: "Errors", unit: "Count", values: [1, 2], counts: [1, 1] },
      { metric: "ResponseTime", unit: "Milliseconds", values: [10, 20, 30], counts: [3, 1, 2] },
    ]);
  });

  test("spread the figures of a record of several seconds over them", () => {
    const [users, rate] = makeDistributions([live(4, [1, 1, 1, 1], { seconds: 4 })]);
    expect([users?.values, users?.counts, rate?.values, rate?.counts]).toEqual([[5], [4], [1], [4]]);
  });

  test("have no response times without requests, and nothing without records", () => {
    const idle = live(0, [], { labels: {} });
    expect(makeDistributions([idle]).map(({ metric }) => metric)).toEqual(["Users", "RequestsPerSecond", "Errors"]);
    expect(makeDistributions([])).toEqual([]);
  });

  test("are cut into requests of at most 150 values a metric, with nothing lost", () => {
    const values = Array.from({ length: 400 }, (_, index) => 1000 + index * 40);
    const distributions = makeDistributions([live(0, values)]);
    const requests = splitDistributions(distributions);
    expect(requests.length).toBeGreaterThan(1);
    for (const { values: some, counts } of requests.flat()) {
      expect(some.length).toBeLessThanOrEqual(mostValues);
      expect(counts).toHaveLength(some.length);
    }
    const times = requests.flat().filter(({ metric }) => metric === "ResponseTime");
    expect(times.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0)).toBe(400);
  });
});

test("metrics that CloudWatch refuses are no reason to stop; the next minute is tried again", async () => {
  const ledger = makeMemoryLedger();
  await ledger.submit(makeRun(), signal);
  const start = { startAtMs: startedAtMs, deadlineAtMs: startedAtMs, roster: {}, identities: { "0": "a" } };
  await ledger.putStart(runId, start, signal);
  await ledger.putLive("a", live(5, [10]), signal);
  await ledger.putLive("a", live(65, [10]), signal);
  const put: number[] = [];
  let isRefused = true;
  const metrics = new LiveMetrics(
    ledger,
    async (_testId, atMs) => {
      if (isRefused) throw new UserError("aws-denied", "Could not put.");
      put.push(atMs);
    },
    undefined,
  );
  const run = { testId: makeRun().testId, runId };
  await metrics.follow(run, startedAtMs + 71_000, { isEnd: false }, signal);
  expect(metrics.failure).toBe("Could not put.");
  isRefused = false;
  await metrics.follow(run, startedAtMs + 131_000, { isEnd: false }, signal);
  expect([metrics.failure, put]).toEqual([undefined, [startedAtMs + 60_000]]);
});

describe("run-closer's event", () => {
  const bus = (type: string, detail: object) => ({ source: "aws", "detail-type": type, detail });
  test.each<readonly [object, object]>([
    [stepMessage(runId), { kind: "message" }],
    [bus("Scheduled Event", {}), { kind: "sweep" }],
    [bus("ECS Task State Change", { startedBy: runId, lastStatus: "STOPPED" }), { kind: "task-stopped", runId }],
    [bus("ECS Task State Change", { startedBy: "ecs-svc/1", lastStatus: "STOPPED" }), { kind: "foreign" }],
    [bus("ECS Task State Change", { startedBy: runId, lastStatus: "RUNNING" }), { kind: "foreign" }],
    [
      bus("Step Functions Execution Status Change", { name: runId, status: "ABORTED" }),
      { kind: "execution-ended", runId, status: "ABORTED" },
    ],
    [bus("Step Functions Execution Status Change", { name: "by-hand", status: "FAILED" }), { kind: "foreign" }],
    [bus("Something Else", {}), { kind: "foreign" }],
  ])("%j is %j", (event, expected) => expect(decodeCloserEvent(event)).toMatchObject(expected));

  test.each([
    ["UserError", { errorType: "UserError", errorMessage: "Too many tasks." }, "Too many tasks."],
    ["TypeError", { errorType: "TypeError", errorMessage: "x is no y" }, "The run could not go on: x is no y."],
    ["States.Timeout", "", "The run could not go on: a function of the stack did not answer in time."],
    [
      "Lambda.TooManyRequestsException",
      "Rate exceeded",
      "The run could not go on: Lambda.TooManyRequestsException: Rate exceeded.",
    ],
  ])("says of %s why the run ends", (name, cause, sentence) => {
    const text = typeof cause === "string" ? cause : JSON.stringify(cause);
    expect(failureReason({ Error: name, Cause: text })).toBe(sentence);
  });

  test.each(["ABORTED", "TIMED_OUT", "FAILED", "SUCCEEDED"])(
    "says of an execution that is %s why the run ends",
    (status) =>
      expect(executionReason(status)).toMatch(/^The execution that drove the run .*, so the run was stopped\.$/),
  );
});

describe("a stopped task", () => {
  const arn = "arn:aws:ecs:us-east-1:000000000000:task/loadfleet/abc";
  const identity = "AROA:abc";
  const detail = (exitCode: number) => ({
    taskArn: arn,
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "OutOfMemoryError: Container killed due to memory usage",
    startedBy: runId,
    containers: [{ exitCode, name: "load-generator" }],
    overrides: {
      containerOverrides: [{ environment: [{ name: "LOADFLEET_TASK", value: "0" }], name: "load-generator" }],
    },
  });
  const read = makeReadStopped({ taskRoleId: "AROA" });

  async function stop(exitCode: number, agent?: "running" | "done") {
    const simulation = new Simulation(() => ({}));
    await simulation.submit();
    const { ledger } = simulation;
    const task = makeTask({ state: "running", launcherId: arn, identity });
    await ledger.putTask(runId, undefined, task, signal);
    if (agent) await ledger.putAgentState(identity, { state: agent, atMs: startedAtMs }, signal);
    const stopped = read(detail(exitCode));
    if (stopped === undefined) throw new Error("The event was not understood.");
    const isNews = await recordStopped(runId, stopped, startedAtMs + 1000, simulation.ports, signal);
    return { isNews, task: (await ledger.listTasks(runId, signal))[0] };
  }

  test("is recorded as lost with ECS' own words", async () => {
    const { isNews, task } = await stop(137, "running");
    expect(isNews).toBe(true);
    expect(task).toMatchObject({ state: "lost", changedAtMs: startedAtMs + 1000 });
    expect(task?.reason).toBe(
      "OutOfMemoryError: Container killed due to memory usage; EssentialContainerExited; exit code 137.",
    );
  });

  test.each([
    ["said itself that it was done", 1, "done" as const],
    ["ended well", 0, undefined],
  ])("that %s is left to the steps", async (_what, exitCode, agent) => {
    expect(await stop(exitCode, agent)).toMatchObject({ isNews: false, task: { state: "running" } });
  });

  test("of something else is no task of ours", () => {
    expect(read({ taskArn: arn, lastStatus: "STOPPED", overrides: { containerOverrides: [] } })).toBeUndefined();
    expect(read({})).toBeUndefined();
  });
});

describe("operational metrics", () => {
  const run = makeRun({ status: "complete", startAtMs: startedAtMs, endedAtMs: startedAtMs + 20_000 });
  const metrics = makeUsageMetrics(stepMessage(runId), run, "uuid", startedAtMs);

  test("are the eight fields of the guide's Appendix E and nothing else", () => {
    expect(metrics).toEqual({
      Solution: "loadfleet",
      UUID: "uuid",
      TimeStamp: "2026-11-24 12:00:00.0",
      TestType: "simple",
      FileType: "none",
      TaskCount: 3,
      TaskDuration: 60,
      TestResult: "complete",
    });
  });

  test("that cannot be sent give a sentence and no error", async () => {
    const send = (response: () => Promise<Response>) =>
      sendUsageMetrics("https://example.com", metrics, signal, response);
    expect(await send(async () => new Response("", { status: 200 }))).toBeUndefined();
    expect(await send(async () => new Response("", { status: 503 }))).toBe("The endpoint answered 503.");
    expect(await send(() => Promise.reject(new Error("no route")))).toBe("no route");
  });
});

describe("the environment", () => {
  const env = { LOADFLEET_TABLE: "t", LOADFLEET_SUBNETS: "a, b", LOADFLEET_BUCKET: "" };
  test("gives what the template set", () => {
    expect(readVariable("table", env)).toBe("t");
    expect(readList("subnets", env)).toEqual(["a", "b"]);
  });
  test("names what it lacks", () => {
    expect(() => readVariable("bucket", env)).toThrow("The function's environment has no LOADFLEET_BUCKET.");
  });
});
