/** A column of a table of text. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
}

/** How a table is laid out: a head column on the left that gives way, figures on the right that do not. */
export interface TableLayout<Row> {
  /** Most characters of a line. */
  readonly width: number;
  readonly head: Column<Row>;
  readonly columns: readonly Column<Row>[];
}

const leastHead = 12;
const gap = "  ";

/** Lays out rows as lines of text; columns that do not fit are left out from the right, but for the last. */
export function renderTable<Row>(rows: readonly Row[], { width, head, columns }: TableLayout<Row>): readonly string[] {
  const texts = columns.map(({ title, cell }) => [title, ...rows.map(cell)]);
  const sizes = texts.map((column) => Math.max(...column.map((text) => text.length)));
  const names = [head.title, ...rows.map(head.cell)];
  const widestHead = Math.max(...names.map((name) => name.length));
  const kept = fitting(sizes, width - Math.min(widestHead, leastHead));
  const rest = kept.reduce((left, index) => left - (sizes[index] ?? 0) - gap.length, width);
  const headSize = Math.max(Math.min(widestHead, rest), Math.min(widestHead, leastHead));
  return names.map((name, row) => {
    const cells = kept.map((index) => (texts[index]?.[row] ?? "").padStart(sizes[index] ?? 0));
    return [shorten(name, headSize).padEnd(headSize), ...cells].join(gap);
  });
}

function fitting(sizes: readonly number[], width: number): readonly number[] {
  const kept = sizes.map((_, index) => index);
  const needed = (): number => kept.reduce((total, index) => total + (sizes[index] ?? 0) + gap.length, 0);
  while (kept.length > 1 && needed() > width) kept.splice(-2, 1);
  return kept;
}

// The labels of one target begin alike, with its address: what tells them apart is at the end.
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.ceil((2 * (length - 1)) / 3);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`;
}
