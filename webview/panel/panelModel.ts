import type { ErrorMessage } from "../../src/core/errors.ts";
import type { HostMessage, PanelSubject } from "../../src/core/panel/protocol.ts";
import type { DebugTrace } from "../../src/core/run/debug.ts";
import { reduceRun, type RunEvent, type RunView } from "../../src/core/run/run.ts";
import { LiveRules } from "../live/liveRules.ts";
import { LiveSeries } from "../live/liveSeries.ts";
import type { Reading } from "../live/reading.ts";

/** Everything that the host has told the page; listeners hear of changes once a frame, however many there were. */
export class PanelModel {
  subject: PanelSubject | undefined;
  /** Without its points: these are read with `reading`. */
  view: RunView | undefined;
  #series = new LiveSeries(1);
  rules = new LiveRules({ criteria: [], isRampUpExcluded: false });
  /** Null while the trace is being made. */
  trace: DebugTrace | null = null;
  failure: ErrorMessage | undefined;
  #reading: { readonly label: string; readonly reading: Reading } | undefined;
  readonly #listeners = new Set<() => void>();
  #isTelling = false;

  receive(message: Exclude<HostMessage, { readonly kind: "reply" | "refusal" }>): void {
    switch (message.kind) {
      case "open":
        this.subject = message.subject;
        this.failure = undefined;
        break;
      case "events":
        for (const event of message.events) this.#apply(event);
        break;
      case "debug":
        this.trace = message.trace;
        this.failure = undefined;
        break;
      case "failure":
        this.failure = message.error;
        break;
    }
    this.#tell();
  }

  /** Calls the listener after changes; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is known of the run now; the same reading until something changes. */
  reading(label: string): Reading {
    if (this.#reading?.label !== label) this.#reading = { label, reading: this.#series.read(label) };
    return this.#reading.reading;
  }

  #apply(event: RunEvent): void {
    if (event.kind === "point") {
      this.#addPoint(event.point);
      return;
    }
    if (event.kind !== "snapshot") {
      this.view = reduceRun(this.view, event);
      return;
    }
    const { plan, points } = event.view;
    this.failure = undefined;
    this.view = { ...event.view, points: [] };
    this.#reading = undefined;
    this.#series = new LiveSeries(plan?.seriesBucketSeconds ?? 1);
    this.rules = new LiveRules(plan ?? { criteria: [], isRampUpExcluded: false });
    for (const point of points) this.#addPoint(point);
  }

  #addPoint(point: RunView["points"][number]): void {
    this.#series.add(point);
    this.rules.add(point);
    this.#reading = undefined;
  }

  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    requestAnimationFrame(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
