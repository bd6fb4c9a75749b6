import type { DebugTiming } from "../../src/core/run/debug.ts";
import { t } from "../language.ts";

/** A part of the time that a request took, in order. */
export interface TimingPhase {
  readonly id: "connect" | "tls" | "wait" | "receive";
  readonly name: string;
  readonly ms: number;
}

/** Splits the time of a request into its phases; those that did not take place are left out. */
export function phasesOfTiming({ connectMs, tlsMs, firstByteMs, totalMs }: DebugTiming): readonly TimingPhase[] {
  const before = (connectMs ?? 0) + (tlsMs ?? 0);
  const phases: readonly (TimingPhase | undefined)[] = [
    connectMs === null ? undefined : { id: "connect", name: t("Connect"), ms: connectMs },
    tlsMs === null ? undefined : { id: "tls", name: "TLS", ms: tlsMs },
    firstByteMs === null
      ? undefined
      : { id: "wait", name: t("Wait for first byte"), ms: Math.max(firstByteMs - before, 0) },
    firstByteMs === null ? undefined : { id: "receive", name: t("Receive"), ms: Math.max(totalMs - firstByteMs, 0) },
  ];
  return phases.filter((phase) => phase !== undefined);
}
