import { dataRows } from "./share.ts";

/** How a data file is written. */
export interface CsvForm {
  /** True when the first record names the columns; every part keeps it. */
  readonly hasHeader: boolean;
  /** True when `"` may enclose values, and with them line ends. */
  readonly isQuoted: boolean;
}

/** Cuts a text into records with their line ends; without its line end, the last one gets `\n`, so that parts can be joined. */
function recordsOf(text: string, isQuoted: boolean): readonly string[] {
  const records: string[] = [];
  let start = 0;
  let isInside = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    // A doubled quote inside a value closes and opens it again, which comes to the same.
    if (character === '"' && isQuoted) isInside = !isInside;
    else if (character === "\n" && !isInside) {
      records.push(text.slice(start, at + 1));
      start = at + 1;
    }
  }
  if (start < text.length) records.push(`${text.slice(start)}\n`);
  return records;
}

/** Cuts the part of a CSV text that position `index` of `of` tasks takes; every record goes to exactly one task. */
export function splitCsv(text: string, index: number, of: number, form: CsvForm): string {
  const records = recordsOf(text, form.isQuoted);
  const header = form.hasHeader ? records.slice(0, 1) : [];
  const rows = records.slice(header.length);
  const { from, to } = dataRows(index, of, rows.length);
  return [...header, ...rows.slice(from, to)].join("");
}
