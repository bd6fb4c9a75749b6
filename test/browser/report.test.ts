import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  emptyResult,
  failedResult,
  healthyResult,
  longResult,
  partialResult,
  resultWithoutSeries,
} from "../webview/sampleResult.ts";
import { launchBrowser, openReport } from "./reportPage.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

/** Texts of a column of the table of requests, the first row (all requests) left out. */
async function columnOf(page: Page, index: number): Promise<readonly string[]> {
  const cells = await page.locator(`table.requests > tbody > tr:first-child > :nth-child(${index})`).allInnerTexts();
  return cells.slice(1).map((text) => text.trim());
}

/** Fingerprints of what the charts over time show. */
async function picturesOf(page: Page): Promise<readonly string[]> {
  const pictures = await page
    .locator(".over-time canvas")
    .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  return pictures.map((picture) => createHash("sha256").update(picture).digest("hex").slice(0, 8));
}

async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    const loaded = globalThis as unknown as { axe: typeof axe };
    const { violations } = await loaded.axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
}

test("opens from disk with the network off, asks for nothing else and complains about nothing", async () => {
  await using report = await openReport(browser, failedResult());
  const { page } = report;
  await expect(page.locator("h1").innerText()).resolves.toBe("Shop checkout, slow payments");
  await expect(page.locator(".verdict h2").innerText()).resolves.toBe("Failed");
  expect(report.requests).toHaveLength(1);
  expect(report.requests[0]).toMatch(/^file:.*report\.html$/);
  expect(report.complaints).toEqual([]);
});

test("its policy keeps out any other script and style", async () => {
  await using report = await openReport(browser, healthyResult());
  await report.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'taken over'";
    document.body.append(script);
  });
  await expect(report.page.title()).resolves.toBe("Shop checkout: passed");
  expect(report.complaints.join()).toContain("Content Security Policy");
});

test("sorts requests by any column, by mouse and by keyboard, and says how", async () => {
  await using report = await openReport(browser, failedResult());
  const { page } = report;
  const header = (name: string) =>
    page.locator("table.requests thead th", { has: page.getByRole("button", { name, exact: true }) });
  await expect(header("Request").getAttribute("aria-sort")).resolves.toBe("ascending");
  await header("p95").getByRole("button").click();
  await expect(header("p95").getAttribute("aria-sort")).resolves.toBe("descending");
  const slowestFirst = await columnOf(page, 1);
  expect(slowestFirst[0]).toBe("POST /checkout");
  await header("p95").getByRole("button").press("Enter");
  await expect(header("p95").getAttribute("aria-sort")).resolves.toBe("ascending");
  await expect(columnOf(page, 1)).resolves.toEqual(slowestFirst.toReversed());
});

test("finds requests by a part of their name", async () => {
  await using report = await openReport(browser, healthyResult());
  const { page } = report;
  await page.getByLabel("Search requests").fill("cart");
  await expect(columnOf(page, 1)).resolves.toEqual(["GET /cart", "POST /cart"]);
  await expect(page.getByText("2 of 6 requests").count()).resolves.toBe(1);
  await page.getByLabel("Search requests").fill("nothing like it");
  await expect(page.getByText("0 of 6 requests").count()).resolves.toBe(1);
});

test("opens a request's codes and errors in place, by keyboard", async () => {
  await using report = await openReport(browser, failedResult());
  const { page } = report;
  const button = page.getByRole("button", { name: "POST /checkout" });
  await button.press("Enter");
  await expect(button.getAttribute("aria-expanded")).resolves.toBe("true");
  await expect(page.locator(".more:visible").innerText()).resolves.toContain("Service Unavailable");
  await button.press("Enter");
  await expect(page.locator(".more:visible").count()).resolves.toBe(0);
});

test("zooms all charts together by drag, keyboard, wheel and buttons", async () => {
  await using report = await openReport(browser, failedResult());
  const { page } = report;
  const span = page.locator("output.span");
  const whole = await picturesOf(page);
  await page.locator(".is-throughput").scrollIntoViewIfNeeded();
  const box = await page.locator(".is-throughput canvas").boundingBox();
  if (!box) throw new Error("The chart has no box.");
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, middle, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(5, 5);
  const dragged = await span.innerText();
  expect(dragged).toMatch(/^0:5\d – 1:2\d$/);
  const zoomed = await picturesOf(page);
  for (const [index, picture] of zoomed.entries()) expect(picture).not.toBe(whole[index]);

  await page.getByRole("application", { name: "Users" }).press("ArrowRight");
  const moved = await span.innerText();
  expect(moved).not.toBe(dragged);
  const shifted = await picturesOf(page);
  for (const [index, picture] of shifted.entries()) expect(picture).not.toBe(zoomed[index]);
  await page.keyboard.press("-");
  await expect(span.innerText()).resolves.not.toBe(moved);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(span.innerText()).resolves.toBe("0:00 – 2:00");
  await expect.poll(() => picturesOf(page)).toEqual(whole);

  await page.locator(".is-throughput").scrollIntoViewIfNeeded();
  const again = await page.locator(".is-throughput canvas").boundingBox();
  await page.mouse.move((again?.x ?? 0) + 400, (again?.y ?? 0) + 60);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await expect.poll(() => span.innerText()).not.toBe("0:00 – 2:00");
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("button", { name: "Zoom in (+)" }).click();
  await expect(span.innerText()).resolves.toBe("0:30 – 1:30");
  expect(report.complaints).toEqual([]);
});

