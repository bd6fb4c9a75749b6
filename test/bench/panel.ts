import type { Browser, CDPSession, Page } from "playwright-core";
import type { HostMessage, PanelSubject } from "../../src/core/panel/protocol.ts";
import type { LivePoint, RunView } from "../../src/core/run/run.ts";
import { openPanel, type PanelPage } from "../browser/panelPage.ts";
import { launchBrowser } from "../browser/reportPage.ts";
import { longResult } from "../webview/sampleResult.ts";
import { pointAt, viewOf } from "../webview/samplePoints.ts";
import { rendererMiB } from "./rendererMemory.ts";

const seconds = 4 * 3600;
const watchedMs = 5000;
const updatesPerSecond = 60;
/** A live point of a run on this machine keeps twenty labels. */
const liveLabels = 20;

const result = longResult();
const subject: PanelSubject = { kind: "run", runId: result.runId, mode: "follow" };

interface Reading {
  readonly firstPaintMs: number;
  /** From the arrival of the snapshot until the charts of the whole run are drawn. */
  readonly drawnMs: number;
  readonly updatesPerSecond: number;
  readonly slowestFrameMs: number;
  readonly heapMiB: number;
  /** Of the heap, over as many updates again. */
  readonly growthMiB: number;
  readonly rendererMiB: number;
}

/** Opens a panel with these messages and waits until its figures stand there. */
async function open(browser: Browser, messages: readonly HostMessage[]): Promise<PanelPage & { drawnMs: number }> {
  const panel = await openPanel(browser, { subject, messages: () => [] });
  const drawnMs = await panel.page.evaluate(async (text) => {
    const parsed = JSON.parse(text) as unknown[];
    const began = performance.now();
    for (const message of parsed) dispatchEvent(new MessageEvent("message", { data: message }));
    while (document.querySelector(".over-time canvas") === null) await new Promise(requestAnimationFrame);
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return performance.now() - began;
  }, JSON.stringify(messages));
  return Object.assign(panel, { drawnMs });
}

/** Feeds the page points of the seconds that follow and counts the frames in which it showed another second. */
function feed(
  page: Page,
  templates: readonly LivePoint[],
  from: number,
): Promise<{ updates: number; slowestMs: number }> {
  return page.evaluate(
    async ([points, start, lengthMs, perSecond]) => {
      let second = start;
      let updates = 0;
      let slowestMs = 0;
      let shown = "";
      const began = performance.now();
      const timer = setInterval(() => {
        const point = { ...points[second % points.length], second };
        second++;
        dispatchEvent(new MessageEvent("message", { data: { kind: "events", events: [{ kind: "point", point }] } }));
      }, 1000 / perSecond);
      let last = began;
      while (performance.now() - began < lengthMs) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        slowestMs = Math.max(slowestMs, now - last);
        last = now;
        const figure = document.querySelector(".headline .figure")?.textContent ?? "";
        if (figure !== shown) updates++;
        shown = figure;
      }
      clearInterval(timer);
      return { updates, slowestMs };
    },
    [templates, from, watchedMs, updatesPerSecond] as const,
  );
}

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 2 ** 20;
}

/** A run of four hours that goes on. */
async function readLive(browser: Browser): Promise<Reading> {
  const templates = Array.from({ length: 60 }, (_, second) =>
    pointAt(second, Object.keys(result.labels).filter(Boolean).slice(0, liveLabels)),
  );
  const points = Array.from({ length: seconds }, (_, second) => ({ ...templates[second % 60], second }) as LivePoint);
  const view: RunView = { ...viewOf(result), points };
  await using panel = await open(browser, [{ kind: "events", events: [{ kind: "snapshot", view }] }]);
  const session = await panel.page.context().newCDPSession(panel.page);
  const first = await feed(panel.page, templates, seconds);
  const before = await heapMiB(session);
  await feed(panel.page, templates, seconds + 1000);
  const after = await heapMiB(session);
  return {
    firstPaintMs: await firstPaintMs(panel.page),
    drawnMs: panel.drawnMs,
    updatesPerSecond: (first.updates * 1000) / watchedMs,
    slowestFrameMs: first.slowestMs,
    heapMiB: after,
    growthMiB: after - before,
    rendererMiB: await rendererMiB(browser),
  };
}

/** The same run afterwards, replayed as fast as it goes. */
async function readReplay(browser: Browser): Promise<Reading> {
  const view: RunView = { ...viewOf(result, { status: "complete" }), result };
  await using panel = await open(browser, [{ kind: "events", events: [{ kind: "snapshot", view }] }]);
  const { page } = panel;
  const session = await page.context().newCDPSession(page);
  await page.getByRole("tab", { name: "Replay" }).click();
  await page.getByLabel("Instant of the replay").fill(String(seconds / 2));
  await page.getByLabel("Speed").selectOption("120×");
  const play = async (): Promise<{ updates: number; slowestMs: number }> => {
    await page.getByRole("button", { name: "Play" }).click();
    const frames = await page.evaluate(async (lengthMs) => {
      let updates = 0;
      let slowestMs = 0;
      const began = performance.now();
      let last = began;
      while (performance.now() - began < lengthMs) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        slowestMs = Math.max(slowestMs, now - last);
        last = now;
        updates++;
      }
      return { updates, slowestMs };
    }, watchedMs);
    await page.getByRole("button", { name: "Pause" }).click();
    return frames;
  };
  const first = await play();
  const before = await heapMiB(session);
  await play();
  const after = await heapMiB(session);
  return {
    firstPaintMs: await firstPaintMs(page),
    drawnMs: panel.drawnMs,
    updatesPerSecond: (first.updates * 1000) / watchedMs,
    slowestFrameMs: first.slowestMs,
    heapMiB: after,
    growthMiB: after - before,
    rendererMiB: await rendererMiB(browser),
  };
}

function firstPaintMs(page: Page): Promise<number> {
  return page.evaluate(
    () => performance.getEntriesByType("paint").find(({ name }) => name === "first-paint")?.startTime ?? Number.NaN,
  );
}

/** Measures the panel of a four-hour run with twenty labels: live, and replayed. */
export async function benchPanel(): Promise<void> {
  for (const [name, read] of [
    ["live, 14,400 points in the snapshot", readLive],
    ["result and replay at 120×", readReplay],
  ] as const) {
    await using browser = await launchBrowser();
    const reading = await read(browser);
    console.log(`panel of a 4-hour run with 20 labels, ${name}`);
    console.table({
      "first paint, ms": { measured: reading.firstPaintMs.toFixed(0), allowed: "300" },
      "snapshot to charts, ms": { measured: reading.drawnMs.toFixed(0), allowed: "" },
      "updates a second": { measured: reading.updatesPerSecond.toFixed(1), allowed: "at least 30" },
      "slowest frame, ms": { measured: reading.slowestFrameMs.toFixed(0), allowed: "" },
      "JavaScript heap, MiB": { measured: reading.heapMiB.toFixed(1), allowed: "150" },
      "its growth over 5 s more, MiB": { measured: reading.growthMiB.toFixed(2), allowed: "" },
      "renderer's private memory, MiB": { measured: reading.rendererMiB.toFixed(1), allowed: "150" },
    });
  }
}

if (import.meta.main) await benchPanel();
