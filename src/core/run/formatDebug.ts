import type { DebugBody, DebugHeader, DebugHop, DebugSample, DebugTrace } from "./debug.ts";

const mostLines = 40;
const mostLetters = 4_000;
const indent = " ".repeat(13);

/** Writes a trace for a terminal: each request with its answer, times, checks and variables; long contents are cut. */
export function formatDebugText(trace: DebugTrace): string {
  const failed = trace.samples.filter(({ failure }) => failure !== null).length;
  const count = trace.samples.length;
  const requests = `${String(count)} ${count === 1 ? "request" : "requests"}`;
  const head = `${trace.name}: 1 user, 1 iteration, ${requests}, ${failed === 0 ? "all passed" : `${String(failed)} failed`}.`;
  return visible([head, ...trace.notes, ...trace.samples.map(formatSample)].join("\n\n").concat("\n"));
}

// What a target sends must not move the terminal's cursor or change its title.
function visible(text: string): string {
  return text.replace(/(?!\n|\t)\p{Cc}/gu, (control) =>
    control === "\r" ? "" : `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function formatSample(sample: DebugSample, index: number): string {
  const outcome = sample.failure === null ? "passed" : `FAILED: ${sample.failure}`;
  return [
    `${String(index + 1)}. ${sample.label}  ${formatMs(sample.elapsedMs)}  ${outcome}  (line ${String(sample.line)})`,
    ...sample.hops.flatMap(formatHop),
    ...block(
      "checks",
      sample.assertions.flatMap(({ name, isPassed, expected, actual }) =>
        isPassed
          ? [`passed  ${name}`]
          : [
              `FAILED  ${name}`,
              `        expected ${cut(expected ?? "", 1)}`,
              `        actual   ${cut(actual ?? "", 1)}`,
            ],
      ),
    ),
    ...block(
      "variables",
      sample.variables.map(({ name, value }) => `${name} = ${cut(value, 1)}`),
    ),
  ].join("\n");
}

function formatHop(hop: DebugHop): readonly string[] {
  const { timing, status, failure } = hop;
  const times = [
    ["connect", timing.connectMs],
    ["TLS", timing.tlsMs],
    ["first byte", timing.firstByteMs],
    ["total", timing.totalMs],
  ] as const;
  return [
    ...block("request", [`${hop.method} ${hop.url}`, ...headers(hop.requestHeaders), ...body(hop.requestBody)]),
    ...block(
      "response",
      status === null
        ? [failure ?? "none"]
        : [
            `${String(status)} ${hop.statusText}`.trim(),
            ...headers(hop.responseHeaders),
            ...body(hop.responseBody),
            ...(failure === null ? [] : [failure]),
          ],
    ),
    ...block("time", [times.flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${formatMs(ms)}`])).join(", ")]),
  ];
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `   ${name.padEnd(10)}${line}` : `${indent}${line}`.trimEnd()));
}

function headers(pairs: readonly DebugHeader[]): readonly string[] {
  return pairs.map(([name, value]) => `${name}: ${value}`);
}

function body(content: DebugBody | null): readonly string[] {
  if (content === null || content.bytes === 0) return [];
  if (content.kind === "binary") return ["", `[${String(content.bytes)} bytes that are not text]`];
  const text = cut(content.text, mostLines);
  return ["", ...text.split("\n"), ...(content.isCut ? [`[the first 256 KiB of ${String(content.bytes)} bytes]`] : [])];
}

function cut(text: string, lines: number): string {
  const whole = text.replaceAll("\r\n", "\n").trimEnd();
  const shown = whole.slice(0, mostLetters).split("\n").slice(0, lines).join("\n");
  return shown.length < whole.length ? `${shown} … (${String(text.length)} characters in all)` : shown;
}

function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
