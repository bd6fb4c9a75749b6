import { fitSpan, isSameSpan, panSpan, zoomSpan, type Span } from "./span.ts";

/** What has changed of a timeline: the visible span, or only what the pointer marks in it. */
export type TimelineChange = "span" | "mark";

/** The time axis that all charts over time share: what is visible, where the pointer is, what is being selected. */
export class Timeline {
  readonly #listeners = new Set<(change: TimelineChange) => void>();
  #full: Span;
  #bucketSeconds: number;
  #span: Span;
  #cursor: number | undefined;
  #selection: Span | undefined;

  constructor(buckets: number, bucketSeconds: number) {
    this.#full = { from: 0, to: Math.max(buckets, 1) * bucketSeconds };
    this.#bucketSeconds = bucketSeconds;
    this.#span = this.#full;
  }

  /** The whole run. */
  get full(): Span {
    return this.#full;
  }

  get bucketSeconds(): number {
    return this.#bucketSeconds;
  }

  /** Makes room for a run that goes on; what is zoomed to stays, and what shows all goes on showing all. */
  grow(buckets: number, bucketSeconds: number): void {
    const full = { from: 0, to: Math.max(buckets, 1) * bucketSeconds };
    const showsAll = !this.isZoomed;
    this.#bucketSeconds = bucketSeconds;
    if (isSameSpan(full, this.#full)) return;
    this.#full = full;
    this.#span = showsAll ? full : fitSpan(this.#span, full, bucketSeconds * 2);
    this.#tell("span");
  }

  get span(): Span {
    return this.#span;
  }

  get isZoomed(): boolean {
    return !isSameSpan(this.#span, this.full);
  }

  /** Index of the bucket under the pointer. */
  get cursor(): number | undefined {
    return this.#cursor;
  }

  /** The stretch that a drag has marked so far. */
  get selection(): Span | undefined {
    return this.#selection;
  }

  show(span: Span): void {
    const next = fitSpan(span, this.full, this.bucketSeconds * 2);
    if (isSameSpan(next, this.#span)) return;
    this.#span = next;
    this.#tell("span");
  }

  zoom(factor: number, around?: number): void {
    this.show(zoomSpan(this.#span, factor, around));
  }

  pan(share: number): void {
    this.show(panSpan(this.#span, share));
  }

  reset(): void {
    this.show(this.full);
  }

  /** Marks the bucket that holds an instant, or none. */
  point(second: number | undefined): void {
    const last = Math.round(this.full.to / this.bucketSeconds) - 1;
    const next =
      second === undefined ? undefined : Math.min(Math.max(Math.floor(second / this.bucketSeconds), 0), last);
    if (next === this.#cursor) return;
    this.#cursor = next;
    this.#tell("mark");
  }

  select(selection: Span | undefined): void {
    this.#selection = selection;
    this.#tell("mark");
  }

  /** Calls the listener after each change; the returned function ends that. */
  subscribe(listener: (change: TimelineChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: TimelineChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
