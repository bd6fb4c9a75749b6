import { useId } from "preact/hooks";
import { formatBytes, formatCount, formatMs, formatPercent } from "../../src/core/results/figures.ts";
import type { ResultFigures } from "../../src/core/results/result.ts";
import { t, tell } from "../language.ts";
import { Icon } from "./icons.tsx";
import { labelName } from "./labels.ts";
import { formatCell, requestColumns } from "./requestColumn.ts";

export interface RequestRowProps {
  readonly label: string;
  readonly figures: ResultFigures;
  readonly isOpen: boolean;
  readonly isInSeries: boolean;
  readonly onToggle: () => void;
  readonly onPick: (label: string) => void;
}

/** A request's figures and, when open, its codes, errors and the figures that the table has no column for. */
export function RequestRow({ label, figures, isOpen, isInSeries, onToggle, onPick }: RequestRowProps) {
  const id = useId();
  const columns = requestColumns();
  return (
    <tbody class={label === "" ? "is-all" : ""}>
      <tr class={isOpen ? "is-open" : ""}>
        <th scope="row">
          <button type="button" class="expand" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
            <Icon name="chevron" />
            {labelName(label)}
          </button>
        </th>
        {columns.map((column) => (
          <td key={column.id} class={`number ${column.countsFailures && figures.failed > 0 ? "is-bad" : ""}`}>
            {formatCell(column, figures)}
          </td>
        ))}
      </tr>
      <tr id={id} class="more" hidden={!isOpen}>
        <td colSpan={columns.length + 1}>
          {isOpen && <Details label={label} figures={figures} isInSeries={isInSeries} onPick={onPick} />}
        </td>
      </tr>
    </tbody>
  );
}

function Details({
  label,
  figures,
  isInSeries,
  onPick,
}: Pick<RequestRowProps, "label" | "figures" | "isInSeries" | "onPick">) {
  return (
    <div class="details">
      <div>
        <h3>{t("Response codes")}</h3>
        <Codes figures={figures} />
      </div>
      <div class="grow">
        <h3>{t("Errors")}</h3>
        <Errors figures={figures} />
      </div>
      <div class="screen-only">
        <h3>{t("More")}</h3>
        <dl class="pairs">
          <MoreFigures figures={figures} />
        </dl>
        {isInSeries && (
          <vscode-button secondary onClick={() => onPick(label)}>
            {t("Show over time")}
          </vscode-button>
        )}
      </div>
    </div>
  );
}

function Codes({ figures }: { readonly figures: ResultFigures }) {
  const codes = Object.entries(figures.codes).toSorted(([, a], [, b]) => b - a);
  if (codes.length === 0) return <p class="muted">{t("None.|codes")}</p>;
  return (
    <table>
      <tbody>
        {codes.map(([code, count]) => (
          <tr key={code}>
            <th scope="row">
              <code>{code}</code>
            </th>
            <td class="number">{formatCount(count)}</td>
            <td class="number muted">{formatPercent(count / figures.count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Errors({ figures }: { readonly figures: ResultFigures }) {
  if (figures.errors.length === 0) return <p class="muted">{t("None.|errors")}</p>;
  return (
    <table>
      <tbody>
        {figures.errors.map(({ message, code, count }) => (
          <tr key={`${code} ${message}`}>
            <th scope="row" class="message">
              {tell(message)}
            </th>
            <td>
              <code>{code}</code>
            </td>
            <td class="number">{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MoreFigures({ figures }: { readonly figures: ResultFigures }) {
  const pairs: readonly (readonly [string, string])[] = [
    [t("Min"), formatMs(figures.minMs)],
    ["p99.9", formatMs(figures.percentilesMs.p99_9)],
    [t("Connect, mean"), formatMs(figures.meanConnectMs)],
    [t("First byte, mean"), formatMs(figures.meanLatencyMs)],
    [t("Received"), formatBytes(figures.bytesIn)],
    [t("Sent"), formatBytes(figures.bytesOut)],
    [t("Apdex (500 ms)"), figures.apdex.toFixed(2)],
    [t("Aborted at the end"), formatCount(figures.aborted)],
  ];
  return pairs.map(([name, value]) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  ));
}
