import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";

/** Private memory of the largest renderer process: what it has beside the pages that all of Chromium shares. */
export async function rendererMiB(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return Math.max(...renderers.map(({ id }) => privateMiB(id)));
}

function privateMiB(processId: number): number {
  const lines = readFileSync(`/proc/${processId}/smaps_rollup`, "utf8").matchAll(
    /^Private_(?:Clean|Dirty): +(\d+) kB$/gm,
  );
  return [...lines].reduce((sum, [, kiB]) => sum + Number(kiB), 0) / 1024;
}
