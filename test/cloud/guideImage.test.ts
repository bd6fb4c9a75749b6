import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeTestId } from "../../src/core/run/ids.ts";
import { callApi, signIn } from "./apiClient.ts";
import { CloudStack, patience } from "./cloudStack.ts";

// An image that a person has built after the implementation guide (Appendix A), without our agent.

let stack: CloudStack;
const name = "localhost/loadfleet-guide-kind:test";

// What the guide's load-test.sh does: it fetches the test, has it run, and uploads Taurus' results.xml. The load itself
// is left out, the figures are fixed.
const script = `
const { S3_BUCKET, TEST_ID, PREFIX, AWS_ENDPOINT_URL } = process.env;
const bucket = AWS_ENDPOINT_URL + "/" + S3_BUCKET;
const group = "<Group label=''><concurrency value='3'/><succ value='40'/><fail value='2'/><avg_rt value='0.01'/>" +
  "<perc param='50.0' value='0.01'/><perc param='100.0' value='0.02'/></Group>";
const run = async () => {
  const found = await fetch(bucket + "/test-scenarios/" + TEST_ID + ".json");
  if (!found.ok) throw new Error("There is no test " + TEST_ID + ".");
  const { execution } = await found.json();
  if (execution[0].concurrency !== 3) throw new Error("The test has another load.");
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const body = "<?xml version='1.0'?><FinalStatus><TestDuration>5</TestDuration>" + group + "</FinalStatus>";
  await fetch(bucket + "/results/" + TEST_ID + "/" + PREFIX + "-" + crypto.randomUUID() + ".xml", { method: "PUT", body });
};
run();`;

beforeAll(async () => {
  stack = await CloudStack.open({ parameters: { ImageKind: "guide" } });
  const made = (await stack.emulator.podman("create", "--network", "host", stack.image)).trim();
  const entryPoint = `ENTRYPOINT ${JSON.stringify(["node", "--eval", script.replaceAll("\n", " ")])}`;
  await stack.emulator.podman("commit", "--quiet", "--format", "docker", "--change", entryPoint, made, name);
  await stack.emulator.podman("rm", made);
  await stack.emulator.publishImage(stack.output("repository"), name);
});
afterAll(async () => {
  await stack?.emulator.podman("rmi", "--force", name);
  await stack?.[Symbol.asyncDispose]();
});

test("its tasks run a test of the API, and their results.xml are the run's figures, marked as approximate", async () => {
  const token = await signIn(stack, "runner", "run");
  const testScenario = {
    execution: [{ concurrency: 3, "ramp-up": "0s", "hold-for": "5s", scenario: "guide" }],
    scenarios: { guide: { requests: ["http://127.0.0.1:9/"] } },
  };
  const body = { testId: "guide", testName: "By the guide", testType: "simple", fileType: "none", taskCount: 2 };
  expect(await callApi(stack, token, "POST", "/scenarios", { ...body, testScenario })).toMatchObject({ status: 200 });
  const { items } = await stack.ledger().listRuns({ testId: makeTestId("guide"), limit: 1 }, stack.signal);
  const runId = items[0]?.runId;
  if (runId === undefined) throw new Error("The API has started no run.");
  const { run, result } = await stack.watch(runId);
  expect(run).toMatchObject({ status: "complete", isPartial: false });
  expect(result).toMatchObject({ isApproximate: true, tasks: { wanted: 2, reported: 2 } });
  expect(result?.labels[""]).toMatchObject({ count: 84, failed: 4 });
  await vi.waitFor(async () => expect(await stack.emulator.containers()).toEqual([]), patience(20_000));
});
