import type { DriverName, RunChoice, RunPlan } from "../../core/run/plan.ts";
import { formatDuration, parseDuration } from "../../core/units.ts";
import type { Translate } from "../translate.ts";

/** What a person may change for one run by typing. */
export type ChoiceField = "users" | "holdForMs" | "ratePerSecond" | "tasks";

/** The fields in the order in which they are shown. */
export const choiceFields: readonly ChoiceField[] = ["users", "holdForMs", "ratePerSecond", "tasks"];

/** What may generate the load of a scenario that is no script; undefined leaves it to what the scenario needs. */
export const loadDrivers = ["embedded", "taurus"] as const satisfies readonly DriverName[];

/** The changes of a person. */
export interface Changes extends Pick<RunChoice, ChoiceField | "driver"> {
  /** Labels of the requests to send; undefined sends all. */
  readonly labelFilter?: readonly string[];
}

/** What a person reads of a driver. */
export function driverText(driver: DriverName | undefined, t: Translate): string {
  switch (driver) {
    case "embedded":
      return t("Embedded generator, nothing to install");
    case "taurus":
      return t("Taurus with JMeter");
    case "k6":
      return "k6";
    case "locust":
      return "Locust";
    case undefined:
      return t("What the scenario needs");
  }
}

/** Name of a field. */
export function fieldName(field: ChoiceField, t: Translate): string {
  switch (field) {
    case "users":
      return t("Users");
    case "holdForMs":
      return t("Hold for");
    case "ratePerSecond":
      return t("Requests per second");
    case "tasks":
      return t("Tasks");
  }
}

/** Asks for the value of a field, with an example. */
export function fieldPrompt(field: ChoiceField, t: Translate): string {
  switch (field) {
    case "users":
      return t("Total of virtual users, over all tasks. Empty: as in the file");
    case "holdForMs":
      return t("How long to hold the load after the ramp-up, for example 1m30s. Empty: as in the file");
    case "ratePerSecond":
      return t("Total target rate in requests per second. Empty: as in the file");
    case "tasks":
      return t("Number of tasks, the load generators that share the load. Empty: as in the file");
  }
}

/** Writes the value that a field has in the changes; empty when the file decides. */
export function fieldText(field: ChoiceField, changes: Changes): string {
  const value = changes[field];
  if (value === undefined) return "";
  return field === "holdForMs" ? formatDuration(value) : String(value);
}

/** Writes what the file alone says of a field, as far as its plan tells; empty when it does not. */
export function fileText(field: ChoiceField, plan: RunPlan | undefined): string {
  if (plan === undefined) return "";
  const { executions } = plan;
  switch (field) {
    case "users":
      return executions.some(({ users }) => users === null)
        ? ""
        : String(sum(executions.map(({ users }) => users ?? 0)));
    case "holdForMs": {
      const longest = Math.max(...executions.map(({ holdForMs }) => holdForMs ?? 0));
      return longest > 0 ? formatDuration(longest) : "";
    }
    case "ratePerSecond":
      return String(sum(executions.map(({ ratePerSecond }) => ratePerSecond ?? 0)) || "");
    case "tasks":
      return String(plan.tasks);
  }
}

/** Writes which requests are sent, of those that there are. */
export function labelsText({ labelFilter }: Changes, labels: readonly string[], t: Translate): string {
  if (labelFilter === undefined) return t("all");
  return t("chosen {0} of {1}: {2}", labelFilter.length, labels.length, labelFilter.join(", "));
}

/** Sends only requests with these labels; all of them, and none, leave it to the file. */
export function withLabels(changes: Changes, picked: readonly string[], of: number): Changes {
  const { labelFilter: _, ...others } = changes;
  return picked.length === 0 || picked.length === of ? others : { ...others, labelFilter: picked };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Reads what a person typed for a field: the changed changes, or a sentence on what is wrong with it. */
export function readField(field: ChoiceField, text: string, changes: Changes, t: Translate): Changes | string {
  const trimmed = text.trim();
  const { [field]: _, ...others } = changes;
  if (trimmed === "") return others;
  switch (field) {
    case "holdForMs": {
      const ms = parseDuration(trimmed);
      return ms === undefined || !(ms > 0)
        ? t("Write a duration such as 45s, 1m30s or 2h.")
        : { ...others, holdForMs: ms };
    }
    case "ratePerSecond": {
      const rate = Number(trimmed);
      return rate > 0 && Number.isFinite(rate) ? { ...others, ratePerSecond: rate } : t("Write a number above 0.");
    }
    case "users":
    case "tasks": {
      const count = Number(trimmed);
      return Number.isSafeInteger(count) && count > 0
        ? { ...others, [field]: count }
        : t("Write a whole number above 0.");
    }
  }
}

/** Reads changes that were kept earlier; whatever does not fit is left out. */
export function decodeChanges(value: unknown, t: Translate): Changes {
  if (typeof value !== "object" || value === null) return {};
  return Object.entries(value).reduce<Changes>((changes, [name, kept]) => {
    const driver = name === "driver" ? loadDrivers.find((known) => known === kept) : undefined;
    if (driver !== undefined) return { ...changes, driver };
    if (name === "labelFilter" && Array.isArray(kept)) {
      const labels = kept.filter((label): label is string => typeof label === "string");
      return labels.length === 0 ? changes : { ...changes, labelFilter: labels };
    }
    const field = choiceFields.find((known) => known === name);
    if (field === undefined || typeof kept !== "number") return changes;
    const text = field === "holdForMs" ? `${kept}ms` : String(kept);
    const read = readField(field, text, changes, t);
    return typeof read === "string" ? changes : read;
  }, {});
}
