import { formatCount } from "../../src/core/results/figures.ts";
import type { RunRecord, TaskRecord, TaskState } from "../../src/core/run/run.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { Icon } from "../result/icons.tsx";
import type { Reading } from "./reading.ts";
import { countStates, isTrouble } from "./taskStates.ts";

export interface EngineHealthProps {
  readonly run: RunRecord;
  readonly tasks: readonly TaskRecord[];
  readonly reading: Reading;
}

/** How the load generators are doing: who reports, and who is in trouble. */
export function EngineHealth({ run, tasks, reading }: EngineHealthProps) {
  const troubled = tasks.filter(({ state }) => isTrouble(state));
  const running = tasks.filter(({ state }) => state === "running").length;
  const isBehind = reading.second !== undefined && reading.tasks < running;
  return (
    <section aria-labelledby="health-heading">
      <h2 id="health-heading">Load generators</h2>
      <p>
        {run.engine === "local" ? "On this machine" : "On AWS"}, driven by {run.driver}:{" "}
        {countStates(tasks).map(describeCount).join(", ") || "no task yet"}.{" "}
        {reading.second !== undefined &&
          `The figures of ${formatElapsed(reading.second)} come from ${formatCount(reading.tasks)} of ${formatCount(tasks.length)} tasks.`}
      </p>
      {(troubled.length > 0 || isBehind) && (
        <ul class="banners" aria-label="Trouble with load generators">
          {isBehind && (
            <li>
              <Icon name="warning" />
              <p>
                {formatCount(running)} tasks are running, {formatCount(reading.tasks)} of them have reported the latest
                figures; the others are late or too busy.
              </p>
            </li>
          )}
          {troubled.slice(0, 5).map(({ task, state, reason }) => (
            <li key={task}>
              <Icon name="warning" />
              <p>
                <strong>
                  Task {task}: {state}.
                </strong>{" "}
                {reason}
              </p>
            </li>
          ))}
          {troubled.length > 5 && (
            <li>
              <Icon name="warning" />
              <p>{formatCount(troubled.length - 5)} more tasks are in trouble; the tab Tasks lists them.</p>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function describeCount([state, count]: readonly [TaskState, number]): string {
  return `${formatCount(count)} ${state}`;
}
