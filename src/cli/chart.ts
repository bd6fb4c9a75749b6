const rowsHigh = 5;
const dotsPerRow = 4;
/** Bits of the dots of a braille character, from the bottom up, in its left and its right column. */
const dots = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;

/** Labels at a chart's corners. */
export interface ChartLabels {
  readonly highest: string;
  readonly begin: string;
  readonly end: string;
}

/** Tells how many values a chart of this width (characters, its label included) shows. */
export function chartPoints(width: number, highest: string): number {
  return 2 * (width - highest.length - 2);
}

/** Draws values from 0 up as an area of braille dots, five lines high, with its axes. */
export function drawChart(values: readonly number[], labels: ChartLabels): readonly string[] {
  const top = Math.max(...values, 0);
  const heights = values.map((value) => (top === 0 ? 0 : Math.ceil((value / top) * rowsHigh * dotsPerRow)));
  const gutter = labels.highest.length;
  const lines = Array.from({ length: rowsHigh }, (_, index) => {
    const floor = (rowsHigh - 1 - index) * dotsPerRow;
    const label = index === 0 ? labels.highest : "";
    return `${label.padStart(gutter)} ${index === 0 ? "┤" : "│"}${drawRow(heights, floor)}`.trimEnd();
  });
  const columns = Math.ceil(values.length / 2);
  const blanks = Math.max(1, columns - labels.begin.length - labels.end.length);
  return [
    ...lines,
    `${"0".padStart(gutter)} └${"─".repeat(columns)}`,
    `${" ".repeat(gutter + 2)}${labels.begin}${" ".repeat(blanks)}${labels.end}`,
  ];
}

function drawRow(heights: readonly number[], floor: number): string {
  const cells: string[] = [];
  for (let at = 0; at < heights.length; at += 2) {
    const bits = dots.flatMap((column, side) => column.filter((_, level) => (heights[at + side] ?? 0) > floor + level));
    const sum = bits.reduce((total, bit) => total + bit, 0);
    cells.push(sum === 0 ? " " : String.fromCodePoint(0x2800 + sum));
  }
  return cells.join("");
}
