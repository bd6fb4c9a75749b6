import { Icon } from "./icons.tsx";
import type { SortOrder } from "./sort.ts";

export interface SortHeaderProps {
  readonly column: string;
  /** Name of the column for people. */
  readonly name: string;
  readonly order: SortOrder<string>;
  readonly isNumber?: boolean;
  readonly onSort: (column: string) => void;
}

/** A column's head that sorts its table. */
export function SortHeader({ column, name, order, isNumber = false, onSort }: SortHeaderProps) {
  const direction = order.column === column ? order.direction : undefined;
  return (
    <th scope="col" class={isNumber ? "number" : ""} aria-sort={direction ?? "none"}>
      <button type="button" class="sort" onClick={() => onSort(column)}>
        {name}
        {direction && <Icon name={`sort-${direction}`} />}
      </button>
    </th>
  );
}
