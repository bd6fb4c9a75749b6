/** A value that k6 measured, with its tags; the instant in epoch ms. */
export interface Row {
  readonly metric: string;
  readonly atMs: number;
  readonly value: number;
  /** Value of a tag by the name of its column; "" when it is not there. */
  tag(name: string): string;
}

/** Reads k6's CSV output line by line; what is no row of it, such as what the script prints, is left out. */
export class RowReader {
  #columns: readonly string[] | undefined;
  /** Beginning of a row with a line end inside quotes. */
  #begun = "";

  /** The row that ends with this line; undefined when there is none. */
  read(line: string): Row | undefined {
    if (this.#columns === undefined) {
      if (line.startsWith("metric_name,")) this.#columns = line.split(",");
      return undefined;
    }
    if (this.#begun === "" && !/^\w+,\d{16},/.test(line)) return undefined;
    const text = this.#begun + line;
    if (!isWhole(text)) {
      this.#begun = `${text}\n`;
      return undefined;
    }
    this.#begun = "";
    return rowOf(text, this.#columns);
  }
}

function rowOf(text: string, columns: readonly string[]): Row {
  const [metric = "", instant = "", value = ""] = text.split(",", 3);
  let fields: readonly string[] | undefined;
  return {
    metric,
    atMs: Number(instant) / 1000,
    value: Number(value),
    // Most rows are asked for no tag.
    tag: (name) => (fields ??= splitFields(text))[columns.indexOf(name)] ?? "",
  };
}

function isWhole(text: string): boolean {
  return !text.includes('"') || (text.split('"').length - 1) % 2 === 0;
}

function splitFields(text: string): readonly string[] {
  if (!text.includes('"')) return text.split(",");
  const fields = text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return Array.from(fields, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}
