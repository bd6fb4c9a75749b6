import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PanelSubject } from "../../src/core/panel/protocol.ts";
import type { LivePoint, RunView } from "../../src/core/run/run.ts";
import { failedResult } from "../webview/sampleResult.ts";
import { pointAt, viewOf, withoutPercentiles } from "../webview/samplePoints.ts";
import { openPanel, type PanelPage } from "./panelPage.ts";
import { launchBrowser } from "./reportPage.ts";
import { violationsOf } from "./violations.ts";

const result = failedResult();
const subject: PanelSubject = { kind: "run", runId: result.runId, mode: "follow" };
const labels = ["GET /cart", "POST /checkout"];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

function openLive(change: (point: LivePoint) => LivePoint): Promise<PanelPage> {
  const points = Array.from({ length: 45 }, (_, second) => change(pointAt(second, labels)));
  const view: RunView = { ...viewOf(result), points };
  return openPanel(browser, { subject, messages: () => [{ kind: "events", events: [{ kind: "snapshot", view }] }] });
}

test("shows a dash for percentiles that no task keeps, and how many requests are left out", async () => {
  await using panel = await openLive((point) => ({ ...withoutPercentiles(point), hidden: 5 }));
  const section = panel.page.locator("section", { has: panel.page.getByRole("heading", { name: "Requests" }) }).last();
  await section.getByText("2 of 7 requests are shown live; the result has all of them.").waitFor();
  const row = section.locator("tbody tr").filter({ hasText: "GET /cart" });
  const cells = await row.locator("td").allInnerTexts();
  expect(cells.slice(2, 6)).toEqual([expect.stringMatching(/ms$/), "–", "–", "–"]);
  expect(panel.complaints).toEqual([]);
});

test("tells the kinds of errors so far, and of the load generators who is too busy", async () => {
  await using panel = await openLive((point) => ({
    ...point,
    errors: point.labels[""]?.failed ? [{ message: "Bad Gateway", code: "502", count: point.labels[""].failed }] : [],
    usage: [
      { task: 1, cpuRatio: 0.9, memoryMiB: 140, lateMs: 3 },
      ...(point.usage ?? []).filter(({ task }) => task !== 1),
    ],
  }));
  const { page } = panel;
  const row = page.getByRole("region", { name: "Figures per error" }).locator("tbody tr");
  await expect.poll(() => row.allInnerTexts()).toEqual([expect.stringMatching(/Bad Gateway\s+502\s+120\s+100 %/)]);
  await page.getByText("The busiest is task 1: 90 % of a core, 140 MiB now.").waitFor();
  await page.getByText("Task 1 used up to 90 % of a core").waitFor();
  await expect(page.getByText("Task 0 used up to").count()).resolves.toBe(0);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("tab", { name: "Tasks" }).click();
  const tasks = page.locator("table.tasks tbody tr");
  await expect.poll(() => tasks.nth(1).innerText()).toMatch(/90 % of a core\s+140 MiB/);
  expect(await violationsOf(page)).toEqual([]);
  await expect(tasks.nth(0).innerText()).resolves.toMatch(/21 % of a core\s+118 MiB/);
  expect(panel.complaints).toEqual([]);
});
