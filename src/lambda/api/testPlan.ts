import { createHash } from "node:crypto";
import { scenarioConfig } from "../../core/api/testConfig.ts";
import type { FieldFault, TestRequest } from "../../core/api/testRequest.ts";
import type { TestId } from "../../core/run/ids.ts";
import type { RunPlan } from "../../core/run/plan.ts";
import { planRun } from "../../core/run/planRun.ts";
import { bundleAddress, type BundleLookup } from "../../core/scenario/bundle.ts";
import type { FileLookup } from "../../core/scenario/files.ts";
import type { Scenario, Step } from "../../core/scenario/model.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { readScenario } from "../../core/scenario/readScenario.ts";
import type { BundleContent } from "../../fleet/engine.ts";
import { badFields } from "./apiError.ts";
import type { UploadedFiles } from "./uploadedFiles.ts";

/** A run that can be submitted. */
export interface PlannedTest {
  readonly plan: RunPlan;
  readonly contents: readonly BundleContent[];
  /** What the scenario and the plan risk, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Plans the run of a test as it was asked for.
 * @throws {ApiError} 400 with every mistake of the scenario
 */
export function planTest(request: TestRequest, testId: TestId, uploaded: UploadedFiles): PlannedTest {
  const { file, text, files } = sourceOf(request, testId, uploaded);
  const { scenario: read, problems } = readScenario(file, text, lookUp(files));
  refuseErrors(problems, request);
  if (read === undefined) throw badFields([{ field: "testScenario", message: "Nothing can be made of it." }]);
  const scenario: Scenario = { ...read, name: request.testName, settings: { ...read.settings, id: testId } };
  // Whoever packs a zip means all of it: what a script reads by a name that it makes up is not known here.
  const contents = [...files].map(([path, bytes]) => ({ path, bytes }));
  const listed = contents.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }));
  const bundle = { files: listed, sha256: bundleAddress(listed, sha256) };
  const choice = { engine: "aws", tasks: request.taskCount } as const;
  const first = planRun(scenario, choice, bundle);
  refuseErrors(first.problems, request);
  const { plan, problems: risks } =
    first.plan?.driver === "embedded" && !isPlain(scenario)
      ? planRun(scenario, { ...choice, driver: "taurus" }, bundle)
      : first;
  if (plan === undefined) throw badFields([{ field: "testScenario", message: "It cannot be planned." }]);
  const warnings = [...problems, ...risks].filter(({ severity }) => severity === "warning");
  return { plan, contents, warnings: warnings.map(({ message }) => message) };
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The scenario's text: that of the uploaded Taurus file, or what the request describes, which travels as a file of its own. */
function sourceOf(request: TestRequest, testId: TestId, { files, main }: UploadedFiles): Source {
  if (request.testScenario === null && main !== undefined) {
    return { file: main, text: new TextDecoder().decode(files.get(main)), files };
  }
  const file = `${testId}.json`;
  const text = JSON.stringify(scenarioConfig(request, testId, main), undefined, 2);
  return { file, text, files: new Map([...files, [file, new TextEncoder().encode(text)]]) };
}

function lookUp(files: ReadonlyMap<string, Uint8Array>): FileLookup & BundleLookup {
  return {
    exists: (path) => files.has(path),
    size: (path) => files.get(path)?.length,
    readText: (path) => (files.has(path) ? new TextDecoder().decode(files.get(path)) : undefined),
    list: (folder) =>
      [...files.keys()].flatMap((path) => {
        const inside = folder === "" ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : "/";
        return inside.includes("/") ? [] : [inside];
      }),
  };
}

function refuseErrors(problems: readonly Problem[], request: TestRequest): void {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw badFields(errors.map((problem) => fieldOf(problem, request)));
}

/** Of what the request describes a line means nothing to the client; in an uploaded file it does. */
function fieldOf({ file, line, column, message }: Problem, { testScenario }: TestRequest): FieldFault {
  const isWritten = testScenario !== null && file.endsWith(".json");
  return { field: isWritten ? "testScenario" : `${file}:${line}:${column}`, message };
}

/** Tells whether a scenario is nothing but plain requests, which the lean generator sends just as JMeter does. */
function isPlain({ executions, bodies }: Scenario): boolean {
  return executions.every(({ scenario: name, extra, executor }) => {
    const body = bodies[name];
    if (body === undefined || extra.length > 0 || (executor ?? "jmeter") !== "jmeter") return false;
    const { script, extra: more, variables, dataSources, clientCertificate, resourcesRegex } = body;
    const isBare =
      script === undefined && more.length === 0 && dataSources.length === 0 && resourcesRegex === undefined;
    const hasNoSecrets = clientCertificate === undefined && Object.keys(variables).length === 0;
    return isBare && hasNoSecrets && body.steps.every(isPlainStep);
  });
}

function isPlainStep(step: Step): boolean {
  if (step.kind !== "request" || step.extra.length > 0) return false;
  if (step.extractors.length > 0 || step.assertions.some(({ kind }) => kind !== "contains")) return false;
  if (step.body?.kind === "file" || step.body?.kind === "multipart") return false;
  // JMeter's expressions are its own language.
  return !JSON.stringify([step.url, step.method, step.headers, step.body ?? null]).includes("${");
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
