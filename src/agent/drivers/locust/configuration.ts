import { UserError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { RunPlan, Share } from "../../../core/run/plan.ts";
import { ownUserStartMs } from "../../../core/run/share.ts";
import type { RequestStep, ScenarioBody, Step } from "../../../core/scenario/model.ts";

/**
 * Makes the configuration of `loadfleet_locust.py` for a task's share of an execution.
 * @throws {UserError} `locust-rate`, `locust-requests` for what Locust cannot do
 */
export function makeConfiguration(plan: RunPlan, share: Share, index: number): JsonObject {
  const execution = plan.executions[index];
  const own = share.executions[index];
  const body = plan.scenario.bodies[execution?.scenario ?? ""];
  if (execution === undefined || own === undefined || body === undefined)
    throw new Error("There is no such execution.");
  if (own.ratePerSecond !== null) {
    throw new UserError("locust-rate", "Locust does not hold a target rate, and the scenario has throughput.", {
      hint: "Leave throughput out, or run the scenario with the embedded generator, Taurus or k6.",
    });
  }
  const { rampUpMs, holdForMs, iterations } = execution;
  const lengthMs = rampUpMs + (holdForMs ?? 0);
  const isOnce = iterations === null && lengthMs === 0 && own.users !== null;
  return {
    script: body.script ?? null,
    requests: body.script === undefined ? requestsOf(body) : null,
    host: body.defaultAddress ?? null,
    users: own.users,
    spawnRate: rampUpMs === 0 ? Math.max(own.users ?? 1, 1) : ((own.users ?? 1) * 1000) / rampUpMs,
    delay: (own.users === null ? execution.delayMs : ownUserStartMs(plan, share, index, 0)) / 1000,
    length: lengthMs === 0 ? null : lengthMs / 1000,
    iterations: isOnce ? 1 : iterations,
  };
}

function requestsOf(body: ScenarioBody): readonly JsonObject[] {
  const isPlain = body.assertions.length + body.extractors.length + body.dataSources.length === 0;
  if (!isPlain) throw tooMuch("assertions, extractors or data sources");
  return body.steps.map((step) => requestOf(step, body));
}

function requestOf(step: Step, body: ScenarioBody): JsonObject {
  if (step.kind !== "request") throw tooMuch(`a step of the kind ${step.kind}`);
  const { label, method, url, assertions, extractors } = step;
  if (assertions.length + extractors.length > 0) throw tooMuch(`assertions or extractors at ${label}`);
  const request = {
    label,
    method,
    url,
    headers: { ...body.headers, ...step.headers },
    redirects: step.followsRedirects ?? body.followsRedirects,
    pause: pauseOf(step, body),
    timeout: secondsOf(step.timeoutMs ?? body.timeoutMs),
    ...bodyOf(step),
  };
  if (JSON.stringify(request).includes("${")) throw tooMuch(`variables at ${label}`);
  return request;
}

function bodyOf({ body, label }: RequestStep): JsonObject {
  switch (body?.kind) {
    case undefined:
      return {};
    case "text":
      return { data: body.text };
    case "form":
      return { data: body.fields };
    case "json":
      return { json: body.value };
    case "file":
    case "multipart":
      throw tooMuch(`a body from a file at ${label}`);
  }
}

function pauseOf(step: RequestStep, body: ScenarioBody): number {
  const pause = step.thinkTime ?? body.thinkTime;
  if (pause === undefined) return 0;
  if (pause.kind === "constant" && typeof pause.ms === "number") return pause.ms / 1000;
  throw tooMuch(`a think-time that varies at ${step.label}`);
}

function secondsOf(ms: string | number | undefined): number | null {
  return typeof ms === "number" ? ms / 1000 : null;
}

function tooMuch(what: string): UserError {
  return new UserError("locust-requests", `Locust cannot run these requests: there are ${what}.`, {
    hint: "Run the scenario with the embedded generator or with Taurus, or write a locustfile.",
  });
}
