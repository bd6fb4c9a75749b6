import { useMemo, useState } from "preact/hooks";
import { formatCount } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { usePrinting } from "../theme/theme.ts";
import { t } from "../language.ts";
import { useKept } from "./kept.ts";
import { findRequests, requestColumns, type RequestRow as Row } from "./requestColumn.ts";
import { RequestRow } from "./RequestRow.tsx";
import { SortHeader } from "./SortHeader.tsx";
import { nextOrder, sortBy, type SortOrder } from "./sort.ts";

export interface RequestTableProps {
  readonly result: RunResult;
  /** Asks to see a label's figures over time. */
  readonly onPick: (label: string) => void;
}

/** Figures per request: sortable by every column, searchable, with codes and errors in place. */
export function RequestTable({ result, onPick }: RequestTableProps) {
  const [text, setText] = useKept("requests.search", "");
  const [order, setOrder] = useKept<SortOrder<string>>("requests.order", {
    column: "label",
    direction: "ascending",
  });
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const isPrinting = usePrinting();
  const found = useMemo(() => findRequests(result, text), [result, text]);
  const rows = useMemo(() => sortRows(found, order), [found, order]);
  const all = result.labels[""];
  return (
    <section aria-labelledby="requests-heading">
      <Search text={text} onSearch={setText} found={found.length} total={findRequests(result, "").length} />
      <div class="scroll" role="region" aria-label={t("Figures per request")} tabIndex={0}>
        <table class="requests">
          <Head order={order} onOrder={setOrder} />
          {[...(all ? [{ label: "", figures: all }] : []), ...rows].map(({ label, figures }) => (
            <RequestRow
              key={label}
              label={label}
              figures={figures}
              isOpen={isPrinting ? figures.failed > 0 : open.has(label)}
              isInSeries={result.series?.labels[label] !== undefined}
              onToggle={() => setOpen((before) => toggled(before, label))}
              onPick={onPick}
            />
          ))}
        </table>
      </div>
    </section>
  );
}

interface SearchProps {
  readonly text: string;
  readonly onSearch: (text: string) => void;
  readonly found: number;
  readonly total: number;
}

function Search({ text, onSearch, found, total }: SearchProps) {
  return (
    <div class="section-head">
      <h2 id="requests-heading">{t("Requests")}</h2>
      <vscode-textfield
        class="search"
        type="search"
        label={t("Search requests")}
        placeholder={t("Search requests")}
        value={text}
        onInput={(event) => onSearch(event.currentTarget.shadowRoot?.querySelector("input")?.value ?? "")}
      />
      <span class="muted" role="status">
        {text.trim() === ""
          ? t("{0} requests|labels", formatCount(total))
          : t("{0} of {1} requests|labels", formatCount(found), formatCount(total))}
      </span>
    </div>
  );
}

interface HeadProps {
  readonly order: SortOrder<string>;
  readonly onOrder: (order: SortOrder<string>) => void;
}

function Head({ order, onOrder }: HeadProps) {
  return (
    <thead>
      <tr>
        <SortHeader
          column="label"
          name={t("Request")}
          order={order}
          onSort={(column) => onOrder(nextOrder(order, column, "ascending"))}
        />
        {requestColumns().map(({ id, name }) => (
          <SortHeader
            key={id}
            column={id}
            name={name}
            order={order}
            isNumber
            onSort={(column) => onOrder(nextOrder(order, column, "descending"))}
          />
        ))}
      </tr>
    </thead>
  );
}

function sortRows(rows: readonly Row[], { column, direction }: SortOrder<string>): readonly Row[] {
  const figure = requestColumns().find(({ id }) => id === column);
  return sortBy(rows, direction, ({ label, figures }) => (figure ? figure.valueOf(figures) : label));
}

function toggled(before: ReadonlySet<string>, label: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(label)) after.add(label);
  return after;
}
