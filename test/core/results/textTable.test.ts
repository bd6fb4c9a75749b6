import { expect, test } from "vitest";
import { renderTable } from "../../../src/core/results/textTable.ts";

interface Row {
  readonly name: string;
  readonly count: string;
}

const layout = {
  head: { title: "Label", cell: ({ name }: Row) => name },
  columns: [{ title: "Requests", cell: ({ count }: Row) => count }],
};

test("keeps the ends of long names, in which labels of one target differ", () => {
  const rows = ["products", "checkout"].map((path) => ({ name: `http://127.0.0.1:8080/${path}`, count: "4" }));
  expect(renderTable(rows, { ...layout, width: 30 })).toEqual([
    "Label                 Requests",
    "http:/…8080/products         4",
    "http:/…8080/checkout         4",
  ]);
});

test.each([30, 40, 80])("fits into %d characters", (width) => {
  const rows = [{ name: "http://127.0.0.1:8080/products", count: "1,234" }];
  for (const line of renderTable(rows, { ...layout, width })) expect(line.length).toBeLessThanOrEqual(width);
});
