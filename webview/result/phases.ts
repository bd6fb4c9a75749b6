import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { t } from "../language.ts";

/** A stretch of the plan, in seconds from the start instant. */
export interface Phase {
  readonly name: "ramp-up" | "hold-for" | "delay" | "after the plan";
  readonly from: number;
  readonly to: number;
}

/**
 * Splits a run into the phases of its plan: ramping while any execution ramps up, holding while any holds. What lies
 * between the planned end and `endSecond` is after the plan; an execution without a planned end holds to the end.
 */
export function phasesOf(executions: readonly PlannedExecution[], endSecond: number): readonly Phase[] {
  const edges = executions.flatMap((execution) => edgesOf(execution, endSecond));
  const instants = [...new Set([0, endSecond, ...edges])]
    .filter((instant) => instant >= 0 && instant <= endSecond)
    .toSorted((a, b) => a - b);
  const phases: Phase[] = [];
  for (const [index, from] of instants.entries()) {
    const to = instants[index + 1];
    if (to === undefined) break;
    const name = nameAt(executions, (from + to) / 2, endSecond);
    const previous = phases.at(-1);
    if (previous?.name === name) phases[phases.length - 1] = { ...previous, to };
    else phases.push({ name, from, to });
  }
  return phases;
}

function edgesOf(execution: PlannedExecution, endSecond: number): readonly [number, number, number] {
  const begin = execution.delayMs / 1000;
  const ramped = begin + execution.rampUpMs / 1000;
  return [begin, ramped, execution.holdForMs === null ? endSecond : ramped + execution.holdForMs / 1000];
}

function nameAt(executions: readonly PlannedExecution[], second: number, endSecond: number): Phase["name"] {
  const edges = executions.map((execution) => edgesOf(execution, endSecond));
  if (edges.some(([begin, ramped]) => second >= begin && second < ramped)) return "ramp-up";
  if (edges.some(([, ramped, end]) => second >= ramped && second < end)) return "hold-for";
  return edges.some(([begin]) => second < begin) ? "delay" : "after the plan";
}

/** Name of a phase for people. */
export function phaseName(name: Phase["name"]): string {
  const names: Readonly<Record<Phase["name"], string>> = {
    "ramp-up": t("ramp-up|phase"),
    "hold-for": t("hold-for|phase"),
    delay: t("delay|phase"),
    "after the plan": t("after the plan|phase"),
  };
  return names[name];
}
