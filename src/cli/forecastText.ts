import { formatUsd, type RunCost } from "../core/run/cost.ts";
import type { Forecast, PreflightCheck } from "../core/run/forecast.ts";
import { wrap, type Style } from "./style.ts";

/** Writes for a person what is known of a run before it begins: what stands in its way, and what it will cost. */
export function formatForecast({ checks, cost }: Forecast, width: number, style: Style): string {
  return [...checks.flatMap((check) => formatCheck(check, width, style)), "", formatCost(cost, width, style)].join(
    "\n",
  );
}

/** Writes the checks that a person has to know of, each with its hint; empty when all is well. */
export function formatWarnings(checks: readonly PreflightCheck[], width: number, style: Style): string {
  const lines = checks.filter(({ severity }) => severity !== "ok").flatMap((check) => formatCheck(check, width, style));
  return lines.map((line) => `${line}\n`).join("");
}

/** Writes a cost: its sum, its parts, and what is assumed. */
export function formatCost({ usd, lines, notes }: RunCost, width: number, style: Style): string {
  const longest = Math.max(...lines.map(({ name }) => name.length));
  const parts = lines.map(
    ({ name, usd: part, detail }) => `  ${name.padEnd(longest)}  ${formatUsd(part).padStart(8)}  ${style.dim(detail)}`,
  );
  const small = notes.flatMap((note) => wrap(note, width - 2)).map((line) => `  ${style.dim(line)}`);
  const about = usd < 0.01 ? "less than a cent" : `about ${formatUsd(usd)}`;
  return [`${style.bold("Cost")}  ${about}`, ...parts, ...small, ""].join("\n");
}

const marks = { ok: "ok", warning: "warning", error: "error" } as const;

function formatCheck({ severity, message, hint }: PreflightCheck, width: number, style: Style): readonly string[] {
  const paint = { ok: style.green, warning: style.yellow, error: style.red }[severity];
  const indent = marks.warning.length + 2;
  const texts = [
    ...wrap(message, width - indent),
    ...(hint === undefined ? [] : wrap(hint, width - indent).map(style.dim)),
  ];
  return texts.map(
    (text, index) => `${index === 0 ? paint(marks[severity].padEnd(indent)) : " ".repeat(indent)}${text}`,
  );
}
