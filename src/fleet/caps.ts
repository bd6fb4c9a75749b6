import { UserError } from "../core/errors.ts";
import { formatUsd } from "../core/run/cost.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunId } from "../core/run/ids.ts";
import { stackParameters, type Caps } from "../core/stack/names.ts";
import { formatDuration } from "../core/results/figures.ts";
import type { Ports } from "./ports.ts";
import { expectedCost, spentThisMonth, type Tariff } from "./spending.ts";
import { isAllowedTarget, targetsOf } from "./targets.ts";

/** A run that is about to be launched; it has no id before it is submitted. */
export interface Applicant {
  readonly runId: RunId | undefined;
  readonly plan: RunPlan;
}

/**
 * Refuses a run that exceeds what the stack's owner allows.
 * @throws {UserError} `cap-tasks`, `cap-run-length`, `cap-targets`, `cap-run-cost`, `cap-month-cost`
 */
export async function checkCaps(
  { runId, plan }: Applicant,
  caps: Caps,
  tariff: Tariff,
  now: number,
  ports: Pick<Ports, "ledger" | "store">,
  signal: AbortSignal,
): Promise<void> {
  if (caps.mostTasks !== null && plan.tasks > caps.mostTasks) {
    throw refused("tasks", `The run wants ${plan.tasks} tasks, and the stack allows ${caps.mostTasks} (cap on tasks).`);
  }
  if (caps.longestRunMs !== null && (plan.plannedMs ?? 0) > caps.longestRunMs) {
    const planned = formatDuration(plan.plannedMs ?? 0);
    throw refused(
      "longestRunMinutes",
      `The run is planned for ${planned}, and the stack allows ${formatDuration(caps.longestRunMs)} (cap on the length of a run).`,
    );
  }
  checkTargets(plan, caps.allowedTargets);
  await checkCost({ runId, plan }, caps, tariff, now, ports, signal);
}

function checkTargets(plan: RunPlan, allowed: readonly string[]): void {
  if (allowed.length === 0) return;
  const { hosts, unknown } = targetsOf(plan);
  const foreign = [...hosts].filter((host) => !isAllowedTarget(host, allowed));
  const cap = `the stack allows only ${allowed.join(", ")} (cap on targets)`;
  if (foreign.length > 0) throw refused("allowedTargets", `The run sends requests to ${list(foreign)}, and ${cap}.`);
  if (unknown.length > 0) throw refused("allowedTargets", `${list(unknown)} That cannot be allowed: ${cap}.`);
}

async function checkCost(
  { runId, plan }: Applicant,
  caps: Caps,
  tariff: Tariff,
  now: number,
  ports: Pick<Ports, "ledger" | "store">,
  signal: AbortSignal,
): Promise<void> {
  const cost = expectedCost(plan, tariff);
  if (caps.mostCostPerRunUsd !== null && cost > caps.mostCostPerRunUsd) {
    throw refused(
      "mostCostPerRun",
      `The run would cost about ${money(cost)}, and the stack allows ${money(caps.mostCostPerRunUsd)} (cap on the cost of a run).`,
    );
  }
  if (caps.mostCostPerMonthUsd === null) return;
  const spent = await spentThisMonth(runId, now, tariff, ports, signal);
  if (spent + cost <= caps.mostCostPerMonthUsd) return;
  throw refused(
    "mostCostPerMonth",
    `The run would cost about ${money(cost)} after ${money(spent)} for the other runs of this month, and the stack allows ${money(caps.mostCostPerMonthUsd)} a month (cap on the cost of a month).`,
  );
}

const codes = {
  tasks: ["cap-tasks", stackParameters.mostTasks],
  longestRunMinutes: ["cap-run-length", stackParameters.longestRunMinutes],
  mostCostPerRun: ["cap-run-cost", stackParameters.mostCostPerRun],
  mostCostPerMonth: ["cap-month-cost", stackParameters.mostCostPerMonth],
  allowedTargets: ["cap-targets", stackParameters.allowedTargets],
} as const;

function refused(cap: keyof typeof codes, message: string): UserError {
  const [code, parameter] = codes[cap];
  const hint = `Make the run smaller, or ask the stack's owner to raise its parameter ${parameter}.`;
  return new UserError(code, message, { hint, kind: "input" });
}

/** Below a cent only the first two digits tell two amounts apart. */
function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : formatUsd(usd);
}

const mostNamed = 3;

function list(items: readonly string[]): string {
  const named = items.slice(0, mostNamed);
  const rest = items.length - named.length;
  const separator = named[0]?.endsWith(".") === true ? " " : ", ";
  return named.join(separator) + (rest > 0 ? `${separator}and ${rest} more${separator === " " ? "." : ""}` : "");
}
