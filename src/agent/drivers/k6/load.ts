import type { JsonObject } from "../../../core/json.ts";
import type { RunPlan, Share } from "../../../core/run/plan.ts";
import { ownUserStartMs } from "../../../core/run/share.ts";

/** k6 wants whole numbers of iterations: so many of them in so many seconds keep three decimals of a rate. */
const rateScale = 1000;
const fewestUsersForRate = 200;
const endlessMs = 365 * 86_400_000;

/**
 * Gives k6's scenario for a task's share of an execution: each user starts when the plan says, a rate is kept in
 * iterations. Undefined when the plan leaves the load to the script.
 */
export function scenarioOf(plan: RunPlan, share: Share, index: number): JsonObject | undefined {
  const execution = plan.executions[index];
  const own = share.executions[index];
  if (execution === undefined || own === undefined) return undefined;
  const { rampUpMs, holdForMs, iterations, delayMs } = execution;
  const lengthMs = rampUpMs + (holdForMs ?? 0);
  const common = { startTime: ms(delayMs), gracefulStop: "2s" };
  if (own.ratePerSecond !== null && lengthMs > 0) {
    const rate = Math.round(own.ratePerSecond * rateScale);
    const users = own.users ?? Math.max(fewestUsersForRate, Math.ceil(own.ratePerSecond));
    return {
      ...common,
      executor: "ramping-arrival-rate",
      timeUnit: `${rateScale}s`,
      startRate: rampUpMs > 0 ? 0 : rate,
      preAllocatedVUs: users,
      stages: stages([
        [rampUpMs, rate],
        [holdForMs ?? 0, rate],
      ]),
    };
  }
  if (own.users === null && iterations === null) return undefined;
  const users = own.users ?? 1;
  if (iterations !== null || lengthMs === 0) {
    const maxDuration = ms(lengthMs > 0 ? lengthMs : endlessMs);
    return { ...common, executor: "per-vu-iterations", vus: users, iterations: iterations ?? 1, maxDuration };
  }
  return {
    ...common,
    executor: "ramping-vus",
    startVUs: 0,
    gracefulRampDown: "0s",
    stages: stages(rampOf(plan, share, index, users, lengthMs)),
  };
}

/** A level to go to and how long it takes, in ms. */
type Stage = readonly [durationMs: number, target: number];

/** Users start one by one, at the instants at which the whole run has them start. */
function rampOf(plan: RunPlan, share: Share, index: number, users: number, lengthMs: number): readonly Stage[] {
  const delayMs = plan.executions[index]?.delayMs ?? 0;
  const steps: Stage[] = [];
  let atMs = 0;
  for (let user = 0; user < users; user++) {
    const startMs = Math.min(lengthMs, Math.round(ownUserStartMs(plan, share, index, user) - delayMs));
    steps.push([startMs - atMs, user], [0, user + 1]);
    atMs = startMs;
  }
  return [...steps, [lengthMs - atMs, users]];
}

/** A level at which nothing changes and that takes no time is none. */
function stages(all: readonly Stage[]): readonly JsonObject[] {
  const kept = all.filter(([durationMs, target], at) => durationMs > 0 || all[at + 1]?.[0] !== 0 || target === 0);
  return kept.map(([durationMs, target]) => ({ duration: ms(durationMs), target }));
}

function ms(value: number): string {
  return `${Math.round(value)}ms`;
}

/** Writes the script that k6 runs: the person's own, with the plan's load in place of its own. */
export function wrapScript(name: string, scenario: JsonObject): string {
  const path = JSON.stringify(`./${name}`);
  return `import * as script from ${path};
export * from ${path};
export default script.default ?? (() => {});
const { vus, duration, iterations, stages, scenarios = {}, ...others } = script.options ?? {};
const exec = Object.values(scenarios)[0]?.exec ?? "default";
export const options = { ...others, scenarios: { default: { ...${JSON.stringify(scenario)}, exec } } };
`;
}
