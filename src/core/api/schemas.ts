import type { JsonObject } from "../json.ts";

const text = { type: "string" };
const whole = { type: "integer" };
const number = { type: "number" };
const flag = { type: "boolean" };
const anything = { type: "object" };

function object(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

function list(items: JsonObject): JsonObject {
  return { type: "array", items };
}

function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function oneOf(description: string, ...values: readonly string[]): JsonObject {
  return { type: "string", enum: values, description };
}

const status = oneOf(
  "`running` until the run has ended; `none` for a test without runs.",
  "running",
  "complete",
  "failed",
  "cancelled",
  "none",
);
const next = { ...text, description: "Goes on with this as `after`; missing on the last page." };
const instant = { ...text, description: "UTC, `YYYY-MM-DD HH:mm:ss`." };
const seconds = { ...number, description: "Seconds." };

const figures = {
  avg_rt: { ...number, description: "Mean response time, in seconds." },
  avg_lt: { ...number, description: "Mean time to the first byte, in seconds." },
  avg_ct: { ...number, description: "Mean time to connect, in seconds." },
  bytes: { ...number, description: "Bandwidth: bytes received per second." },
  bandwidth: { ...number, description: "The same as `bytes`." },
  throughput: { ...whole, description: "Number of requests." },
  succ: whole,
  fail: whole,
  rps: { ...number, description: "Requests per second." },
  concurrency: whole,
  testDuration: { ...number, description: "Seconds from the first to the last request." },
  rc: list(object({ code: text, count: whole })),
  p0_0: seconds,
  p50_0: seconds,
  p90_0: seconds,
  p95_0: seconds,
  p99_0: seconds,
  p99_9: seconds,
  p100_0: seconds,
};

const runEntry = {
  id: { ...text, description: "The run's id." },
  runId: text,
  testId: text,
  testName: text,
  status,
  phase: { ...text, description: "The run's own status: queued, provisioning, ready, running, collecting, …" },
  verdict: text,
  startTime: instant,
  endTime: { ...text, description: "As `startTime`; `running` while the run is on." },
  startedBy: text,
  taskCount: whole,
  isPartial: flag,
  errorReason: text,
  costUsd: number,
  results: ref("Results"),
};

/** Schemas of what the API takes and answers, by name; API Gateway takes letters and digits only in these names. */
export const schemas: JsonObject = {
  Empty: object({}),
  Problem: object(
    {
      type: text,
      title: { ...text, description: "One sentence that says what failed." },
      status: whole,
      code: { ...text, description: "Stable name of the failure." },
      hint: { ...text, description: "The next step." },
      fields: list(object({ field: text, message: text }, ["field", "message"])),
      activeRunId: { ...text, description: "With 409: the run that is in the way." },
      errorId: { ...text, description: "With 500: how the function's log names it." },
    },
    ["title", "status", "code"],
  ),
  ScenarioRequest: object(
    {
      testId: { ...text, description: "Missing: a new test. Known: the test is replaced and runs again." },
      testName: text,
      testDescription: text,
      testType: oneOf("Default `simple`.", "simple", "jmeter", "taurus", "k6", "locust"),
      fileType: oneOf("What was uploaded.", "none", "script", "zip"),
      taskCount: { ...whole, description: "Number of tasks." },
      testScenario: {
        ...anything,
        description:
          "Taurus configuration, as an object or as JSON text: execution (concurrency and throughput are those of each task; " +
          "ramp-up and hold-for are numbers of seconds or texts with ms, s, m, h or d), scenarios, reporting.",
      },
    },
    ["testName", "taskCount"],
  ),
  Scenario: object({
    testId: text,
    testName: text,
    testDescription: text,
    testType: text,
    fileType: text,
    status,
    startTime: instant,
    endTime: text,
    testScenario: anything,
    taskCount: whole,
    taskIds: list(text),
    results: ref("Results"),
    history: list(ref("RunEntry")),
    next,
    errorReason: text,
    runId: text,
    baselineRunId: text,
    warnings: list(text),
  }),
  ScenarioList: object({
    data: list(ref("ScenarioEntry")),
    Items: {
      ...list(ref("ScenarioEntry")),
      description: "The same list, by the name that clients of version 1.2 read.",
    },
    next,
  }),
  ScenarioEntry: object({
    testId: text,
    testName: text,
    testDescription: text,
    testType: text,
    status,
    startTime: instant,
    endTime: text,
    runId: text,
  }),
  Status: object({ testId: text, runId: text, status: text, runsLeft: flag }),
  Results: object({ ...figures, labels: list(object({ label: text, ...figures })) }),
  RunEntry: object(runEntry),
  RunList: object({ runs: list(ref("RunEntry")), next }),
  Run: object({
    ...runEntry,
    run: { ...anything, description: "The whole record (loadfleet.run.v1)." },
    tasks: list(anything),
    taskIds: list(text),
    verdictRules: list(anything),
  }),
  Events: object({
    events: {
      ...list(anything),
      description: "Events as `loadfleet watch --format json` prints them, without the result.",
    },
    next: { ...text, description: "Ask again with this as `after`." },
    isEnded: flag,
  }),
  Link: object({ url: text, expiresInSeconds: whole, bytes: whole }),
  ArtifactList: object({
    artifacts: list(object({ name: text, bytes: whole, url: text })),
    expiresInSeconds: whole,
    next,
  }),
  UploadRequest: object({
    testType: oneOf("Decides about the folder of the file.", "jmeter", "taurus", "k6", "locust"),
    fileName: { ...text, description: "Its ending decides about the kind: jmx, js, py, yml, yaml, json, zip." },
    bytes: { ...whole, description: "Size of the file, at most 50 MB." },
    uploadId: { ...text, description: "Puts the parts of this upload together." },
  }),
  Upload: object({
    testId: text,
    key: text,
    fileType: text,
    uploadId: text,
    partBytes: whole,
    parts: list(object({ number: whole, bytes: whole, url: text })),
    expiresInSeconds: whole,
    isComplete: flag,
  }),
  BaselineRequest: object({ runId: text }, ["runId"]),
  Baseline: object({ testId: text, baselineRunId: text }),
  TaskList: object({ tasks: list(text), taskIds: list(text) }),
};
