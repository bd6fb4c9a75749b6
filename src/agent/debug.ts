import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { DebugBody, DebugHop, DebugSample, DebugTrace } from "../core/run/debug.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { shareOf } from "../core/run/share.ts";
import { walkSteps } from "../core/scenario/walkSteps.ts";
import { Masker } from "../generator/secrets.ts";
import type { Traffic } from "./driver.ts";
import { makeDriver } from "./drivers.ts";

/**
 * Lets the engine of a plan run one user through one iteration of each execution and keeps what it sent and received,
 * secrets masked. Aborting `signal` ends it with what there is.
 * @param folder holds the scenario's files
 * @param environment the plan's environment with its secrets resolved
 * @throws {UserError} when the engine is not there or cannot run the scenario
 */
export async function debugWithEngine(
  plan: RunPlan,
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<DebugTrace> {
  const once = onceOf(plan);
  const driver = makeDriver(plan.driver);
  const startedAtMs = Date.now();
  const work = await mkdtemp(join(tmpdir(), "loadfleet-debug-"));
  try {
    for (const { path } of plan.files) await cp(join(folder, path), join(work, path), { recursive: true });
    await driver.prepare({ plan: once, task: 0, folder: work, environment, keepsTraffic: true }, signal);
    const start = { share: shareOf(once, 0, 1), startAtMs: Date.now() };
    const report = await driver.run(start, () => undefined, signal);
    const traffic = (await driver.traffic?.()) ?? [];
    if (report.outcome === "failed" && traffic.length === 0) {
      throw new UserError("debug-failed", report.reason ?? "The engine failed and gave no reason.", { kind: "run" });
    }
    const masker = new Masker(plan, environment);
    return {
      schema: "loadfleet.debug.v1",
      name: plan.name,
      file: plan.scenario.file,
      startedAtMs,
      samples: traffic.map((one) => toSample(one, plan, masker)),
      notes: [
        ...(report.outcome === "failed" && report.reason !== undefined ? [report.reason] : []),
        ...(signal.aborted ? ["It was stopped before its end."] : []),
        ...report.notes,
      ],
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** One user, one iteration, at once and without an end in time. */
function onceOf(plan: RunPlan): RunPlan {
  const load = { users: 1, iterations: 1, ratePerSecond: null, rampUpMs: 0, holdForMs: null, delayMs: 0, steps: null };
  return { ...plan, tasks: 1, executions: plan.executions.map((execution) => ({ ...execution, ...load })) };
}

function toSample(traffic: Traffic, plan: RunPlan, masker: Masker): DebugSample {
  const mask = (text: string | null): string | null => (text === null ? null : masker.text(text));
  const [scenario = "", line = 1] = placeOf(traffic.label, plan);
  return {
    scenario,
    line,
    label: masker.text(traffic.label),
    failure: mask(traffic.failure),
    elapsedMs: traffic.elapsedMs,
    hops: traffic.hops.map((hop) => maskHop(hop, masker)),
    assertions: traffic.assertions.map(({ name, isPassed, expected, actual }) => ({
      name: masker.text(name),
      isPassed,
      expected: mask(expected),
      actual: mask(actual),
    })),
    variables: [],
  };
}

/** Scenario and line of the request of this label; what a script sends belongs to the scenario that names the script. */
function placeOf(label: string, plan: RunPlan): readonly [scenario: string, line: number] | readonly [] {
  const names = [...new Set(plan.executions.map(({ scenario }) => scenario))];
  for (const name of names) {
    for (const step of walkSteps(plan.scenario.bodies[name]?.steps ?? []))
      if (step.kind === "request" && step.label === label) return [name, step.range.line];
  }
  const [first] = names;
  return first === undefined ? [] : [first, 1];
}

function maskHop(hop: DebugHop, masker: Masker): DebugHop {
  const headers = (pairs: DebugHop["requestHeaders"]): DebugHop["requestHeaders"] =>
    pairs.map(([name, value]) => [name, masker.header(name, value)]);
  const body = (content: DebugBody | null): DebugBody | null =>
    content === null ? null : { ...content, text: masker.text(content.text) };
  return {
    ...hop,
    url: masker.text(hop.url),
    requestHeaders: headers(hop.requestHeaders),
    requestBody: body(hop.requestBody),
    responseHeaders: headers(hop.responseHeaders),
    responseBody: body(hop.responseBody),
    failure: hop.failure === null ? null : masker.text(hop.failure),
  };
}
