import type { RunResult } from "./result.ts";

const decimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

/** Three significant digits at most: `0.123`, `4.56`, `78.9`, `1,234`. */
function short(value: number): string {
  if (value >= 100) return whole.format(value);
  if (value >= 10) return decimal.format(value);
  return String(Number(value.toFixed(value >= 1 ? 2 : 3)));
}

/** Writes a count with separators: `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** Writes a response time: `0.42 ms`, `312 ms`, `1.25 s`. */
export function formatMs(ms: number): string {
  return ms < 999.5 ? `${short(ms)} ms` : `${short(ms / 1000)} s`;
}

/** Writes a stretch of time as a scenario would: `500ms`, `45s`, `2m30s`, `1h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  let rest = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [letter, seconds] of [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const amount = Math.floor(rest / seconds);
    if (amount > 0) parts.push(`${amount}${letter}`);
    rest -= amount * seconds;
  }
  return parts.slice(0, 3).join("");
}

/** Writes a rate: `123 RPS`. */
export function formatRate(perSecond: number): string {
  return `${short(perSecond)} RPS`;
}

/** Writes a ratio of 0..1 in percent; what is not zero never reads `0 %`, what is not all never `100 %`. */
export function formatPercent(ratio: number): string {
  if (ratio > 0 && ratio < 0.0001) return "< 0.01 %";
  if (ratio > 0.9999 && ratio < 1) return "> 99.99 %";
  return `${Number((100 * ratio).toFixed(2))} %`;
}

/** Writes an amount of data in powers of 1000: `950 B`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? whole.format(value) : short(value)} ${byteUnits[unit] ?? "B"}`;
}

/** Says in one sentence what happened in a run: how much was sent, how fast the answers came, how many failed, and how it ended. */
export function describeResult(result: RunResult): string {
  const all = result.labels[""];
  const tasks = describeTasks(result);
  const ending = result.reason === null ? "" : ` ${result.reason}`;
  if (all === undefined || all.count === 0) return `No requests were measured by ${tasks}.${ending}`;
  const users = result.maxUsers === 1 ? "1 user" : `${formatCount(result.maxUsers)} users`;
  const failed = all.failed === 0 ? "none failed" : `${formatPercent(all.errorRatio)} failed`;
  const about = result.isApproximate ? "about " : "";
  return (
    `${formatCount(all.count)} ${all.count === 1 ? "request" : "requests"} in ${formatDuration(result.spanMs)} ` +
    `(${formatRate(all.ratePerSecond)}) by up to ${users} from ${tasks}: ` +
    `p95 was ${about}${formatMs(all.percentilesMs.p95)} and ${failed}.${ending}`
  );
}

function describeTasks({ tasks }: RunResult): string {
  if (tasks.reported < tasks.wanted) return `${tasks.reported} of ${tasks.wanted} tasks`;
  return tasks.wanted === 1 ? "1 task" : `${formatCount(tasks.wanted)} tasks`;
}
