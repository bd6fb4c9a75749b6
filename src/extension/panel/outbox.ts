import type { RunEvent } from "../../core/run/run.ts";

/** Collects the events of a run and hands them over several at a time. */
export class Outbox {
  readonly #send: (events: readonly RunEvent[]) => void;
  readonly #schedule: (flush: () => void) => void;
  #events: RunEvent[] = [];
  #isScheduled = false;

  /** @param schedule calls back a moment later, once for each call */
  constructor(send: (events: readonly RunEvent[]) => void, schedule: (flush: () => void) => void) {
    this.#send = send;
    this.#schedule = schedule;
  }

  /** Takes an event along; a snapshot says everything, so what waits before it is dropped. */
  add(event: RunEvent): void {
    if (event.kind === "snapshot") this.#events = [];
    this.#events.push(event);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => this.#flush());
  }

  /** Drops what waits. */
  clear(): void {
    this.#events = [];
  }

  #flush(): void {
    this.#isScheduled = false;
    if (this.#events.length === 0) return;
    const events = newestOnly(this.#events);
    this.#events = [];
    this.#send(events);
  }
}

/** Keeps of several points of one second, states of one task and states of the run only the last. */
function newestOnly(events: readonly RunEvent[]): readonly RunEvent[] {
  const last = new Map(events.map((event, index) => [subjectOf(event), index]));
  return events.filter((event, index) => last.get(subjectOf(event)) === index);
}

function subjectOf(event: RunEvent): string {
  switch (event.kind) {
    case "point":
      return `point ${event.point.second}`;
    case "task":
      return `task ${event.task.task}`;
    case "snapshot":
    case "run":
    case "result":
      return event.kind;
  }
}
