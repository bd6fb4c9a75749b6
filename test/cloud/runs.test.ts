import { DescribeExecutionCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeRunId, type RunId } from "../../src/core/run/ids.ts";
import type { RunView } from "../../src/core/run/run.ts";
import type { FunctionName } from "../../src/core/stack/names.ts";
import { inboxNames, inboxPrefix } from "../../src/fleet/keys.ts";
import { startServer, type TestServer } from "../servers/testServer.ts";
import { CloudStack, patience } from "./cloudStack.ts";

// Runs on the deployed stack, started with a person's own profile. They go on side by side, as they do in a real stack.

let stack: CloudStack;
let target: TestServer;

beforeAll(async () => {
  target = await startServer((_, response) => setTimeout(() => response.end("answer"), 5));
  stack = await CloudStack.open();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

/** A scenario of one request, whose address tells the test. */
function scenario(name: string, load = "hold-for: 3s", more = ""): Readonly<Record<string, string>> {
  const text = `execution:
- {concurrency: 6, ${load}, scenario: one}
scenarios:
  one: {think-time: 50ms, requests: [{url: "${target.address}/${name}", label: only}]}
loadfleet: {id: ${name}, tasks: 2, healthy: 0.5${more}}
`;
  return { "test.loadtest.yml": text };
}

const seen = (name: string): number => target.requests.filter(({ url }) => url === `/${name}`).length;
const isRunning = ({ run }: RunView): boolean => run.status === "running";
const errorType = "Lambda.ServiceException";

function executionOf(runId: RunId): string {
  return `${stack.output("stateMachine").replace(":stateMachine:", ":execution:")}:${runId}`;
}

async function executionStatus(runId: RunId): Promise<string | undefined> {
  const client = new SFNClient(stack.emulator.clientConfig);
  return (await client.send(new DescribeExecutionCommand({ executionArn: executionOf(runId) }))).status;
}

async function abort(runId: RunId): Promise<void> {
  const client = new SFNClient(stack.emulator.clientConfig);
  await client.send(new StopExecutionCommand({ executionArn: executionOf(runId) }));
}

describe.concurrent("a run on the stack", () => {
  test("measures what the target saw, on three tasks that begin together", async () => {
    const { run, result } = await stack.watch(await stack.start("plain", scenario("plain"), { tasks: 3 }));
    expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
    expect(result).toMatchObject({ tasks: { wanted: 3, reported: 3, missing: [] } });
    expect(result?.labels["only"]?.count).toBe(seen("plain"));
    expect(seen("plain")).toBeGreaterThan(50);
    expect(result?.startSkewMs).toBeLessThan(1000);
  });

  test("is cancelled by a person with the figures so far", async () => {
    const runId = await stack.start("cancelled", scenario("cancelled", "hold-for: 10m"));
    await stack.until(runId, (view) => isRunning(view) && seen("cancelled") > 20);
    await (await stack.engine()).stop(runId, "Enough.", stack.signal);
    const { run, result } = await stack.watch(runId);
    expect(run.status).toBe("cancelled");
    expect(result?.labels["only"]?.count).toBeGreaterThan(20);
  });

  test("is the only one of its test, whoever else starts it at the same time", async () => {
    const starts = [1, 2].map(() => stack.start("twice", scenario("twice")));
    const outcomes = await Promise.allSettled(starts);
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(won).toHaveLength(1);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject({ code: "run-active" });
    for (const { value } of won) expect((await stack.watch(value)).run.status).toBe("complete");
  });

  test("has figures of its own while another test runs", async () => {
    const names = ["left", "right"];
    const runIds = await Promise.all(names.map((name) => stack.start(name, scenario(name))));
    const views = await Promise.all(runIds.map((runId) => stack.watch(runId)));
    const spans = views.map(({ run }) => [run.startAtMs ?? 0, run.endedAtMs ?? 0] as const);
    expect(views.map(({ run }) => run.status)).toEqual(["complete", "complete"]);
    // Both were under way at the same time.
    expect(Math.max(...spans.map(([start]) => start))).toBeLessThan(Math.min(...spans.map(([, end]) => end)));
    expect(views.map(({ result }) => result?.labels["only"]?.count)).toEqual(names.map(seen));
  });

  test("goes on without a task that is killed", async () => {
    const runId = await stack.start("killed", scenario("killed", "hold-for: 8s"));
    await stack.until(runId, (view) => isRunning(view) && seen("killed") > 5);
    const [task] = await stack.tasksOf(runId);
    const label = `label=com.amazonaws.ecs.task-arn=${task?.taskArn}`;
    const [container = ""] = (await stack.emulator.podman("ps", "--quiet", "--filter", label)).split("\n");
    await stack.emulator.podman("kill", "--signal", "KILL", container);
    const { run, result } = await stack.watch(runId);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(result?.tasks).toMatchObject({ wanted: 2, reported: 1 });
    expect(result?.tasks.missing).toHaveLength(1);
  });

  test("goes on with the tasks that there is capacity for", async () => {
    // Every attempt at one of the tasks.
    const about = ["unlucky", '"LOADFLEET_TASK", "value": "1"'];
    stack.emulator.fail({ kind: "capacity", times: 1000, about });
    const { run, result, view } = await stack.watch(await stack.start("unlucky", scenario("unlucky")));
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(result?.tasks).toMatchObject({ wanted: 2, reported: 1 });
    expect(view.tasks.find(({ task }) => task === 1)?.reason).toContain("Capacity is unavailable");
  });

  test("leaves out a report that is damaged", async () => {
    stack.emulator.fail({ kind: "before", function: "results-parser", times: 1, errorType, about: ["corrupt"] });
    const runId = await stack.start("corrupt", scenario("corrupt"));
    const store = stack.store();
    let identity: string | undefined;
    await stack.until(runId, ({ tasks }) => {
      identity = tasks.find(({ task }) => task === 1)?.identity ?? undefined;
      return identity !== undefined;
    });
    const key = `${inboxPrefix(identity ?? "")}${inboxNames.report}`;
    await vi.waitFor(async () => expect(await store.get(key, stack.signal)).toBeDefined(), patience(120_000));
    await store.put(key, new TextEncoder().encode("no report"), stack.signal);
    const { run, result } = await stack.watch(runId);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(result?.tasks).toMatchObject({ wanted: 2, reported: 1, missing: [{ task: 1 }] });
  });

  test("is closed with its figures when somebody aborts its execution", async () => {
    const runId = await stack.start("aborted", scenario("aborted", "hold-for: 10m"));
    await stack.until(runId, (view) => isRunning(view) && seen("aborted") > 20);
    await abort(runId);
    const { run, result } = await stack.watch(runId);
    expect(run.status).toBe("failed");
    expect(run.reason).toContain("aborted in Step Functions");
    expect(result?.labels["only"]?.count).toBeGreaterThan(20);
  });

  test("is closed by the sweep when the events of its end are lost", async () => {
    stack.emulator.fail(
      { kind: "event", of: "execution", status: "ABORTED", times: 9, about: ["forgotten"] },
      { kind: "event", of: "task", status: "STOPPED", times: 9, about: ["forgotten"] },
    );
    const runId = await stack.start("forgotten", scenario("forgotten", "hold-for: 10m"), {}, { runId: oldRunId() });
    await stack.until(runId, (view) => isRunning(view) && seen("forgotten") > 5);
    await abort(runId);
    // As the schedule calls it each hour.
    const event = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };
    const swept = stack.invoke("run-closer", event);
    const { run } = await stack.watch(runId);
    expect(run.status).toBe("failed");
    await swept;
  });
});

/** The id of a run that was submitted ten minutes ago: a sweep leaves young ones alone. */
function oldRunId(): RunId {
  return makeRunId(Date.now() - 600_000, randomBytes(10));
}

const steps = [
  "ecr-checker",
  "task-status-checker",
  "task-runner",
  "results-parser",
  "run-closer",
] as const satisfies readonly FunctionName[];

describe.concurrent("a run whose functions fail", () => {
  test.each(steps)("completes although %s fails once and once loses its answer", async (name) => {
    const id = `once-${name}`;
    for (const kind of ["before", "after"] as const)
      stack.emulator.fail({ kind, function: name, times: 1, errorType, about: [id] });
    const { run, result } = await stack.watch(await stack.start(id, scenario(id)));
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(result?.labels["only"]?.count).toBe(seen(id));
  });

  const early = ["ecr-checker", "task-status-checker", "task-runner"] as const;
  test.each(early)("is closed when %s fails for ever", async (name) => {
    const id = `never-${name}`;
    stack.emulator.fail({ kind: "before", function: name, times: 1000, errorType: "TypeError", about: [id] });
    const { run } = await stack.watch(await stack.start(id, scenario(id)));
    expect(run.status).toBe("failed");
    expect(run.reason).toContain("A failure that the test asked for.");
  });

  test("keeps its figures when results-parser fails for ever, because run-closer collects them", async () => {
    const id = "never-results-parser";
    const fault = { kind: "before", function: "results-parser", errorType: "TypeError" } as const;
    stack.emulator.fail({ ...fault, times: 1000, about: [id] });
    const { run, result } = await stack.watch(await stack.start(id, scenario(id)));
    expect(run.status).toBe("complete");
    expect(result?.labels["only"]?.count).toBe(seen(id));
  });

  test("is closed by the sweep when run-closer failed for as long as anybody called it", async () => {
    const id = "never-run-closer";
    const fault = { kind: "before", function: "run-closer", errorType: "TypeError" } as const;
    stack.emulator.fail({ ...fault, times: 1000, about: [id] });
    stack.emulator.fail({ kind: "before", function: "task-runner", times: 1000, errorType: "TypeError", about: [id] });
    const runId = await stack.start(id, scenario(id), {}, { runId: oldRunId() });
    await vi.waitFor(async () => expect(await executionStatus(runId)).not.toBe("RUNNING"), patience(120_000));
    await stack.invoke("run-closer", { source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
    const { run } = await stack.watch(runId);
    expect(run.status).toBe("failed");
  });
});
