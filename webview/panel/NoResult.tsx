import type { RunView } from "../../src/core/run/run.ts";
import { isTrouble, stateName } from "../live/taskStates.ts";
import { Icon } from "../result/icons.tsx";
import { t, tell } from "../language.ts";

/** A run that ended before any task had reported: why, and what became of its tasks. */
export function NoResult({ view: { run, tasks } }: { readonly view: RunView }) {
  const ending =
    run.status === "cancelled"
      ? t("The run was cancelled before any task had reported, so there are no figures.")
      : t("The run failed before any task had reported, so there are no figures.");
  const told = tasks.filter(({ state, reason }) => reason !== null || isTrouble(state)).slice(0, 20);
  return (
    <section class="verdict is-failed" aria-labelledby="no-result-heading">
      <div class="verdict-head">
        <span class="verdict-mark">
          <Icon name="not judged" />
        </span>
        <div>
          <h2 id="no-result-heading">{t("No result")}</h2>
          <p>
            {ending} {run.reason !== null && tell(run.reason)}
          </p>
          {told.length > 0 && (
            <ul>
              {told.map(({ task, state, reason }) => (
                <li key={task}>
                  {t("Task {0}: {1}", task, stateName(state))}. {reason !== null && tell(reason)}
                </li>
              ))}
            </ul>
          )}
          <p class="muted">{t("The tab Tasks shows each task’s log.")}</p>
        </div>
      </div>
    </section>
  );
}
