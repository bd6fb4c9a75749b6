import type { JsonObject, JsonValue } from "../../../core/json.ts";
import type { RunPlan } from "../../../core/run/plan.ts";
import type { Step } from "../../../core/scenario/model.ts";
import { resolveProperties } from "./properties.ts";

/** What the share, the plan or Loadfleet say instead of the entry itself. */
const replaced: ReadonlySet<string> = new Set([
  "concurrency",
  "throughput",
  "ramp-up",
  "hold-for",
  "iterations",
  "steps",
  "delay",
  "start-at",
  "criteria",
  "executor",
  "distributed",
  "provisioning",
]);

/** Finds the entry of `execution` that each planned execution comes from, without its load; `scenario` is kept as it is. */
export function alignExecutions(plan: RunPlan): readonly JsonObject[] {
  const entries = listOf(plan.scenario.config["execution"]).filter((entry) => isObject(entry));
  // A label filter leaves executions out, but keeps their order.
  let next = 0;
  return plan.executions.map((execution, index) => {
    const isWhole = entries.length === plan.executions.length;
    const at = isWhole
      ? index
      : entries.findIndex((entry, place) => place >= next && entry["scenario"] === execution.scenario);
    next = at + 1;
    const kept = Object.entries(entries[at] ?? {}).filter(([key]) => !replaced.has(key));
    return Object.fromEntries(at < 0 ? [["scenario", execution.scenario]] : kept);
  });
}

/**
 * The scenarios of the configuration, without the requests that a label filter took out of the plan. Taurus cuts an
 * address into host and port before JMeter sees it, so properties in addresses are resolved here.
 */
export function scenariosOf(plan: RunPlan, environment: Readonly<Record<string, string>>): JsonObject {
  const scenarios = pruneScenarios(plan);
  const resolved = Object.entries(scenarios).map(([name, body]) => {
    const address = isObject(body) ? body["default-address"] : undefined;
    if (!isObject(body) || typeof address !== "string") return [name, body] as const;
    return [name, { ...body, "default-address": resolveProperties(address, environment) }] as const;
  });
  return Object.fromEntries(resolved);
}

function pruneScenarios(plan: RunPlan): JsonObject {
  const scenarios = plan.scenario.config["scenarios"];
  if (!isObject(scenarios)) return {};
  if (!isFiltered(plan, scenarios)) return scenarios;
  const kept = new Set(Object.values(plan.scenario.bodies).flatMap(({ steps }) => labelsIn(steps)));
  return Object.fromEntries(
    Object.entries(scenarios).map(([name, body]) => [
      name,
      isObject(body) && body["requests"] !== undefined
        ? { ...body, requests: pruneRequests(body["requests"], kept) }
        : body,
    ]),
  );
}

function isFiltered(plan: RunPlan, scenarios: JsonObject): boolean {
  const planned = Object.entries(plan.scenario.bodies);
  return planned.some(([name, { steps }]) => {
    const body = scenarios[name];
    return isObject(body) && countRequests(body["requests"]) > allSteps(steps).length;
  });
}

const inner = ["do", "then", "else"] as const;

function countRequests(requests: JsonValue | undefined): number {
  return listOf(requests).reduce<number>((sum, one) => {
    if (!isObject(one)) return sum + 1;
    return sum + 1 + inner.reduce((total, key) => total + countRequests(one[key]), 0);
  }, 0);
}

function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...allSteps(stepsIn(step))]);
}

function stepsIn(step: Step): readonly Step[] {
  if ("then" in step) return [...step.then, ...step.else];
  return "steps" in step ? step.steps : [];
}

function labelsIn(steps: readonly Step[]): readonly string[] {
  return allSteps(steps).flatMap((step) => ("label" in step ? [step.label] : []));
}

function pruneRequests(requests: JsonValue | undefined, kept: ReadonlySet<string>): readonly JsonValue[] {
  return listOf(requests).flatMap((one): readonly JsonValue[] => {
    if (typeof one === "string") return kept.has(one) ? [one] : [];
    if (!isObject(one)) return [];
    if (one["url"] !== undefined) return kept.has(textOf(one["label"] ?? one["url"])) ? [one] : [];
    const lists = inner.flatMap((key) =>
      one[key] === undefined ? [] : [[key, pruneRequests(one[key], kept)] as const],
    );
    return lists.length > 0 && lists.every(([, list]) => list.length === 0)
      ? []
      : [{ ...one, ...Object.fromEntries(lists) }];
  });
}

/** A text as it is, any other value as JSON. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/** A list as it is, a single value as a list of one, nothing as an empty list. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

// Array.isArray alone does not tell readonly arrays apart.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Tells objects from all other JSON values. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}
