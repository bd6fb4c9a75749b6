import { describe, expect, it } from "vitest";
import type { LivePoint, RunEvent } from "../../../src/core/run/run.ts";
import { exportName } from "../../../src/extension/panel/exportName.ts";
import { Outbox } from "../../../src/extension/panel/outbox.ts";
import { runningRun, viewOf } from "../runs/samples.ts";

function point(second: number, users: number): RunEvent {
  const value: LivePoint = { second, seconds: 1, users, tasksReporting: 1, labels: {} };
  return { kind: "point", point: value };
}

/** An outbox whose moment comes when the test says so. */
function open() {
  const sent: (readonly RunEvent[])[] = [];
  const due: (() => void)[] = [];
  const outbox = new Outbox(
    (events) => sent.push(events),
    (flush) => due.push(flush),
  );
  return { outbox, sent, due, pass: () => due.shift()?.() };
}

describe("the outbox of a panel", () => {
  it("sends what came within a moment at once, of each second the last", () => {
    const { outbox, sent, due, pass } = open();
    for (const event of [point(1, 5), point(2, 5), point(1, 9)]) outbox.add(event);
    expect(due).toHaveLength(1);
    pass();
    expect(sent).toEqual([[point(2, 5), point(1, 9)]]);
  });

  it("drops what a snapshot holds already", () => {
    const { outbox, sent, pass } = open();
    const snapshot: RunEvent = { kind: "snapshot", view: viewOf(runningRun) };
    outbox.add(point(1, 5));
    outbox.add(snapshot);
    pass();
    expect(sent).toEqual([[snapshot]]);
  });

  it("sends nothing after it was cleared, and begins anew", () => {
    const { outbox, sent, pass } = open();
    outbox.add(point(1, 5));
    outbox.clear();
    pass();
    outbox.add(point(2, 5));
    pass();
    expect(sent).toEqual([[point(2, 5)]]);
  });
});

describe("the name of an export", () => {
  it("holds name and start of the run in letters that every system has", () => {
    const startAtMs = Date.UTC(2026, 10, 24, 16, 3);
    expect(exportName({ name: "Shop: Bezahlen / Ä", startAtMs, endedAtMs: 0 })).toBe("shop-bezahlen-a-2026-11-24-1603");
  });
});
