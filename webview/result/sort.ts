/** How a table is sorted: by which column, and in which direction. */
export interface SortOrder<Column extends string> {
  readonly column: Column;
  readonly direction: "ascending" | "descending";
}

/** Order after a click on a column's head: figures begin with the largest, names with the first; a second click turns it round. */
export function nextOrder<Column extends string>(
  order: SortOrder<Column>,
  column: Column,
  first: SortOrder<Column>["direction"],
): SortOrder<Column> {
  if (order.column !== column) return { column, direction: first };
  return { column, direction: order.direction === "ascending" ? "descending" : "ascending" };
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Sorts by a text or a number, stably; numbers within text count as numbers. */
export function sortBy<T>(
  items: readonly T[],
  direction: "ascending" | "descending",
  valueOf: (item: T) => number | string,
): readonly T[] {
  const sign = direction === "ascending" ? 1 : -1;
  return items.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    const difference =
      typeof left === "number" && typeof right === "number" ? left - right : collator.compare(`${left}`, `${right}`);
    return sign * difference;
  });
}
