import { formatCount, formatPercent } from "../../src/core/results/figures.ts";
import type { RunRecord, TaskRecord, TaskUsage } from "../../src/core/run/run.ts";
import { isFinal } from "../../src/core/run/run.ts";
import type { PanelRequest } from "../../src/core/panel/protocol.ts";
import type { HostRequests } from "../panel/host.ts";
import { moveFocus } from "../panel/moveFocus.ts";
import { formatInstant } from "../result/instant.ts";
import { useKept } from "../result/kept.ts";
import { t, tell } from "../language.ts";
import { TaskLog } from "./TaskLog.tsx";
import { describeStates, isTrouble, stateName, stateSigns } from "./taskStates.ts";

/** More tasks than these begin as a grid. */
const listedTasks = 12;

export interface TasksViewProps {
  readonly run: RunRecord;
  readonly tasks: readonly TaskRecord[];
  /** What the busiest tasks use now; empty when the run has ended. */
  readonly usage: readonly TaskUsage[];
  readonly requests: HostRequests;
  readonly onRequest: (request: PanelRequest) => void;
}

/** The state of every task, as a list or as a grid, and the log of the one that is chosen. */
export function TasksView({ run, tasks, usage, requests, onRequest }: TasksViewProps) {
  const [layout, setLayout] = useKept("tasks.layout", "");
  const [chosen, choose] = useKept("tasks.chosen", -1);
  const isGrid = layout === "" ? tasks.length > listedTasks : layout === "grid";
  const task = tasks.find((one) => one.task === chosen);
  const Layout = isGrid ? TaskGrid : TaskList;
  return (
    <section aria-labelledby="tasks-heading">
      <div class="section-head">
        <h2 id="tasks-heading">{t("Tasks")}</h2>
        <span class="muted" role="status">
          {describeStates(tasks) || t("No task has been asked for yet")}
        </span>
        <span class="actions">
          <vscode-button secondary aria-pressed={!isGrid} onClick={() => setLayout("list")}>
            {t("List")}
          </vscode-button>
          <vscode-button secondary aria-pressed={isGrid} onClick={() => setLayout("grid")}>
            {t("Grid")}
          </vscode-button>
        </span>
      </div>
      {tasks.length > 0 && <Layout tasks={tasks} usage={usage} chosen={chosen} onChoose={choose} />}
      {task ? (
        <>
          {isGrid && <TaskFacts task={task} usage={usage} />}
          <TaskLog
            key={task.task}
            task={task.task}
            isActive={!isFinal(run.status)}
            requests={requests}
            onRequest={onRequest}
          />
        </>
      ) : (
        tasks.length > 0 && <p class="muted">{t("Choose a task to read its log.")}</p>
      )}
    </section>
  );
}

interface LayoutProps {
  readonly tasks: readonly TaskRecord[];
  readonly usage: readonly TaskUsage[];
  readonly chosen: number;
  readonly onChoose: (task: number) => void;
}

function TaskList({ tasks, usage, chosen, onChoose }: LayoutProps) {
  return (
    <div class="scroll is-tall" role="region" aria-label={t("State of every task")} tabIndex={0}>
      <table class="tasks">
        <thead>
          <tr>
            <th scope="col">{t("Task")}</th>
            <th scope="col">{t("State")}</th>
            <th scope="col">{t("Since")}</th>
            {usage.length > 0 && <UsageHeads />}
            <th scope="col">{t("Reason")}</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.task} class={isTrouble(task.state) ? "is-failed" : ""}>
              <th scope="row" class="nowrap">
                <button
                  type="button"
                  class="expand"
                  aria-pressed={task.task === chosen}
                  onClick={() => onChoose(task.task)}
                >
                  {t("Task {0}|name", task.task)}
                  <span class="unseen">: {t("show its log")}</span>
                </button>
              </th>
              <td>
                <span class="status">
                  <span aria-hidden="true">{stateSigns[task.state]}</span>
                  {stateName(task.state)}
                </span>
              </td>
              <td class="nowrap">{formatInstant(task.changedAtMs).slice(11)}</td>
              {usage.length > 0 && <UsageCells usage={usage.find((one) => one.task === task.task)} />}
              <td class="message">{task.reason !== null && tell(task.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UsageHeads() {
  return (
    <>
      <th scope="col" class="number">
        {t("CPU now")}
      </th>
      <th scope="col" class="number">
        {t("Memory now")}
      </th>
    </>
  );
}

function UsageCells({ usage }: { readonly usage: TaskUsage | undefined }) {
  return (
    <>
      <td class="number nowrap">{usage ? t("{0} of a core|cpu", formatPercent(usage.cpuRatio)) : "–"}</td>
      <td class="number nowrap">{usage ? `${formatCount(usage.memoryMiB)} MiB` : "–"}</td>
    </>
  );
}

function TaskGrid({ tasks, chosen, onChoose }: LayoutProps) {
  const stop = tasks.some(({ task }) => task === chosen) ? chosen : tasks[0]?.task;
  return (
    <div class="task-grid" role="toolbar" aria-label={t("State of every task")}>
      {tasks.map(({ task, state }) => (
        <button
          key={task}
          type="button"
          class={`is-${state}`}
          tabIndex={task === stop ? 0 : -1}
          aria-pressed={task === chosen}
          aria-label={t("Task {0}: {1}", task, stateName(state))}
          title={t("Task {0}: {1}", task, stateName(state))}
          onClick={() => onChoose(task)}
          onKeyDown={(event) => moveFocus(event, ".task-grid button")}
        >
          {stateSigns[state]}
        </button>
      ))}
    </div>
  );
}

function TaskFacts({ task: record, usage }: { readonly task: TaskRecord; readonly usage: readonly TaskUsage[] }) {
  const { task, state, reason, changedAtMs } = record;
  const own = usage.find((one) => one.task === task);
  return (
    <p>
      <strong>{t("Task {0}: {1}", task, stateName(state))}</strong>{" "}
      {t("since {0}|instant", formatInstant(changedAtMs).slice(11))}. {reason !== null && tell(reason)}
      {own && t("It uses {0} of a core and {1} MiB now.", formatPercent(own.cpuRatio), formatCount(own.memoryMiB))}
    </p>
  );
}
