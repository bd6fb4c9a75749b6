import { Uri } from "vscode";
import type { RunChoice } from "../../core/run/plan.ts";
import type { RunRecord } from "../../core/run/run.ts";
import { RunItem } from "./runItems.ts";
import { ScenarioItem } from "./scenarioItems.ts";

/** The scenario that a command was called with: its address, or its item in the tree. */
export function uriOf(subject: unknown): Uri | undefined {
  if (subject instanceof Uri) return subject;
  return subject instanceof ScenarioItem ? subject.uri : undefined;
}

/** The run that a command was called with: its record, or its item in the tree. */
export function runOf(subject: unknown): RunRecord | undefined {
  if (subject instanceof RunItem) return subject.run;
  return isRunRecord(subject) ? subject : undefined;
}

/** Some of a file's executions; empty means all of them. */
export type Executions = Pick<RunChoice, "executions">;

/** The executions that a command was called for. */
export function executionsOf(places: unknown): Executions {
  const isList = Array.isArray(places) && places.every((place): place is number => Number.isSafeInteger(place));
  return isList ? { executions: places } : {};
}

// Lenses and other parts of the extension pass the record itself.
function isRunRecord(subject: unknown): subject is RunRecord {
  return (
    typeof subject === "object" && subject !== null && "schema" in subject && subject.schema === "loadfleet.run.v1"
  );
}
