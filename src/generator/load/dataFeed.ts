import { parse } from "csv-parse/sync";
import { dataRows } from "../../core/run/share.ts";
import type { DataSource } from "../../core/scenario/model.ts";
import { UserError } from "../../core/errors.ts";
import type { Bundle } from "../http/bundle.ts";

/** Rows of a CSV file that the users of a task take in turn. */
export class DataFeed {
  readonly #path: string;
  readonly #names: readonly string[];
  readonly #loops: boolean;
  readonly #isRandomOrder: boolean;
  #rows: readonly (readonly string[])[];
  #next = 0;

  constructor(source: DataSource, table: Table) {
    this.#path = source.path;
    this.#names = table.names;
    this.#loops = source.loops;
    this.#isRandomOrder = source.isRandomOrder;
    this.#rows = table.rows;
  }

  /** Keeps only the rows of one task of several. @throws {UserError} when there is none for it */
  split(index: number, of: number): void {
    const { from, to } = dataRows(index, of, this.#rows.length);
    if (from === to) {
      const rows = this.#rows.length === 1 ? "1 row" : `${this.#rows.length} rows`;
      throw new UserError("data-too-short", `The data file ${this.#path} has ${rows} for ${of} tasks.`, {
        hint: "Add rows, take fewer tasks, or leave split-data out so that every task reads all rows.",
      });
    }
    this.#rows = this.#rows.slice(from, to);
  }

  /** Sets the variables of the next row; false when there is none left. */
  take(variables: Map<string, string>): boolean {
    if (this.#next >= this.#rows.length) {
      if (!this.#loops || this.#rows.length === 0) return false;
      this.#next = 0;
    }
    // Not before: every task must split the rows in the order of the file.
    if (this.#next === 0) this.#shuffle();
    const row = this.#rows[this.#next++] ?? [];
    for (const [index, name] of this.#names.entries()) variables.set(name, row[index] ?? "");
    return true;
  }

  #shuffle(): void {
    if (!this.#isRandomOrder) return;
    const rows = [...this.#rows];
    for (let last = rows.length - 1; last > 0; last--) {
      const other = Math.floor(Math.random() * (last + 1));
      const [a, b] = [rows[last], rows[other]];
      if (a !== undefined && b !== undefined) [rows[last], rows[other]] = [b, a];
    }
    this.#rows = rows;
  }
}

/** The content of a data file. */
export interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads a data file of the bundle. @throws {UserError} when it cannot be read or has no rows to give */
export function openDataFeed(source: DataSource, bundle: Bundle): DataFeed {
  const text = decode(bundle.read(source.path), source.encoding).replace(/^\uFEFF/, "");
  const table = readTable(source, text);
  if (table.rows.length === 0) {
    throw new UserError("data-empty", `The data file ${source.path} has no rows.`, {
      hint: source.names === undefined ? "Its first line names the columns; add rows below it." : "Add rows to it.",
    });
  }
  return new DataFeed(source, table);
}

function decode(bytes: Buffer, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? "utf-8").decode(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError("data-encoding", `The encoding "${encoding ?? ""}" of a data source is unknown.`, {
      hint: "Use utf-8, utf-16le, iso-8859-1 or another name that browsers know.",
      cause,
    });
  }
}

/** Splits the text of a data file into names and rows; without quotes a row is a line, whatever it holds, as in JMeter. */
export function readTable(source: DataSource, text: string): Table {
  const delimiter = delimiterOf(source.delimiter, text);
  const rows = source.isQuoted
    ? parseQuoted(source.path, text, delimiter)
    : text.split(/\r\n|\n|\r/).flatMap((line) => (line === "" ? [] : [line.split(delimiter)]));
  const names = source.names ?? rows[0] ?? [];
  return { names: names.map((name) => name.trim()), rows: source.names === undefined ? rows.slice(1) : rows };
}

function parseQuoted(path: string, text: string, delimiter: string): readonly (readonly string[])[] {
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new UserError("data-broken", `The data file ${path} is not valid CSV: ${cause.message}.`, {
      hint: "Close every quote, and write a quote inside a quoted field twice.",
      cause,
    });
  }
}

function delimiterOf(delimiter: string | undefined, text: string): string {
  if (delimiter !== undefined && delimiter !== "") return /^(tab|\\t)$/i.test(delimiter) ? "\t" : delimiter;
  const [firstLine = ""] = text.split(/\r\n|\n|\r/, 1);
  const counts = [",", ";", "\t", "|"].map((sign) => ({ sign, count: firstLine.split(sign).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
}
