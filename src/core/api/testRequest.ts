import type { JsonObject, JsonValue } from "../json.ts";
import { parseDuration } from "../units.ts";

/** Kinds of test; `simple` and `jmeter` are those of version 1.2. */
export const testTypes = ["simple", "jmeter", "taurus", "k6", "locust"] as const;
export type TestType = (typeof testTypes)[number];

/** What was uploaded for a test. */
export const fileTypes = ["none", "script", "zip"] as const;
export type FileType = (typeof fileTypes)[number];

/** What a client asks for with POST /scenarios. */
export interface TestRequest {
  /** As the client writes it; files that it uploaded itself are named so. Undefined: a new test. */
  readonly testId: string | undefined;
  readonly testName: string;
  readonly testDescription: string;
  readonly testType: TestType;
  readonly fileType: FileType;
  readonly taskCount: number;
  /** Taurus configuration with the load of each task, amounts as numbers; null when the uploaded file is the whole scenario. */
  readonly testScenario: JsonObject | null;
}

/** What is wrong with one field, named as in JSON: `testScenario.execution[0].hold-for`. */
export interface FieldFault {
  readonly field: string;
  /** One sentence that says what it has to be. */
  readonly message: string;
}

export type Decoded =
  { readonly request: TestRequest; readonly faults?: undefined } | { readonly faults: readonly FieldFault[] };

const longestName = 200;
const longestDescription = 1000;
/** More than any account starts; the stack's own cap says what it allows. */
const mostTasks = 10_000;

type Fail = (field: string, message: string) => undefined;

/** Reads the body of POST /scenarios as clients of version 1.2 send it; every field that cannot be is named. */
export function decodeTestRequest(body: JsonValue): Decoded {
  const faults: FieldFault[] = [];
  const fail: Fail = (field, message) => void faults.push({ field, message });
  if (!isObject(body)) return { faults: [{ field: "", message: "The body has to be a JSON object." }] };
  const testType = choose(body, "testType", testTypes, "simple", fail);
  const request: TestRequest = {
    testId: readTestId(body["testId"], fail),
    testName: readText(body, "testName", longestName, fail),
    testDescription: isGiven(body["testDescription"])
      ? readText(body, "testDescription", longestDescription, fail)
      : "",
    testType,
    fileType: readFileType(body, testType, fail),
    taskCount: readWhole(body["taskCount"], "taskCount", fail, mostTasks) ?? 1,
    testScenario: null,
  };
  if (!isGiven(body["taskCount"])) fail("taskCount", "The number of tasks is missing.");
  if (request.fileType !== "none" && !isGiven(body["testId"])) {
    fail("testId", "The test's id is missing: the file was uploaded under it.");
  }
  const testScenario = readTestScenario(body["testScenario"], request, fail);
  return faults.length > 0 ? { faults } : { request: { ...request, testScenario } };
}

