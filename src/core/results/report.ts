import { Compile } from "typebox/compile";
import { UserError } from "../errors.ts";
import { TaskReport, type LabelFigures } from "../run/wire.ts";
import { countOfWire } from "./histogramWire.ts";

/** Which report is expected. */
export interface ExpectedReport {
  /** Undefined takes a report of any run. */
  readonly runId?: string;
  readonly task?: number;
}

/** A report that can be merged, or one sentence on why it cannot. */
export type DecodedReport = { readonly report: TaskReport } | { readonly fault: string };

/** Far beyond any fleet; what claims more would have a billion missing tasks listed. */
const mostTasks = 100_000;

// Checking by interpreting the schema takes fifty times as long.
const schema = Compile(TaskReport);

/**
 * Reads a task's report from the bytes of its JSON and refuses what cannot be true: another run or task, more failures
 * than requests, a histogram that does not hold every request.
 */
export function decodeReport(bytes: Uint8Array, expected: ExpectedReport = {}): DecodedReport {
  const value = parseJson(new TextDecoder().decode(bytes));
  if (value === undefined) return { fault: "The report is not whole: its JSON ends too early or is damaged." };
  if (!schema.Check(value)) {
    const [error] = schema.Errors(value);
    const where = error === undefined ? "" : `: ${error.instancePath} ${error.message}`.replace("  ", " ");
    return { fault: `The report does not have the form of loadfleet.task.v1${where}.` };
  }
  const fault = faultOf(value, expected);
  return fault === undefined ? { report: value } : { fault };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultOf(report: TaskReport, expected: ExpectedReport): string | undefined {
  if (expected.runId !== undefined && report.runId !== expected.runId) {
    return `The report is of the run ${report.runId}.`;
  }
  if (expected.task !== undefined && report.task !== expected.task) {
    return `The report is of task ${report.task}, not of task ${expected.task}.`;
  }
  if (report.tasks > mostTasks) return `The report is of a run with ${report.tasks} tasks, which no run has.`;
  if (report.task >= report.tasks)
    return `The report is of task ${report.task}, but the run has ${report.tasks} tasks.`;
  if (report.endedAtMs < report.startedAtMs) return "The report ends before it begins.";
  const all = report.labels[""];
  if (all === undefined) return "The report has no figures of all requests.";
  if (all.count > 0 && (report.firstSampleAtMs === null || report.lastSampleAtMs === null)) {
    return "The report has requests but not the instants of the first and the last.";
  }
  for (const [label, figures] of Object.entries(report.labels)) {
    const fault = faultOfFigures(figures);
    if (fault !== undefined)
      return `The report's figures of ${label === "" ? "all requests" : `"${label}"`} cannot be true: ${fault}.`;
  }
  return undefined;
}

function faultOfFigures(figures: LabelFigures): string | undefined {
  const { count, failed, minMs, maxMs, sumMs } = figures;
  if (failed > count) return `${failed} of ${count} requests failed`;
  if (minMs > maxMs) return `the shortest response time, ${minMs} ms, is above the longest, ${maxMs} ms`;
  // Sums are rounded to a thousandth.
  if (sumMs > maxMs * count + 1 || sumMs < minMs * count - 1) {
    return `${count} response times of ${minMs} to ${maxMs} ms do not add up to ${sumMs} ms`;
  }
  try {
    const counted = countOfWire(figures.histogram);
    return counted === count ? undefined : `the histogram holds ${counted} of ${count} requests`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message.charAt(0).toLowerCase()}${error.message.slice(1, -1)}`;
  }
}
