import type { JsonObject, JsonValue } from "../json.ts";
import type { TestId } from "../run/ids.ts";
import { isObject, type TestRequest } from "./testRequest.ts";

/** Reporting modules that only make sense for a task by itself: the run as a whole is reported and judged here. */
const ownReporting: readonly (JsonValue | undefined)[] = [
  "final-stats",
  "console",
  "junit-xml",
  "blazemeter",
  "json-report",
];

const endings = { simple: "json", jmeter: "jmx", taurus: "json", k6: "js", locust: "py" } as const;

/**
 * Writes the scenario of a test as our own language has it: load of the whole run, the test's id and name, and no
 * reporting of single tasks.
 * @param script path of the uploaded script in the bundle, for the scenarios that name the upload
 */
export function scenarioConfig(request: TestRequest, testId: TestId, script: string | undefined): JsonObject {
  const { taskCount, testName } = request;
  const { reporting, loadfleet, ...config } = renamed(request, script);
  const kept = listOf(reporting).filter((item) => !(isObject(item) && ownReporting.includes(item["module"])));
  return {
    ...config,
    execution: listOf(config["execution"]).map((item) => totalOf(item, taskCount)),
    ...(kept.length === 0 ? {} : { reporting: kept }),
    loadfleet: { ...(isObject(loadfleet) ? loadfleet : {}), id: testId, name: testName, tasks: taskCount },
  };
}

/**
 * Writes the scenario of a test as version 1.2 stored it (`test-scenarios/<testId>.json`), for images of the guide's own
 * kind: load of one task, the script by the test's id, and the report that results-parser reads.
 */
export function guideConfig(request: TestRequest, testId: TestId): JsonObject {
  const config = renamed(request, `${testId}.${endings[request.testType]}`);
  return {
    ...config,
    execution: listOf(config["execution"]).map((item) =>
      isObject(item) ? { ...item, taskCount: request.taskCount } : item,
    ),
    reporting: [
      {
        module: "final-stats",
        summary: true,
        percentiles: true,
        "summary-labels": true,
        "test-duration": true,
        "dump-xml": "/tmp/artifacts/results.xml",
      },
    ],
  };
}

/** The configuration with the uploaded script named as it is in the bundle, and without bodies that are empty. */
function renamed({ testScenario, testId, testType }: TestRequest, script: string | undefined): JsonObject {
  const config = testScenario ?? {};
  const isUpload = (name: JsonValue | undefined): boolean =>
    script !== undefined && typeof name === "string" && (name.startsWith(`${testId ?? ""}.`) || name === script);
  const scenarios = Object.entries(isObject(config["scenarios"]) ? config["scenarios"] : {}).map(
    ([name, body]): [string, JsonValue] => {
      if (!isObject(body)) return [name, isUpload(body) && script !== undefined ? script : body];
      const requests = Array.isArray(body["requests"]) ? { requests: body["requests"].map(withoutEmptyBody) } : {};
      return [name, { ...body, ...requests, ...(isUpload(body["script"]) && script !== undefined ? { script } : {}) }];
    },
  );
  const execution = listOf(config["execution"]).map((item) => {
    if (!isObject(item)) return item;
    // Taurus runs k6 and Locust by its own executors only when it is told so.
    const executor = testType === "k6" || testType === "locust" ? { executor: testType } : {};
    return { ...executor, ...item };
  });
  return { ...config, execution, ...(scenarios.length === 0 ? {} : { scenarios: Object.fromEntries(scenarios) }) };
}

// The console of version 1.2 sends {} for a request without a body.
function withoutEmptyBody(request: JsonValue): JsonValue {
  if (!isObject(request)) return request;
  const { body, ...rest } = request;
  const isEmpty = body === "" || (isObject(body) && Object.keys(body).length === 0);
  return isEmpty || body === undefined ? rest : request;
}

function totalOf(item: JsonValue, tasks: number): JsonValue {
  if (!isObject(item)) return item;
  const { taskCount: _old, concurrency, throughput, ...rest } = item;
  return {
    ...rest,
    ...(typeof concurrency === "number" ? { concurrency: concurrency * tasks } : {}),
    ...(typeof throughput === "number" ? { throughput: throughput * tasks } : {}),
  };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
