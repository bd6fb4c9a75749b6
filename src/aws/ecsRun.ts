import type { RunId } from "../core/run/ids.ts";
import { loadPlan } from "../fleet/plan.ts";
import { makeMessageOf } from "../fleet/guide.ts";
import type { Ledger, Store } from "../fleet/ports.ts";
import type { ResolveSecrets } from "./secrets.ts";

/** What a launcher has to know of a run to start its tasks. */
export interface EcsRun {
  readonly testId: string;
  /** For an image of the implementation guide's own kind, as in version 1.2. */
  readonly testType: string;
  readonly fileType: string;
  /** Undefined: as the task definition has it. */
  readonly size: { readonly vcpu: number; readonly memoryGiB: number } | undefined;
  readonly isSpot: boolean;
  /** Values of the plan's secrets by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Gives what a launcher has to know of a run. */
export type FindEcsRun = (runId: RunId, signal: AbortSignal) => Promise<EcsRun>;

interface EcsRunPorts {
  readonly ledger: Pick<Ledger, "getRun">;
  readonly store: Store;
  readonly resolveSecrets: ResolveSecrets;
}

/** Makes what reads a run's plan and secrets, once for all its tasks. */
export function makeRunOf(ports: EcsRunPorts): FindEcsRun {
  const runs = new Map<RunId, Promise<EcsRun>>();
  return (runId, signal) => {
    const known = runs.get(runId) ?? readRun(runId, ports, signal);
    runs.set(runId, known);
    // A failure is not kept: the next task asks again.
    known.catch(() => runs.delete(runId));
    return known;
  };
}

async function readRun(runId: RunId, ports: EcsRunPorts, signal: AbortSignal): Promise<EcsRun> {
  const { testId, testType, fileType } = await makeMessageOf(ports)(runId, signal);
  const plan = await loadPlan(runId, ports.store, signal);
  const { size, isSpot } = plan.scenario.settings;
  return { testId, testType, fileType, size, isSpot, secrets: await ports.resolveSecrets(plan.secrets, signal) };
}
