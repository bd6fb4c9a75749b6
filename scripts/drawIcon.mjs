import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./script.mjs";

/** Draws media/icon.png from media/icon.svg: `node scripts/drawIcon.mjs`, after the drawing was changed. */

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
  const svg = readFileSync(join(root, "media", "icon.svg"), "utf8");
  await page.setContent(`<style>body { margin: 0; background: transparent } svg { display: block }</style>${svg}`);
  await page.screenshot({ path: join(root, "media", "icon.png"), omitBackground: true });
} finally {
  await browser.close();
}
