import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../servers/testServer.ts";
import { CloudStack } from "./cloudStack.ts";

// The emulator enforces the policies of people, functions and tasks here: nothing but what the template grants works.

let stack: CloudStack;
let target: TestServer;

beforeAll(async () => {
  target = await startServer((_, response) => setTimeout(() => response.end("answer"), 5));
  stack = await CloudStack.open({ isStrict: true });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

const scenario = (): Readonly<Record<string, string>> => ({
  "test.loadtest.yml": `execution:
- {concurrency: 4, hold-for: 3s, scenario: one}
scenarios:
  one: {think-time: 50ms, requests: [{url: "${target.address}/strict", label: only}]}
loadfleet: {id: strict, tasks: 2}
`,
});

test("who has the stack's policy for runs starts one, follows it, and reads its result", async () => {
  const engine = await stack.engineFor(await stack.connectionOf("runPolicy"));
  const runId = await stack.start("strict", scenario(), {}, { engine });
  const events = [];
  for await (const event of engine.watch(runId, stack.signal)) events.push(event.kind);
  await stack.expectClosed(runId);
  const result = await engine.result(runId, stack.signal);
  expect(result).toMatchObject({ status: "complete", isPartial: false, tasks: { wanted: 2, reported: 2 } });
  expect(result?.labels["only"]?.count).toBe(target.requests.length);
});

test("who has the policy for reading lists the runs, and starts none", async () => {
  const engine = await stack.engineFor(await stack.connectionOf("readPolicy"));
  const { items } = await engine.list({ limit: 10 }, stack.signal);
  expect(items.map(({ status }) => status)).toEqual(["complete"]);
  const started = stack.start("strict", scenario(), {}, { engine });
  await expect(started).rejects.toMatchObject({ kind: "environment" });
  expect((await engine.list({ limit: 10 }, stack.signal)).items).toHaveLength(1);
});
