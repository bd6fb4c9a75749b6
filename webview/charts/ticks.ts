import type { Span } from "./span.ts";

const niceSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Seconds at which a time axis has its ticks: round instants, at most `most` of them. */
export function timeTicks(span: Span, most: number): readonly number[] {
  const length = span.to - span.from;
  const days = Math.ceil(length / (86_400 * most)) * 86_400;
  const step = niceSteps.find((candidate) => length / candidate <= most) ?? days;
  const first = Math.ceil(span.from / step) * step;
  return Array.from({ length: Math.floor((span.to - first) / step) + 1 }, (_, index) => first + index * step);
}

/** Writes seconds since the start as `2:35` or `1:02:35`. */
export function formatElapsed(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Values for a logarithmic axis: 1, 2 and 5 times the powers of ten within the range, only the powers when it is wide. */
export function logTicks(low: number, high: number): readonly number[] {
  const factors = high / low > 20_000 ? [1] : [1, 2, 5];
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return powers
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(1))))
    .filter((value) => value >= low && value <= high);
}
