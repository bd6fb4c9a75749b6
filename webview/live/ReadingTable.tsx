import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import { useKept } from "../result/kept.ts";
import { labelName } from "../result/labels.ts";
import { nextOrder, sortBy, type SortOrder } from "../result/sort.ts";
import { SortHeader } from "../result/SortHeader.tsx";
import type { LabelReading } from "./reading.ts";

interface Column {
  readonly name: string;
  readonly valueOf: (reading: LabelReading) => number | null;
  readonly format: (value: number) => string;
}

const time = (name: string, key: "meanMs" | "p50Ms" | "p95Ms" | "p99Ms"): Column => ({
  name,
  valueOf: ({ now }) => now?.[key] ?? null,
  format: formatMs,
});

const columns: readonly Column[] = [
  { name: "Requests so far", valueOf: ({ soFar }) => soFar.count, format: formatCount },
  {
    name: "RPS",
    valueOf: ({ now }) => now?.ratePerSecond ?? 0,
    format: (rate) => formatRate(rate).replace(" RPS", ""),
  },
  time("Mean", "meanMs"),
  time("p50", "p50Ms"),
  time("p95", "p95Ms"),
  time("p99", "p99Ms"),
  { name: "Failed so far", valueOf: ({ soFar }) => soFar.failed, format: formatCount },
  {
    name: "Error rate so far",
    valueOf: ({ soFar }) => (soFar.count === 0 ? null : soFar.failed / soFar.count),
    format: formatPercent,
  },
];
const labelColumn = "Request";

/** Figures per request at an instant: rates and times of now, counts since the start. */
export function ReadingTable({ labels }: { readonly labels: readonly LabelReading[] }) {
  const [order, setOrder] = useKept<SortOrder<string>>("reading.order", {
    column: labelColumn,
    direction: "ascending",
  });
  const column = columns.find(({ name }) => name === order.column);
  const all = labels.find(({ label }) => label === "");
  const rows = sortBy(
    labels.filter(({ label }) => label !== ""),
    order.direction,
    (reading) => (column ? (column.valueOf(reading) ?? -1) : reading.label),
  );
  const sort = (first: "ascending" | "descending") => (name: string) => setOrder(nextOrder(order, name, first));
  return (
    <section aria-labelledby="reading-heading">
      <h2 id="reading-heading">Requests</h2>
      <div class="scroll" role="region" aria-label="Figures per request" tabIndex={0}>
        <table class="requests">
          <thead>
            <tr>
              <SortHeader column={labelColumn} order={order} onSort={sort("ascending")} />
              {columns.map(({ name }) => (
                <SortHeader key={name} column={name} order={order} isNumber onSort={sort("descending")} />
              ))}
            </tr>
          </thead>
          <tbody>
            {[...(all ? [all] : []), ...rows].map((reading) => (
              <Row key={reading.label} reading={reading} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ reading }: { readonly reading: LabelReading }) {
  const isBad = reading.soFar.failed > 0;
  return (
    <tr>
      <th scope="row">{labelName(reading.label)}</th>
      {columns.map((column) => {
        const value = column.valueOf(reading);
        return (
          <td key={column.name} class={`number ${isBad && /Failed|Error/.test(column.name) ? "is-bad" : ""}`}>
            {value === null ? "–" : column.format(value)}
          </td>
        );
      })}
    </tr>
  );
}