test("shows the figures of one request over time", async () => {
  await using report = await openReport(browser, failedResult());
  const { page } = report;
  const before = await page.locator(".is-response-time .chart-head p").innerText();
  await page.getByRole("button", { name: "GET /cart" }).click();
  await page.getByRole("button", { name: "Show over time" }).click();
  await expect(page.getByLabel("Request", { exact: true }).inputValue()).resolves.toBe("GET /cart");
  await expect(page.locator(".is-response-time .chart-head p").innerText()).resolves.not.toBe(before);
});

test("tells all charts' figures at the pointer", async () => {
  await using report = await openReport(browser, healthyResult());
  const { page } = report;
  await page.locator(".is-throughput canvas").hover();
  await expect.poll(() => page.locator(".legend .at").count()).toBe(4);
  await expect(page.locator(".is-users .legend .value").first().innerText()).resolves.toBe("40");
});

test("shows the table behind a chart, a page at a time", async () => {
  await using report = await openReport(browser, longResult());
  const { page } = report;
  await page.getByRole("button", { name: "Show table of throughput" }).press("Enter");
  const table = page.locator(".is-throughput table");
  await expect(table.locator("tbody tr").count()).resolves.toBe(100);
  await page.getByRole("button", { name: "Next rows" }).press("Enter");
  await expect(table.locator("tbody th").first().innerText()).resolves.toBe("25:00");
});

test("switches between light and dark, and charts follow", async () => {
  await using report = await openReport(browser, healthyResult(), { colorScheme: "light" });
  const { page } = report;
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect(background()).resolves.toBe("rgb(255, 255, 255)");
  const light = await picturesOf(page);
  await page.getByRole("button", { name: "Dark theme" }).press("Enter");
  await expect(background()).resolves.toBe("rgb(21, 24, 28)");
  await expect
    .poll(async () => (await picturesOf(page)).some((picture, index) => picture === light[index]))
    .toBe(false);
  await page.getByRole("button", { name: "Light theme" }).click();
  await expect.poll(() => picturesOf(page)).toEqual(light);
});

test("leaves no variable of its styles without a value", async () => {
  await using report = await openReport(browser, healthyResult());
  const unresolved = await report.page.evaluate(() => {
    const styles = [
      ...document.styleSheets,
      ...[...document.querySelectorAll("*")].flatMap((element) => element.shadowRoot?.adoptedStyleSheets ?? []),
    ];
    const text = styles.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
    const names = new Set([...text.matchAll(/var\(\s*(--(?:lf|vscode)-[\w-]+)/g)].map(([, name = ""]) => name));
    const values = getComputedStyle(document.documentElement);
    return { count: names.size, missing: [...names].filter((name) => values.getPropertyValue(name).trim() === "") };
  });
  expect(unresolved.count).toBeGreaterThan(30);
  expect(unresolved.missing).toEqual([]);
});

test("prints to several pages, in light colours, with errors unfolded", async () => {
  await using report = await openReport(browser, failedResult(), { colorScheme: "dark" });
  const { page } = report;
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  expect(pdf.startsWith("%PDF")).toBe(true);
  expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(2);
  await page.emulateMedia({ media: "print" });
  await expect.poll(() => page.locator(".more:visible").count()).toBe(3);
  await expect(page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).resolves.toBe(
    "rgb(255, 255, 255)",
  );
  await expect(page.getByRole("button", { name: "Reset" }).isVisible()).resolves.toBe(false);
});

test.for(["light", "dark"] as const)("axe finds nothing in the %s theme, with everything open", async (colorScheme) => {
  await using report = await openReport(browser, failedResult(), { colorScheme });
  const { page } = report;
  await page.getByRole("button", { name: "POST /checkout" }).click();
  const closed = page.getByRole("button", { name: "Show table" });
  while ((await closed.count()) > 0) await closed.first().click();
  await expect(violationsOf(page)).resolves.toEqual([]);
});

test("axe finds nothing with forced colours", async () => {
  await using report = await openReport(browser, partialResult(), { forcedColors: "active" });
  await expect(violationsOf(report.page)).resolves.toEqual([]);
});

test.for([
  ["partial and doubtful", partialResult(), ["Partial.", "Doubtful.", "Approximate.", "Note."]],
  ["cancelled before its first sample", emptyResult(), ["The run was cancelled."]],
] as const)("says what a reader has to know of a run that is %s", async ([, result, titles]) => {
  await using report = await openReport(browser, result);
  const shown = await report.page.locator(".banners strong").allInnerTexts();
  expect(shown).toEqual(expect.arrayContaining([...titles]));
  expect(report.complaints).toEqual([]);
});

test("does without figures over time", async () => {
  await using report = await openReport(browser, resultWithoutSeries());
  await expect(report.page.getByText("This run kept no figures over time.").count()).resolves.toBe(1);
  expect(report.complaints).toEqual([]);
});

test("fits a narrow screen without scrolling sideways", async () => {
  await using report = await openReport(browser, failedResult(), { viewport: { width: 400, height: 800 } });
  const width = await report.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(400);
  await expect(violationsOf(report.page)).resolves.toEqual([]);
});

test("says the verdict even where scripts do not run", async () => {
  await using context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const { reportOf } = await import("../webview/reportFile.ts");
  await page.setContent(reportOf(healthyResult()));
  await expect(page.locator("h2").innerText()).resolves.toBe("Passed");
  await expect(page.locator("noscript").innerText()).resolves.toContain("need JavaScript");
});
