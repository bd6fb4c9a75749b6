import { UserError } from "../core/errors.ts";
import { formatCount } from "../core/results/figures.ts";
import type { PreflightCheck } from "../core/run/forecast.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { defaultTaskSize } from "../core/stack/names.ts";
import type { VcpuQuota } from "./quotas.ts";
import type { Stack } from "./stack.ts";

/** What a run asks of the account. */
export interface Demand {
  readonly tasks: number;
  readonly vcpu: number;
  readonly isSpot: boolean;
}

/** What a plan asks of the account. */
export function demandOf({ tasks, scenario: { settings } }: RunPlan): Demand {
  return { tasks, vcpu: tasks * (settings.size ?? defaultTaskSize).vcpu, isSpot: settings.isSpot };
}

/** Compares the versions of stack and tool: the same to the second number work together, as the third adds and mends only. */
export function judgeVersion({ name, version, status }: Stack, toolVersion: string): PreflightCheck {
  const order = compareVersions(version, toolVersion);
  if (order > 0) {
    return {
      code: "stack-newer",
      severity: "error",
      message: `The stack "${name}" is of version ${version}, newer than this Loadfleet (${toolVersion}).`,
      hint: `Install Loadfleet ${version} or newer.`,
    };
  }
  if (order < 0) {
    return {
      code: "stack-older",
      severity: "error",
      message: `The stack "${name}" is of version ${version}, older than this Loadfleet (${toolVersion}).`,
      hint: 'Bring it up to date with "loadfleet deploy".',
    };
  }
  if (status.endsWith("_IN_PROGRESS")) {
    return {
      code: "stack-updating",
      severity: "warning",
      message: `The stack "${name}" is being changed at this moment (${status}).`,
      hint: 'Follow it with "loadfleet status".',
    };
  }
  return { code: "stack", severity: "ok", message: `The stack "${name}" is of version ${version}.` };
}

function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

/** Compares the vCPUs that a run wants with those that Fargate has left. @throws {UserError} `vcpu-quota` when they cannot be enough */
export function judgeVcpus(
  { tasks, vcpu, isSpot }: Demand,
  { limit, inUse }: VcpuQuota,
  region: string,
): PreflightCheck {
  const what = `${isSpot ? "Fargate Spot" : "Fargate On-Demand"} vCPUs in ${region}`;
  const wants = `The ${formatCount(tasks)} ${tasks === 1 ? "task wants" : "tasks want"} ${formatCount(vcpu)} vCPUs`;
  const hint = `Ask for more of the quota "${isSpot ? "Fargate Spot" : "Fargate On-Demand"} vCPU resource count" in Service Quotas, or use fewer or smaller tasks.`;
  if (vcpu > limit) {
    throw new UserError("vcpu-quota", `${wants}, and the account may run ${formatCount(limit)} ${what}.`, {
      kind: "environment",
      hint,
    });
  }
  const used = inUse ?? 0;
  if (vcpu > limit - used) {
    // The figure is minutes old, and what runs may end before the tasks start.
    const message = `${wants}; ${formatCount(used)} of ${formatCount(limit)} ${what} are in use, so some of them may not start.`;
    return { code: "vcpu-quota", severity: "warning", message, hint };
  }
  const left = inUse === null ? "" : `, ${formatCount(used)} of them in use`;
  return { code: "vcpu-quota", severity: "ok", message: `${wants} of ${formatCount(limit)} ${what}${left}.` };
}

/** Compares the addresses that a run wants, one a task, with the free ones of the subnets. @throws {UserError} `free-addresses` */
export function judgeAddresses(
  { tasks }: Demand,
  subnets: readonly { readonly id: string; readonly free: number }[],
): PreflightCheck {
  const code = "free-addresses";
  if (subnets.length === 0) {
    return {
      code,
      severity: "warning",
      message: "The stack does not tell its subnets, so their free addresses were not counted.",
    };
  }
  const free = subnets.reduce((sum, subnet) => sum + subnet.free, 0);
  const message = `The subnets ${subnets.map(({ id }) => id).join(", ")} have ${formatCount(free)} free addresses`;
  if (free >= tasks) return { code, severity: "ok", message: `${message}.` };
  throw new UserError(code, `${message}, and the run wants ${formatCount(tasks)}.`, {
    kind: "environment",
    hint: "Use fewer tasks, or deploy the stack into larger subnets.",
  });
}

/** Finds secrets that only this machine could resolve. */
export function judgeSecrets({ secrets }: Pick<RunPlan, "secrets">): readonly PreflightCheck[] {
  const local = Object.entries(secrets).filter(([, reference]) => reference.startsWith("env:"));
  return local.map(([name, reference]) => ({
    code: "secret-local",
    severity: "error",
    kind: "input",
    message: `The secret ${name} is kept in this machine's environment (${reference}), where tasks in AWS cannot read it.`,
    hint: "Keep it in the Parameter Store below /loadfleet/ and write ssm:/loadfleet/…, or in Secrets Manager.",
  }));
}

const loopback = /^(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/i;

/** Finds targets that are another machine for a task in AWS than for the person who wrote them. */
export function judgeTargets(hosts: Iterable<string>): readonly PreflightCheck[] {
  const own = [...hosts].find((host) => loopback.test(host));
  if (own === undefined) return [];
  return [
    {
      code: "own-host",
      severity: "warning",
      message: `Requests go to ${own}, which for a task in AWS is the task itself.`,
      hint: "Name an address that the tasks can reach, for example with --env.",
    },
  ];
}
