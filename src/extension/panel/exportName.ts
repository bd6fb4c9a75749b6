import type { RunResult } from "../../core/results/result.ts";
import { makeTestId } from "../../core/run/ids.ts";

/** Names the file of an export after its run, portably: `shop-checkout-2026-11-24-1603`, in universal time. */
export function exportName({
  name,
  startAtMs,
  endedAtMs,
}: Pick<RunResult, "name" | "startAtMs" | "endedAtMs">): string {
  const [date = "", time = ""] = new Date(startAtMs ?? endedAtMs).toISOString().split("T");
  return `${makeTestId(name).slice(0, 60)}-${date}-${time.slice(0, 5).replace(":", "")}`;
}
