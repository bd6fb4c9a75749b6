import type { ErrorMessage } from "../core/errors.ts";
import { errorMessage } from "../core/errors.ts";
import type { RunRecord } from "../core/run/run.ts";
import { needStack } from "./deployedStack.ts";
import { readImage, type ImageState } from "./image.ts";
import { listOpenRuns, openLedger } from "./openRuns.ts";
import type { DeployTarget } from "./target.ts";
import { explainUnsettled, isSettled } from "./unsettled.ts";
import { compareVersions } from "./version.ts";

/** What is deployed. */
export interface StackReport {
  readonly stack: string;
  readonly region: string;
  readonly account: string;
  readonly identity: string;
  /** As CloudFormation writes it. */
  readonly status: string;
  readonly version: string | undefined;
  /** How this tool's version stands to it. */
  readonly tool: "same" | "newer" | "older" | "unknown";
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** Why the stack cannot be used; undefined when it can. */
  readonly problem: ErrorMessage | undefined;
  /** As CloudFormation writes it: `NOT_CHECKED`, `IN_SYNC`, `DRIFTED`. */
  readonly drift: string;
  /** Undefined while the stack cannot be used. */
  readonly image: ImageState | undefined;
  readonly runs: readonly Pick<RunRecord, "runId" | "testId" | "name" | "status" | "tasks" | "createdAtMs">[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads what is deployed, and how it is. @throws {UserError} `no-stack`, `foreign-stack` */
export async function readStatus(target: DeployTarget, toolVersion: string, signal: AbortSignal): Promise<StackReport> {
  const stack = await needStack(target, signal);
  const isUsable = isSettled(stack) || (stack.version !== undefined && stack.status.startsWith("UPDATE_"));
  const problem = isSettled(stack) ? undefined : errorMessage(await explainUnsettled(target, stack, signal));
  const runs = isUsable ? await listOpenRuns(openLedger(target, stack), signal) : [];
  const { stack: name, region, account, identity } = target;
  return {
    stack: name,
    region,
    account,
    identity,
    problem,
    status: stack.status,
    version: stack.version,
    tool: compareTool(toolVersion, stack.version),
    createdAtMs: stack.createdAtMs,
    changedAtMs: stack.changedAtMs,
    drift: stack.drift,
    image: isUsable ? await readImage(target, stack, signal) : undefined,
    runs: runs.map((run) => ({
      runId: run.runId,
      testId: run.testId,
      name: run.name,
      status: run.status,
      tasks: run.tasks,
      createdAtMs: run.createdAtMs,
    })),
    parameters: stack.parameters,
    outputs: stack.outputs,
  };
}

function compareTool(toolVersion: string, version: string | undefined): StackReport["tool"] {
  if (version === undefined) return "unknown";
  const difference = compareVersions(toolVersion, version);
  if (difference === 0) return "same";
  return difference > 0 ? "newer" : "older";
}
