import type { Problem } from "../core/scenario/problem.ts";
import type { Style } from "./style.ts";

const excerptWidth = 100;

/** Gives the text of a file that a Problem names; undefined when it cannot be read. */
export type TextLookup = (file: string) => string | undefined;

/** Writes a Problem as `file:line:column`, sentence, the line with what is meant underlined, and the fix. */
export function formatProblem(problem: Problem, textOf: TextLookup, style: Style): string {
  const { file, line, column, severity, message, code, fix } = problem;
  const paint = { error: style.red, warning: style.yellow, hint: style.cyan }[severity];
  const head = `${style.bold(`${file}:${line}:${column}`)}  ${paint(severity)}  ${message} ${style.dim(`[${code}]`)}`;
  const frame = formatFrame(problem, textOf(file), paint, style);
  return [head, ...frame, ...(fix === undefined ? [] : [`  ${style.green("fix")}  ${fix.title}`])].join("\n");
}

function formatFrame(
  { line, column, endLine, endColumn }: Problem,
  text: string | undefined,
  paint: (text: string) => string,
  { dim }: Style,
): readonly string[] {
  const source = text?.split(/\r\n|\n|\r/)[line - 1];
  if (source === undefined || source.trim() === "") return [];
  const end = endLine === line ? Math.min(endColumn, source.length + 1) : source.length + 1;
  // Far to the right in a long line, only what surrounds the mistake is shown.
  const from = column <= excerptWidth - 20 ? 0 : column - 20;
  const shown = source.slice(from, from + excerptWidth);
  const gutter = String(line);
  const before = blanksFor(shown.slice(0, column - 1 - from));
  const carets = "^".repeat(Math.max(1, Math.min(end, from + shown.length + 1) - column));
  return [
    `  ${dim(`${gutter} |`)} ${printable(shown)}`,
    `  ${dim(`${" ".repeat(gutter.length)} |`)} ${before}${paint(carets)}`,
  ];
}

// A tab is as wide above the carets as below; control characters must not reach a terminal.
function blanksFor(text: string): string {
  return printable(text).replace(/./gu, " ");
}

function printable(text: string): string {
  return text.replaceAll("\t", "  ").replace(/\p{Cc}/gu, "�");
}

/** Counts Problems in words: `1 error, 2 warnings in 3 files.` */
export function formatProblemCount(problems: readonly Problem[], files: number): string {
  const counts = (["error", "warning", "hint"] as const).flatMap((severity) => {
    const count = problems.filter((problem) => problem.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  return `${counts.length === 0 ? "No problems" : counts.join(", ")} in ${plural(files, "file")}.`;
}

/** Writes a count with its noun: `1 task`, `2 tasks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
