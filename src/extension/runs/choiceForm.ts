import { l10n, QuickPickItemKind, window, type QuickPickItem } from "vscode";
import type { RunPlan } from "../../core/run/plan.ts";
import {
  choiceFields,
  driverText,
  fieldName,
  fieldPrompt,
  fieldText,
  fileText,
  loadDrivers,
  readField,
  type ChoiceField,
  type Changes,
} from "./choiceFields.ts";

type FormItem = QuickPickItem & { readonly action: ChoiceField | "run" | "reset" | "engine" };

const icons: Readonly<Record<ChoiceField, string>> = {
  users: "person",
  holdForMs: "clock",
  ratePerSecond: "dashboard",
  tasks: "server-process",
  labelFilter: "filter",
};

/**
 * Lets a person change the load of one run; undefined when they leave it.
 * @param plan the run as the file alone has it, when it can be planned
 */
export async function askForChanges(
  title: string,
  plan: RunPlan | undefined,
  remembered: Changes,
): Promise<Changes | undefined> {
  let changes = remembered;
  for (;;) {
    const options = { title, placeHolder: l10n.t("Choose what to change for this run, then Run") };
    const picked = await window.showQuickPick<FormItem>(itemsOf(plan, changes), options);
    if (picked === undefined) return undefined;
    if (picked.action === "run") return changes;
    if (picked.action === "reset") changes = {};
    else if (picked.action === "engine") changes = await askForDriver(title, changes);
    else changes = await askForField(picked.action, title, changes);
  }
}

function itemsOf(plan: RunPlan | undefined, changes: Changes): readonly FormItem[] {
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
    ...(hasChanges
      ? [{ action: "reset", label: `$(discard) ${l10n.t("Take everything as in the file")}` } as const]
      : []),
  ];
}

function fieldItem(field: ChoiceField, plan: RunPlan | undefined, changes: Changes): FormItem {
  const chosen = fieldText(field, changes);
  const file = fileText(field, plan, l10n.t);
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
