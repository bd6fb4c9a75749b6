/** A colour of tokens.css. */
export type ColorToken = `--lf-${string}`;

/** One column of figures over time: a line of the chart, a figure of its legend, a column of its table. */
export interface ChartLine {
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /** One entry per bucket; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
  readonly color: ColorToken;
  /** In CSS pixels; 0 leaves the line to legend and table. */
  readonly width: number;
  readonly isDashed?: boolean;
  /** Fills the area down to the line before it, or to zero, with this opacity. */
  readonly fill?: { readonly to: "previous" | "zero"; readonly opacity: number };
  /** Where it differs from the chart's own. */
  readonly format?: (value: number) => string;
}

/** A value that a rule allows at most or at least, drawn across the chart. */
export interface ChartLimit {
  /** What is allowed, for example `p95 ≤ 300 ms`. */
  readonly text: string;
  readonly value: number;
  readonly isBroken: boolean;
  /** Second at which the rule broke, when that is known. */
  readonly atSecond: number | null;
}

/** A chart over time: figures, limits and how to say its values. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** The title as it stands within a sentence. */
  readonly subject: string;
  /** One sentence computed from the figures. */
  readonly summary: string;
  readonly format: (value: number) => string;
  readonly lines: readonly ChartLine[];
  readonly limits: readonly ChartLimit[];
  readonly isLogarithmic?: boolean;
  /** Write the names of the plan's phases into it; the first chart does so for all. */
  readonly namesPhases?: boolean;
  /** Up to where the axis of values reaches when there is nothing above zero. */
  readonly leastTop: number;
  /** Its values are whole numbers. */
  readonly isWhole?: boolean;
}

/** Largest value that any line shows, 0 when there is none. */
export function highestOf(lines: readonly ChartLine[]): number {
  return lines.filter((line) => line.width > 0).reduce((most, line) => Math.max(most, maxOf(line.values)), 0);
}

/** Largest of the values that are there, 0 when there is none. */
export function maxOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
