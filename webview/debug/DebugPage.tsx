import { formatCount, formatMs } from "../../src/core/results/figures.ts";
import type { DebugSample, DebugTrace } from "../../src/core/run/debug.ts";
import { Callout } from "../panel/Callout.tsx";
import type { HostRequests } from "../panel/host.ts";
import { useActions } from "../panel/useActions.ts";
import { moveFocus } from "../panel/moveFocus.ts";
import { Icon } from "../result/icons.tsx";
import { useKept } from "../result/kept.ts";
import { formatInstant } from "../result/instant.ts";
import { t, tell } from "../language.ts";
import { SampleView } from "./SampleView.tsx";

export interface DebugPageProps {
  /** Null while it is being made. */
  readonly trace: DebugTrace | null;
  readonly hasFailed: boolean;
  readonly requests: HostRequests;
}

/** Debug Once: every request of one user in one iteration, with its answer. */
export function DebugPage({ trace, hasFailed, requests }: DebugPageProps) {
  const [chosen, choose] = useKept("debug.chosen", -1);
  const { failure, act } = useActions(requests);
  const samples = trace?.samples ?? [];
  const firstFailed = samples.findIndex((sample) => sample.failure !== null);
  const index = chosen >= 0 && chosen < samples.length ? chosen : Math.max(firstFailed, 0);
  const sample = samples[index];
  return (
    <>
      <header>
        <div>
          <h1>{trace?.name ?? t("Debug Once")}</h1>
          <p class="muted" role="status">
            {trace ? describeTrace(trace) : hasFailed ? t("There is no trace.") : t("Sending each request once…")}
          </p>
        </div>
        <div class="actions">
          <vscode-button disabled={trace === null && !hasFailed} onClick={() => act({ kind: "debug-again" })}>
            {t("Debug again")}
          </vscode-button>
        </div>
      </header>
      <main>
        <Callout failure={failure} />
        {trace?.notes.map((note) => (
          <p key={note} class="callout is-note">
            {tell(note)}
          </p>
        ))}
        {sample && (
          <div class="debug">
            <SampleList samples={samples} chosen={index} onChoose={choose} />
            <SampleView key={index} sample={sample} onRequest={act} />
          </div>
        )}
      </main>
    </>
  );
}

function describeTrace({ samples, startedAtMs }: DebugTrace): string {
  const failed = samples.filter(({ failure }) => failure !== null).length;
  const count = formatCount(samples.length);
  const parts = [
    t("1 user, 1 iteration"),
    samples.length === 1 ? t("1 request") : t("{0} requests|count", count),
    ...(samples.length === 0 ? [] : [failed === 0 ? t("all passed") : t("{0} failed|requests", formatCount(failed))]),
    t("at {0}|instant", formatInstant(startedAtMs)),
  ];
  return `${parts.join(", ")}.`;
}

interface SampleListProps {
  readonly samples: readonly DebugSample[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function SampleList({ samples, chosen, onChoose }: SampleListProps) {
  const follow = (event: KeyboardEvent): void => {
    const at = moveFocus(event, ".samples button")?.dataset["index"];
    if (at !== undefined) onChoose(Number(at));
  };
  return (
    <nav class="samples" aria-label={t("Requests in order")}>
      <ol>
        {samples.map((sample, index) => (
          <li key={index}>
            <button
              type="button"
              data-index={index}
              aria-current={index === chosen ? "true" : undefined}
              tabIndex={index === chosen ? 0 : -1}
              class={sample.failure === null ? "is-passed" : "is-failed"}
              onClick={() => onChoose(index)}
              onKeyDown={follow}
            >
              <Icon name={sample.failure === null ? "passed" : "failed"} />
              <span class="sample-label">{sample.label}</span>
              <span class="muted">
                <span class="unseen">{sample.failure === null ? t("passed|request") : t("failed|request")}, </span>
                {sample.hops.at(-1)?.status ?? t("no answer")} · {formatMs(sample.elapsedMs)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
