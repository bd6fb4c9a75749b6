import { formatMs } from "../../src/core/results/figures.ts";
import type { DebugTiming } from "../../src/core/run/debug.ts";
import { t } from "../language.ts";
import { phasesOfTiming } from "./timing.ts";

/** How long each phase of a request took: a bar, and the same in words. */
export function TimingBar({ timing }: { readonly timing: DebugTiming }) {
  const phases = phasesOfTiming(timing);
  return (
    <div class="timing">
      <div class="timing-bar" aria-hidden="true">
        {phases.map(({ id, ms }) => (
          <span key={id} class={`is-${id}`} style={{ flexGrow: String(Math.max(ms, 0.001)) }} />
        ))}
      </div>
      <ul class="legend">
        {phases.map(({ id, name, ms }) => (
          <li key={id}>
            <span class={`timing-key is-${id}`} aria-hidden="true" />
            {name}
            <span class="value">{formatMs(ms)}</span>
          </li>
        ))}
        <li>
          {t("Total")}
          <span class="value">{formatMs(timing.totalMs)}</span>
        </li>
      </ul>
    </div>
  );
}
