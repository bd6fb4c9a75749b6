import { guideConfig } from "../../core/api/testConfig.ts";
import { decodeTestRequest, type TestRequest } from "../../core/api/testRequest.ts";
import { packBundle } from "../../core/run/bundleArchive.ts";
import { makeRunId, makeTestId, type TestId } from "../../core/run/ids.ts";
import { isFinal, type RunOrigin } from "../../core/run/run.ts";
import { UserError } from "../../core/errors.ts";
import { submitRun } from "../../fleet/submit.ts";
import { badFields, testIsRunning } from "./apiError.ts";
import { jsonOf } from "./input.ts";
import type { ApiPorts, ApiRequest, Operation } from "./ports.ts";
import { scenarioBody } from "./scenarioBody.ts";
import { encode, storeTestRecord } from "./testRecord.ts";
import { planTest } from "./testPlan.ts";
import { loadUpload, type UploadedFiles } from "./uploadedFiles.ts";

/** Stores a test and starts a run of it. */
export const startScenario: Operation = async (asked, ports, signal) => {
  const decoded = decodeTestRequest(jsonOf(asked));
  if (decoded.faults !== undefined) throw badFields(decoded.faults);
  const { request } = decoded;
  const testId = makeTestId(request.testId ?? Buffer.from(ports.random(10)).toString("hex"));
  await refuseRunning(testId, ports, signal);
  const uploaded = await loadUpload(request, testId, ports.store, signal);
  const { plan, contents, warnings } = planTest(request, testId, uploaded);
  const now = ports.now();
  const submission = {
    runId: makeRunId(now, ports.random(10)),
    plan,
    bundle: packBundle(contents),
    origin: originOf(request, asked, ports),
  };
  const starter: ApiPorts["starter"] = {
    // Only the winner of several starts gets here, so that the test's files are always those of its active run.
    start: async (runId) => {
      await keepTest(request, testId, uploaded, ports, signal);
      await ports.starter.start(runId, signal);
    },
    isAlive: (runId) => ports.starter.isAlive(runId, signal),
  };
  try {
    await submitRun(submission, now, { ...ports, starter }, signal);
  } catch (error) {
    if (error instanceof UserError && error.code === "run-active") await refuseRunning(testId, ports, signal);
    throw error;
  }
  const body = await scenarioBody(testId, { limit: 10 }, ports, signal);
  return { status: 200, body: { ...body, ...(warnings.length === 0 ? {} : { warnings }) } };
};

/** @throws {ApiError} 409 with the run that is in the way */
async function refuseRunning(testId: TestId, { ledger }: ApiPorts, signal: AbortSignal): Promise<void> {
  const active = (await ledger.getTest(testId, signal))?.activeRunId;
  const run = active ? await ledger.getRun(active, signal) : undefined;
  if (run !== undefined && !isFinal(run.status)) throw testIsRunning(testId, run.runId);
}

function originOf(request: TestRequest, { user }: ApiRequest, { toolVersion }: ApiPorts): RunOrigin {
  const { testDescription: description, testType, fileType } = request;
  return {
    startedBy: user,
    commit: undefined,
    isTreeClean: undefined,
    scenarioPath: undefined,
    toolVersion,
    test: { description, testType, fileType },
  };
}

/** Keeps what GET shows of the test, and what an image of the guide's own kind reads. */
async function keepTest(
  request: TestRequest,
  testId: TestId,
  { upload }: UploadedFiles,
  { store }: ApiPorts,
  signal: AbortSignal,
): Promise<void> {
  await storeTestRecord(request, testId, store, signal);
  if (request.testScenario !== null) {
    await store.put(`test-scenarios/${testId}.json`, encode(guideConfig(request, testId)), signal);
  }
  if (upload !== undefined && upload.from !== upload.to) {
    await store.put(upload.to, upload.bytes, signal);
    await store.delete(upload.from, signal);
  }
}
