import { l10n, QuickPickItemKind, window, type QuickPickItem } from "vscode";
import type { RunPlan } from "../../core/run/plan.ts";
import {
  choiceFields,
  driverText,
  fieldName,
  fieldPrompt,
  fieldText,
  fileText,
  labelsText,
  loadDrivers,
  readField,
  withLabels,
  type ChoiceField,
  type Changes,
} from "./choiceFields.ts";

type FormItem = QuickPickItem & { readonly action: ChoiceField | "run" | "reset" | "engine" | "labels" };

/** What a file alone says of a run. */
export interface AsInFile {
  /** When it can be planned. */
  readonly plan: RunPlan | undefined;
  /** Labels of its requests; none where they are in a script. */
  readonly labels: readonly string[];
}

const icons: Readonly<Record<ChoiceField, string>> = {
  users: "person",
  holdForMs: "clock",
  ratePerSecond: "dashboard",
  tasks: "server-process",
};

/** Lets a person change the load of one run; undefined when they leave it. */
export async function askForChanges(
  title: string,
  asInFile: AsInFile,
  remembered: Changes,
): Promise<Changes | undefined> {
  const { labels } = asInFile;
  // What was chosen for an earlier state of the file may be gone.
  const known = labels.filter((label) => remembered.labelFilter?.includes(label));
  let changes = withLabels(remembered, known, labels.length);
  for (;;) {
    const options = { title, placeHolder: l10n.t("Choose what to change for this run, then Run") };
    const picked = await window.showQuickPick<FormItem>(itemsOf(asInFile, changes), options);
    if (picked === undefined) return undefined;
    if (picked.action === "run") return changes;
    if (picked.action === "reset") changes = {};
    else if (picked.action === "engine") changes = await askForDriver(title, changes);
    else if (picked.action === "labels") changes = await askForLabels(title, labels, changes);
    else changes = await askForField(picked.action, title, changes);
  }
}

function itemsOf({ plan, labels }: AsInFile, changes: Changes): readonly FormItem[] {
  const hasChanges = Object.keys(changes).length > 0;
  return [
    {
      action: "run",
      label: `$(play) ${l10n.t("Run")}`,
      description: hasChanges ? l10n.t("with these changes") : l10n.t("as in the file"),
    },
    { action: "engine", label: "", kind: QuickPickItemKind.Separator },
    { action: "engine", label: `$(vm) ${l10n.t("Engine")}`, description: engineText(plan, changes) },
    ...choiceFields.map((field) => fieldItem(field, plan, changes)),
    ...(labels.length > 1
      ? [
          {
            action: "labels",
            label: `$(filter) ${l10n.t("Requests")}`,
            description: labelsText(changes, labels, l10n.t),
          } as const,
        ]
      : []),
    ...(hasChanges
      ? [{ action: "reset", label: `$(discard) ${l10n.t("Take everything as in the file")}` } as const]
      : []),
  ];
}

function fieldItem(field: ChoiceField, plan: RunPlan | undefined, changes: Changes): FormItem {
  const chosen = fieldText(field, changes);
  const file = fileText(field, plan);
  const description = chosen === "" ? file : file === "" ? chosen : l10n.t("{0} (file: {1})", chosen, file);
  return { action: field, label: `$(${icons[field]}) ${fieldName(field, l10n.t)}`, description, picked: chosen !== "" };
}

/** What generates the load on this machine; runs on AWS stand here too, once there is a stack. */
function engineText(plan: RunPlan | undefined, { driver }: Changes): string {
  return l10n.t("This machine: {0}", driverText(driver ?? plan?.driver, l10n.t));
}

async function askForDriver(title: string, changes: Changes): Promise<Changes> {
  const items = [undefined, ...loadDrivers].map((driver) => ({ label: driverText(driver, l10n.t), driver }));
  const picked = await window.showQuickPick(items, { title: `${title}: ${l10n.t("Engine")}` });
  if (picked === undefined) return changes;
  const { driver: _, ...others } = changes;
  return picked.driver === undefined ? others : { ...others, driver: picked.driver };
}

async function askForLabels(title: string, labels: readonly string[], changes: Changes): Promise<Changes> {
  const items = labels.map((label) => ({ label, picked: changes.labelFilter?.includes(label) === true }));
  const picked = await window.showQuickPick(items, {
    title: `${title}: ${l10n.t("Requests")}`,
    placeHolder: l10n.t("Choose the requests to send; none chosen sends all"),
    canPickMany: true,
  });
  if (picked === undefined) return changes;
  return withLabels(
    changes,
    picked.map(({ label }) => label),
    labels.length,
  );
}

async function askForField(field: ChoiceField, title: string, changes: Changes): Promise<Changes> {
  const text = await window.showInputBox({
    title: `${title}: ${fieldName(field, l10n.t)}`,
    prompt: fieldPrompt(field, l10n.t),
    value: fieldText(field, changes),
    validateInput: (typed) => {
      const read = readField(field, typed, changes, l10n.t);
      return typeof read === "string" ? read : undefined;
    },
  });
  if (text === undefined) return changes;
  const read = readField(field, text, changes, l10n.t);
  return typeof read === "string" ? changes : read;
}
