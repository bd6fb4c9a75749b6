import { Uri } from "vscode";
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

// Lenses and other parts of the extension pass the record itself.
function isRunRecord(subject: unknown): subject is RunRecord {
  return (
    typeof subject === "object" && subject !== null && "schema" in subject && subject.schema === "loadfleet.run.v1"
  );
}
