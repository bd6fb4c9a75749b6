import { useState } from "preact/hooks";
import { formatCount } from "../../src/core/results/figures.ts";
import { t } from "../language.ts";

const pageRows = 100;

export interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** Cells of a row, the first one being its head. */
  readonly rowAt: (index: number) => readonly string[];
}

/** The figures behind a chart, a hundred rows at a time. */
export function DataTable({ caption, columns, rowCount, rowAt }: DataTableProps) {
  const [page, setPage] = useState(0);
  const pages = Math.max(Math.ceil(rowCount / pageRows), 1);
  const first = Math.min(page, pages - 1) * pageRows;
  const rows = Array.from({ length: Math.min(pageRows, rowCount - first) }, (_, index) => rowAt(first + index));
  return (
    <div class="data">
      <div class="scroll is-tall" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={column} scope="col" class={index === 0 ? "" : "number"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([head, ...cells]) => (
              <tr key={head}>
                <th scope="row">{head}</th>
                {cells.map((cell, index) => (
                  <td key={columns[index + 1]} class="number">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div class="pages screen-only">
          <vscode-button secondary disabled={first === 0} onClick={() => setPage(page - 1)}>
            {t("Previous rows")}
          </vscode-button>
          <span role="status">
            {t(
              "Rows {0} to {1} of {2}",
              formatCount(first + 1),
              formatCount(first + rows.length),
              formatCount(rowCount),
            )}
          </span>
          <vscode-button secondary disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            {t("Next rows")}
          </vscode-button>
        </div>
      )}
    </div>
  );
}
