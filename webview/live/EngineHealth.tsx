import { formatCount } from "../../src/core/results/figures.ts";
import type { RunRecord, TaskRecord } from "../../src/core/run/run.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { Icon } from "../result/icons.tsx";
import { t, tell } from "../language.ts";
import { describeBusiest, describeDoubts } from "./generatorHealth.ts";
import type { Reading } from "./reading.ts";
import { describeStates, isTrouble, stateName } from "./taskStates.ts";

const mostDoubts = 6;

export interface EngineHealthProps {
  readonly run: RunRecord;
  readonly tasks: readonly TaskRecord[];
  readonly reading: Reading;
}

/** How the load generators are doing: who reports, and who is in trouble. */
export function EngineHealth({ run, tasks, reading }: EngineHealthProps) {
  const troubled = tasks.filter(({ state }) => isTrouble(state));
  const running = tasks.filter(({ state }) => state === "running").length;
  const states = describeStates(tasks) || t("no task yet");
  const doubts = describeDoubts(reading.peaks);
  const isBehind = reading.second !== undefined && reading.tasks < running;
  return (
    <section aria-labelledby="health-heading">
      <h2 id="health-heading">{t("Load generators")}</h2>
      <p>
        {run.engine === "local"
          ? t("On this machine, driven by {0}: {1}.", run.driver, states)
          : t("On AWS, driven by {0}: {1}.", run.driver, states)}{" "}
        {reading.second !== undefined &&
          t(
            "The figures of {0} come from {1} of {2} tasks.",
            formatElapsed(reading.second),
            formatCount(reading.tasks),
            formatCount(tasks.length),
          )}{" "}
        {describeBusiest(reading.usage)}
      </p>
      {(troubled.length > 0 || isBehind || doubts.length > 0) && (
        <ul class="banners" aria-label={t("Trouble with load generators")}>
          {isBehind && (
            <li>
              <Icon name="warning" />
              <p>{describeDelay(running, reading.tasks)}</p>
            </li>
          )}
          {doubts.slice(0, mostDoubts).map((doubt) => (
            <li key={doubt}>
              <Icon name="warning" />
              <p>{doubt}</p>
            </li>
          ))}
          {troubled.slice(0, 5).map(({ task, state, reason }) => (
            <li key={task}>
              <Icon name="warning" />
              <p>
                <strong>{t("Task {0}: {1}", task, stateName(state))}.</strong> {reason !== null && tell(reason)}
              </p>
            </li>
          ))}
          {troubled.length > 5 && (
            <li>
              <Icon name="warning" />
              <p>{describeRest(troubled.length - 5)}</p>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function describeDelay(running: number, reported: number): string {
  if (running === 1) return t("1 task is running and has not reported the latest figures; it is late or too busy.");
  return t(
    "{0} tasks are running, {1} of them have reported the latest figures; the others are late or too busy.",
    formatCount(running),
    formatCount(reported),
  );
}

function describeRest(count: number): string {
  if (count === 1) return t("1 more task is in trouble; the tab Tasks lists it.");
  return t("{0} more tasks are in trouble; the tab Tasks lists them.", formatCount(count));
}
