import type { PlannedExecution } from "../../run/plan.ts";
import { formatDuration, formatNumber } from "../../units.ts";
import { plannedMs, profileOf } from "../profile.ts";
import type { ProfilePoint } from "../profile.ts";

/** Colours of a picture, as CSS writes them. */
export interface PictureColors {
  readonly line: string;
  readonly rate: string;
  readonly text: string;
  readonly grid: string;
}

const width = 360;
const height = 110;
const box = { left: 4, right: 356, top: 20, bottom: 88 };

/**
 * Draws the load profile of a scenario as an SVG: users over time, and the target rate where there is one.
 * @param tell says its words in the reader's language
 */
export function drawProfile(
  executions: readonly PlannedExecution[],
  colors: PictureColors,
  tell = (words: string): string => words,
): string {
  const points = profileOf(executions, 121);
  const users = Math.max(0, ...points.map((point) => point.users));
  const rate = Math.max(0, ...points.map((point) => point.ratePerSecond));
  const span = points.at(-1)?.ms ?? 0;
  const isEnded = plannedMs(executions) !== null;
  const text = (x: number, y: number, anchor: string, color: string, words: string): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}" font-family="sans-serif" font-size="11">${words}</text>`;
  const grid = `<path d="M${box.left} ${box.top}H${box.right}M${box.left} ${box.bottom}H${box.right}" stroke="${colors.grid}" fill="none"/>`;
  const curves = [
    users > 0 ? curve(points, (point) => point.users / users, colors.line, "") : "",
    rate > 0 ? curve(points, (point) => point.ratePerSecond / rate, colors.rate, ' stroke-dasharray="4 3"') : "",
  ];
  const words = [
    users > 0 ? text(box.left, 13, "start", colors.line, tell(`${formatNumber(users)} users`)) : "",
    rate > 0 ? text(box.right, 13, "end", colors.rate, tell(`${formatNumber(rate, 1)} requests/s`)) : "",
    text(box.left, 103, "start", colors.text, "0s"),
    text(box.right, 103, "end", colors.text, isEnded ? formatDuration(span) : "…"),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${grid}${curves.join("")}${words.join("")}</svg>`;
}

function curve(
  points: readonly ProfilePoint[],
  shareOf: (point: ProfilePoint) => number,
  color: string,
  dash: string,
): string {
  const place = (share: number, index: number): string => {
    const x = box.left + ((box.right - box.left) * index) / (points.length - 1);
    return `${x.toFixed(1)} ${(box.bottom - (box.bottom - box.top) * share).toFixed(1)}`;
  };
  const line = points.map((point, index) => place(shareOf(point), index)).join("L");
  const area = `<path d="M${place(0, 0)}L${line}L${place(0, points.length - 1)}Z" fill="${color}" fill-opacity=".15"/>`;
  return `${area}<path d="M${line}" fill="none" stroke="${color}" stroke-width="1.5"${dash}/>`;
}

/** Says a load profile in a sentence without its full stop: `Up to 40 users, ramp-up 5s, 20s in all`. */
export function describeProfile(executions: readonly PlannedExecution[]): string {
  const points = profileOf(executions, 121);
  const users = Math.max(0, ...points.map((point) => point.users));
  const rate = Math.max(0, ...points.map((point) => point.ratePerSecond));
  const rampUp = Math.max(0, ...executions.map((execution) => execution.rampUpMs));
  const length = plannedMs(executions);
  const parts = [
    users > 0 ? `up to ${formatNumber(users)} ${users === 1 ? "user" : "users"}` : "users as the script says",
    ...(rate > 0 ? [`up to ${formatNumber(rate, 1)} requests/s`] : []),
    ...(rampUp > 0 ? [`ramp-up ${formatDuration(rampUp)}`] : []),
    length === null ? "ends with its iterations or its script" : `${formatDuration(length)} in all`,
  ];
  const sentence = parts.join(", ");
  return (sentence[0] ?? "").toUpperCase() + sentence.slice(1);
}
