import { useEffect, useState } from "preact/hooks";
import { highestOf, type ChartLimit, type ChartLine, type ChartSpec } from "../charts/spec.ts";
import { formatElapsed } from "../charts/ticks.ts";
import type { Timeline } from "../charts/timeline.ts";
import { t } from "../language.ts";
import { formatInstant } from "./instant.ts";

export interface LegendProps {
  readonly spec: ChartSpec;
  readonly timeline: Timeline;
  readonly startAtMs: number | null;
}

/** Names of a chart's lines and limits, with the figures of the bucket that the pointer is at. */
export function Legend({ spec, timeline, startAtMs }: LegendProps) {
  const [cursor, setCursor] = useState(timeline.cursor);
  useEffect(() => timeline.subscribe(() => setCursor(timeline.cursor)), [timeline]);
  const highest = highestOf(spec.lines);
  return (
    <ul class="legend">
      {spec.lines.map((line) => (
        <li key={line.name} class={line.width === 0 && cursor === undefined ? "unseen" : ""}>
          <Swatch line={line} />
          {line.name}
          {cursor !== undefined && <span class="value">{valueAt(spec, line, cursor)}</span>}
        </li>
      ))}
      {spec.limits.map((limit) => (
        <li key={limit.text}>
          <svg class="swatch" viewBox="0 0 20 10" width="20" height="10" aria-hidden="true">
            <line x1="0" y1="5" x2="20" y2="5" class={limit.isBroken ? "limit is-broken" : "limit"} />
          </svg>
          {describeLimit(limit, highest)}
        </li>
      ))}
      {cursor !== undefined && <li class="at">{describeInstant(cursor * timeline.bucketSeconds, startAtMs)}</li>}
    </ul>
  );
}

function Swatch({ line }: { readonly line: ChartLine }) {
  const { color, fill } = line;
  const stroke = `var(${color})`;
  return (
    <svg class="swatch" viewBox="0 0 20 10" width="20" height="10" aria-hidden="true">
      {fill && <rect width="20" height="10" fill={stroke} fill-opacity={fill.opacity} />}
      <line
        x1="0"
        y1={fill ? 1 : 5}
        x2="20"
        y2={fill ? 1 : 5}
        stroke={stroke}
        stroke-width={Math.max(line.width, 1)}
        stroke-dasharray={line.isDashed ? "5 3" : undefined}
      />
    </svg>
  );
}

function valueAt(spec: ChartSpec, { values, format = spec.format }: ChartLine, index: number): string {
  const value = values[index] ?? null;
  return value === null ? "–" : format(value);
}

function describeLimit({ text, value, isBroken, atSecond }: ChartLimit, highest: number): string {
  const parts = [
    t("allowed {0}|limit", text),
    ...(highest > 0 && value > highest * 3 ? [t("off the scale")] : []),
    ...(isBroken ? [atSecond === null ? t("broken|limit") : t("broken at {0}|limit", formatElapsed(atSecond))] : []),
  ];
  return parts.join(", ");
}

function describeInstant(second: number, startAtMs: number | null): string {
  const elapsed = formatElapsed(second);
  return startAtMs === null ? elapsed : `${elapsed} · ${formatInstant(startAtMs + second * 1000).slice(11)}`;
}