/** Tells whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Forms of old clients send empty texts for what was left out.
function isGiven(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null && value !== "";
}

function readTestId(value: JsonValue | undefined, fail: Fail): string | undefined {
  if (!isGiven(value)) return undefined;
  if (typeof value === "string" && /^(?=.*[A-Za-z0-9])[\w-]{1,128}$/.test(value)) return value;
  return fail("testId", "A test's id has letters, digits, - and _ only, and at most 128 of them.");
}

function readText(body: JsonObject, field: string, longest: number, fail: Fail): string {
  const value = body[field];
  const text = typeof value === "string" ? value.trim() : "";
  if (text === "") fail(field, "It has to be a text that is not empty.");
  else if (text.length > longest) fail(field, `It has ${text.length} characters; ${longest} are the most.`);
  return text;
}

function choose<T extends string>(body: JsonObject, field: string, values: readonly T[], otherwise: T, fail: Fail): T {
  const given = body[field];
  if (!isGiven(given)) return otherwise;
  const chosen = values.find((value) => value === given);
  if (chosen === undefined) fail(field, `It is one of ${values.join(", ")}.`);
  return chosen ?? otherwise;
}

function readFileType(body: JsonObject, testType: TestType, fail: Fail): FileType {
  const hasScenario = isGiven(body["testScenario"]);
  const usual = testType === "taurus" && hasScenario ? "none" : "script";
  const fileType = choose(body, "fileType", fileTypes, usual, fail);
  // Whatever an old form says of it, a simple test has no file.
  if (testType === "simple") return "none";
  if (fileType === "none" && testType !== "taurus") {
    fail("fileType", `A test of the type ${testType} needs a script: upload it, and send "script" or "zip".`);
  }
  return fileType;
}

/** Reads a whole number of 1 or more, as a number or as its digits. */
function readWhole(value: JsonValue | undefined, field: string, fail: Fail, most: number): number | undefined {
  if (!isGiven(value)) return undefined;
  const number = numberOf(value);
  if (number !== undefined && Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
  return fail(field, `It has to be a whole number from 1 to ${most}.`);
}

function numberOf(value: JsonValue): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function readTestScenario(value: JsonValue | undefined, request: TestRequest, fail: Fail): JsonObject | null {
  const isWholeFile = request.testType === "taurus" && request.fileType !== "none";
  if (isWholeFile) {
    if (isGiven(value)) {
      fail(
        "testScenario",
        "Leave it out: the uploaded Taurus file says everything, and its load is that of all tasks.",
      );
    }
    return null;
  }
  const config = typeof value === "string" ? parseObject(value) : isObject(value) ? value : undefined;
  if (config === undefined) {
    fail("testScenario", "It has to be a Taurus configuration, as an object or as JSON text.");
    return null;
  }
  const execution = readExecutions(config["execution"], request, fail);
  if (!isObject(config["scenarios"]) && execution.some(({ scenario }) => typeof scenario === "string")) {
    fail("testScenario.scenarios", "It has to be an object with the scenarios by name.");
  }
  return { ...config, execution };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readExecutions(value: JsonValue | undefined, request: TestRequest, fail: Fail): readonly JsonObject[] {
  const items = Array.isArray(value) ? value : isObject(value) ? [value] : [];
  if (items.length === 0) fail("testScenario.execution", "It has to be a list with at least one entry.");
  return items.map((item: JsonValue, index) => {
    const field = `testScenario.execution[${index}]`;
    if (isObject(item)) return readExecution(item, field, request, fail);
    fail(field, "It has to be an object.");
    return {};
  });
}

function readExecution(item: JsonObject, field: string, request: TestRequest, fail: Fail): JsonObject {
  const { concurrency, throughput, iterations, "ramp-up": rampUp, "hold-for": holdFor, ...rest } = item;
  const own = (value: JsonValue | undefined): JsonValue | undefined =>
    isObject(value) && ("cloud" in value || "local" in value) ? (value["cloud"] ?? value["local"]) : value;
  const load = {
    concurrency: readWhole(own(concurrency), `${field}.concurrency`, fail, 1_000_000),
    throughput: readRate(own(throughput), `${field}.throughput`, fail),
    iterations: readWhole(own(iterations), `${field}.iterations`, fail, Number.MAX_SAFE_INTEGER),
    "ramp-up": readTime(own(rampUp), `${field}.ramp-up`, fail),
    "hold-for": readTime(own(holdFor), `${field}.hold-for`, fail),
  };
  // A script may have a load of its own; requests alone have none, and would be sent once.
  if (request.testType === "simple" && !isGiven(own(concurrency))) {
    fail(`${field}.concurrency`, "The number of users of each task is missing.");
  }
  if (request.testType === "simple" && !isGiven(own(holdFor)) && !isGiven(own(iterations))) {
    fail(`${field}.hold-for`, "How long the load is held is missing.");
  }
  if (load["hold-for"] === 0 && load["ramp-up"] === undefined && load.iterations === undefined) {
    fail(`${field}.hold-for`, "It has to be longer than 0.");
  }
  const given = Object.entries(load).flatMap(([key, amount]) => (amount === undefined ? [] : [[key, amount] as const]));
  return { ...rest, ...Object.fromEntries(given) };
}

function readRate(value: JsonValue | undefined, field: string, fail: Fail): number | undefined {
  if (!isGiven(value)) return undefined;
  const rate = numberOf(value);
  if (rate !== undefined && Number.isFinite(rate) && rate > 0) return rate;
  return fail(field, "It has to be a number of requests per second above 0.");
}

/** Reads a duration, as a number of seconds or as a text with units; the answer is a text with a unit, or 0. */
function readTime(value: JsonValue | undefined, field: string, fail: Fail): string | 0 | undefined {
  if (!isGiven(value)) return undefined;
  const ms = typeof value === "number" || typeof value === "string" ? parseDuration(value) : undefined;
  if (ms === undefined || !Number.isFinite(ms)) {
    return fail(field, "It has to be a number of seconds, or numbers with ms, s, m, h or d, such as 30s or 1h30m.");
  }
  return ms === 0 ? 0 : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
