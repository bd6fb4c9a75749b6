import type { RunStatus, VerdictStatus } from "../../src/core/run/run.ts";
import { t } from "../language.ts";

/** Name of a run's status. */
export function statusName(status: RunStatus): string {
  const names: Readonly<Record<RunStatus, string>> = {
    queued: t("queued|run"),
    provisioning: t("provisioning|run"),
    ready: t("ready|run"),
    running: t("running|run"),
    collecting: t("collecting|run"),
    complete: t("complete|run"),
    failed: t("failed|run"),
    cancelled: t("cancelled|run"),
  };
  return names[status];
}

/** Name of a verdict, on the whole run or on one rule. */
export function verdictName(status: VerdictStatus): string {
  const names: Readonly<Record<VerdictStatus, string>> = {
    passed: t("Passed|verdict"),
    failed: t("Failed|verdict"),
    "not judged": t("Not judged|verdict"),
  };
  return names[status];
}
