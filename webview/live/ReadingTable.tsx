import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import { t } from "../language.ts";
import { useKept } from "../result/kept.ts";
import { labelName } from "../result/labels.ts";
import { nextOrder, sortBy, type SortOrder } from "../result/sort.ts";
import { SortHeader } from "../result/SortHeader.tsx";
import type { LabelReading, Reading } from "./reading.ts";

interface Column {
  /** What the table is sorted by is kept under it. */
  readonly id: string;
  readonly name: string;
  readonly valueOf: (reading: LabelReading) => number | null;
  readonly format: (value: number) => string;
  readonly countsFailures?: boolean;
}

const time = (id: "meanMs" | "p50Ms" | "p95Ms" | "p99Ms", name: string): Column => ({
  id,
  name,
  valueOf: ({ now }) => now?.[id] ?? null,
  format: formatMs,
});

function readingColumns(): readonly Column[] {
  return [
    { id: "count", name: t("Requests so far"), valueOf: ({ soFar }) => soFar.count, format: formatCount },
    {
      id: "rate",
      name: "RPS",
      valueOf: ({ now }) => now?.ratePerSecond ?? 0,
      format: (rate) => formatRate(rate).replace(" RPS", ""),
    },
    time("meanMs", t("Mean")),
    time("p50Ms", "p50"),
    time("p95Ms", "p95"),
    time("p99Ms", "p99"),
    {
      id: "failed",
      name: t("Failed so far"),
      valueOf: ({ soFar }) => soFar.failed,
      format: formatCount,
      countsFailures: true,
    },
    {
      id: "errorRate",
      name: t("Error rate so far"),
      valueOf: ({ soFar }) => (soFar.count === 0 ? null : soFar.failed / soFar.count),
      format: formatPercent,
      countsFailures: true,
    },
  ];
}

/** Figures per request at an instant: rates and times of now, counts since the start. */
export function ReadingTable({ labels, hidden }: Pick<Reading, "labels" | "hidden">) {
  const [order, setOrder] = useKept<SortOrder<string>>("reading.order", {
    column: "label",
    direction: "ascending",
  });
  const columns = readingColumns();
  const column = columns.find(({ id }) => id === order.column);
  const all = labels.find(({ label }) => label === "");
  const rows = sortBy(
    labels.filter(({ label }) => label !== ""),
    order.direction,
    (reading) => (column ? (column.valueOf(reading) ?? -1) : reading.label),
  );
  const sort = (first: "ascending" | "descending") => (id: string) => setOrder(nextOrder(order, id, first));
  return (
    <section aria-labelledby="reading-heading">
      <h2 id="reading-heading">{t("Requests")}</h2>
      {hidden > 0 && (
        <p class="muted">
          {t(
            "{0} of {1} requests are shown live; the result has all of them.",
            formatCount(rows.length),
            formatCount(rows.length + hidden),
          )}
        </p>
      )}
      <div class="scroll" role="region" aria-label={t("Figures per request")} tabIndex={0}>
        <table class="requests">
          <thead>
            <tr>
              <SortHeader column="label" name={t("Request")} order={order} onSort={sort("ascending")} />
              {columns.map(({ id, name }) => (
                <SortHeader key={id} column={id} name={name} order={order} isNumber onSort={sort("descending")} />
              ))}
            </tr>
          </thead>
          <tbody>
            {[...(all ? [all] : []), ...rows].map((reading) => (
              <Row key={reading.label} reading={reading} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ reading, columns }: { readonly reading: LabelReading; readonly columns: readonly Column[] }) {
  const isBad = reading.soFar.failed > 0;
  return (
    <tr>
      <th scope="row">{labelName(reading.label)}</th>
      {columns.map((column) => {
        const value = column.valueOf(reading);
        return (
          <td key={column.id} class={`number ${isBad && column.countsFailures ? "is-bad" : ""}`}>
            {value === null ? "–" : column.format(value)}
          </td>
        );
      })}
    </tr>
  );
}
