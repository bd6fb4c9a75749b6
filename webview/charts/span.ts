/** A stretch of a run, in seconds from its start instant. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Moves and shrinks a span so that it lies within `full` and is at least `least` seconds long. */
export function fitSpan(span: Span, full: Span, least: number): Span {
  const length = Math.min(Math.max(span.to - span.from, least), full.to - full.from);
  const from = Math.min(Math.max(span.from, full.from), full.to - length);
  return { from, to: from + length };
}

/** Makes a span `factor` times as long, keeping the instant `around` where it is on the screen. */
export function zoomSpan(span: Span, factor: number, around = (span.from + span.to) / 2): Span {
  return { from: around - (around - span.from) * factor, to: around + (span.to - around) * factor };
}

/** Moves a span by a share of its own length. */
export function panSpan(span: Span, share: number): Span {
  const by = (span.to - span.from) * share;
  return { from: span.from + by, to: span.to + by };
}

/** Tells whether two spans are the same stretch. */
export function isSameSpan(a: Span, b: Span): boolean {
  return a.from === b.from && a.to === b.to;
}
