import type { Browser } from "playwright-core";
import { launchBrowser, openReport } from "../browser/reportPage.ts";
import { reportOf } from "../webview/reportFile.ts";
import { longResult } from "../webview/sampleResult.ts";
import { rendererMiB } from "./rendererMemory.ts";

const rounds = 5;

/** What one opening of the report took. */
interface Opening {
  readonly firstPaintMs: number;
  /** From navigation until the whole report, charts included, is drawn. */
  readonly drawnMs: number;
  readonly heapMiB: number;
  readonly rendererMiB: number;
}

/** Opens the report in a page of its own and measures it. */
async function open(browser: Browser): Promise<Opening> {
  await using report = await openReport(browser, longResult());
  const session = await report.page.context().newCDPSession(report.page);
  const { firstPaintMs, drawnMs } = await report.page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const paint = performance.getEntriesByType("paint").find(({ name }) => name === "first-paint");
    return { firstPaintMs: paint?.startTime ?? Number.NaN, drawnMs: performance.now() };
  });
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return { firstPaintMs, drawnMs, heapMiB: usedSize / 2 ** 20, rendererMiB: await rendererMiB(browser) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Measures the report of a four-hour run with twenty labels: its size, its first paint, its memory. */
export async function benchReport(): Promise<void> {
  const sizeMB = Buffer.byteLength(reportOf(longResult())) / 1e6;
  const openings: Opening[] = [];
  for (let round = 0; round < rounds; round++) {
    await using browser = await launchBrowser();
    openings.push(await open(browser));
  }
  const of = (figure: keyof Opening, digits = 0): string => median(openings.map((one) => one[figure])).toFixed(digits);
  console.log(`report.html of a 4-hour run with 20 labels, median of ${rounds} openings in Chromium`);
  console.table({
    "size, MB": { measured: sizeMB.toFixed(2), allowed: "1.5" },
    "first paint, ms": { measured: of("firstPaintMs"), allowed: "500" },
    "everything drawn, ms": { measured: of("drawnMs"), allowed: "" },
    "JavaScript heap, MiB": { measured: of("heapMiB", 1), allowed: "150" },
    "renderer's private memory, MiB": { measured: of("rendererMiB", 1), allowed: "150" },
  });
}

if (import.meta.main) await benchReport();
