import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HostMessage, PanelSubject } from "../../src/core/panel/protocol.ts";
import type { RunView } from "../../src/core/run/run.ts";
import { failedResult } from "../webview/sampleResult.ts";
import { pointAt, taskIn, viewOf } from "../webview/samplePoints.ts";
import { traceOf } from "../webview/sampleTrace.ts";
import { editorThemes, type ThemeName } from "./editorThemes.ts";
import { openPanel, type HostScript, type PanelPage } from "./panelPage.ts";
import { launchBrowser } from "./reportPage.ts";
import { violationsOf } from "./violations.ts";

const result = failedResult();
const labels = ["GET /cart", "POST /checkout"];
const follow: PanelSubject = { kind: "run", runId: result.runId, mode: "follow" };
const replay: PanelSubject = { ...follow, mode: "replay" };
const debug: PanelSubject = { kind: "debug", scenarioUri: "file:///shop/checkout.loadtest.yml" };
const themes = Object.keys(editorThemes) as ThemeName[];

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

function snapshot(view: RunView): readonly HostMessage[] {
  return [{ kind: "events", events: [{ kind: "snapshot", view }] }];
}

const secondsSoFar = Array.from({ length: 45 }, (_, second) => pointAt(second, labels));
const live: RunView = { ...viewOf(result), points: secondsSoFar };
const ended: RunView = { ...viewOf(result, { status: "complete" }), result };

function openRun(view: RunView, script: Partial<HostScript> = {}): Promise<PanelPage> {
  return openPanel(browser, { subject: follow, messages: () => snapshot(view), ...script });
}

function openTrace(script: Partial<HostScript> = {}): Promise<PanelPage> {
  return openPanel(browser, { subject: debug, messages: () => [{ kind: "debug", trace: traceOf() }], ...script });
}

/** Figure of the headline under a name. */
function figureOf(page: Page, name: string): Promise<string> {
  return page.locator(".headline dl > div", { hasText: name }).locator(".figure").first().innerText();
}

test("follows a run: a snapshot, then deltas, and says that it is a preview", async () => {
  await using panel = await openRun(live);
  const { page } = panel;
  await expect.poll(() => figureOf(page, "Elapsed")).toBe("0:44");
  expect(await figureOf(page, "Requests")).toBe("5,400");
  await expect(page.getByText("Preview.").isVisible()).resolves.toBe(true);
  await panel.post({
    kind: "events",
    events: [45, 46].map((second) => ({ kind: "point", point: pointAt(second, labels) })),
  });
  await expect.poll(() => figureOf(page, "Elapsed")).toBe("0:46");
  expect(await figureOf(page, "Requests")).toBe("5,640");
  expect(panel.complaints).toEqual([]);
});

test("tells criteria so far, and puts their limits on the charts", async () => {
  await using panel = await openRun(live);
  const rows = panel.page.getByRole("region", { name: "Criteria" }).locator("tbody tr");
  await expect(rows.filter({ hasText: "fail>1%" }).locator("th").innerText()).resolves.toContain("Broken so far");
  await expect(rows.filter({ hasText: "p95>300ms" }).locator("th").innerText()).resolves.toContain("Judged at the end");
  await expect(panel.page.locator(".is-errors .legend").innerText()).resolves.toContain(
    "allowed error rate ≤ 1 %, broken",
  );
});

test("turns into the result when that arrives", async () => {
  await using panel = await openRun(live);
  const { page } = panel;
  await panel.post({
    kind: "events",
    events: [
      { kind: "result", result },
      { kind: "run", run: ended.run },
    ],
  });
  await expect(page.locator(".verdict h2").innerText()).resolves.toBe("Failed");
  await expect(page.getByRole("tab", { name: "Result" }).getAttribute("aria-selected")).resolves.toBe("true");
  await expect(page.getByText("Preview.").count()).resolves.toBe(0);
  await expect(page.getByRole("button", { name: "Stop" }).count()).resolves.toBe(0);
  expect(panel.complaints).toEqual([]);
});

test("says why a run of which nothing was reported has no result", async () => {
  const reason = "No task was ready within 2m.";
  const view = viewOf(result, { status: "failed", reason });
  await using panel = await openRun({ ...view, tasks: [taskIn(0, "failed", "Port 80 is taken.")] });
  const section = panel.page.locator(".verdict");
  await expect(section.innerText()).resolves.toContain("No result");
  await expect(section.innerText()).resolves.toContain(reason);
  await expect(section.innerText()).resolves.toContain("Port 80 is taken.");
  await expect(panel.page.getByRole("button", { name: "Export" }).count()).resolves.toBe(0);
});

test("asks its host to stop, once", async () => {
  await using panel = await openRun(live);
  await panel.page.getByRole("button", { name: "Stop" }).press("Enter");
  await panel.page.getByRole("button", { name: "Stopping…" }).waitFor();
  expect(panel.requests).toEqual([{ kind: "stop" }]);
});

test("exports by keyboard and says where to, or why not", async () => {
  await using panel = await openRun(ended, {
    answer: (request) => {
      if (request.kind === "export" && request.format === "csv") return { path: "/home/maria/figures.csv" };
      throw new Error("The disk is full.");
    },
  });
  const { page } = panel;
  await page.getByRole("button", { name: "Export" }).press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByText("Written to /home/maria/figures.csv.").waitFor();
  await page.getByRole("button", { name: "Export" }).press("Enter");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "The disk is full." }).waitFor();
  expect(panel.requests.map((request) => request.kind === "export" && request.format)).toEqual(["csv", "html"]);
  await page.getByRole("button", { name: "Export" }).press("Enter");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("menu").count()).toBe(0);
});

test("shows many tasks as a grid, and goes on reading the log of one", async () => {
  const tasks = Array.from({ length: 40 }, (_, task) => taskIn(task, task === 7 ? "lost" : "running"));
  await using panel = await openRun(
    { ...live, tasks },
    {
      answer: (request) => {
        if (request.kind !== "read-log") return null;
        const from = request.from ?? 0;
        return { text: `line ${from}\n`, next: from + 1, isCut: false };
      },
    },
  );
  const { page } = panel;
  await page.getByRole("tab", { name: "Live" }).press("End");
  await page.getByRole("button", { name: "Task 0: running" }).press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("pre.text").innerText(), { timeout: 10_000 }).toContain("line 0\nline 1\n");
  await page.getByRole("button", { name: "Task 7: lost" }).click();
  await page.getByRole("heading", { name: "Log of task 7" }).waitFor();
  expect(panel.requests.filter((request) => request.kind === "read-log" && request.task === 1).length).toBeGreaterThan(
    1,
  );
  await page.getByRole("button", { name: "List" }).click();
  await expect(page.locator("table.tasks tbody tr").count()).resolves.toBe(40);
});

test("replays a past run by slider, keys and play", async () => {
  await using panel = await openRun(ended, { subject: replay });
  const { page } = panel;
  const slider = page.getByLabel("Instant of the replay");
  await slider.fill("75");
  expect(await figureOf(page, "Elapsed")).toBe("1:14");
  await slider.press("l");
  await expect.poll(() => figureOf(page, "Elapsed")).toBe("1:20");
  await slider.press("j");
  await expect.poll(() => figureOf(page, "Elapsed")).toBe("1:14");
  await page.getByLabel("Speed").selectOption("120×");
  await page.getByRole("button", { name: "Play" }).press("Enter");
  await expect.poll(() => figureOf(page, "Elapsed")).toBe("1:59");
  await page.getByRole("button", { name: "Play" }).waitFor();
  expect(await figureOf(page, "Requests")).toBe(new Intl.NumberFormat("en-US").format(result.labels[""]?.count ?? 0));
  expect(panel.complaints).toEqual([]);
});

test("finds tab, sort, label, zoom and instant again after a reload", async () => {
  await using panel = await openRun(ended);
  const { page } = panel;
  await page.locator("thead").getByRole("button", { name: "p95", exact: true }).click();
  await page.getByLabel("Request", { exact: true }).selectOption("GET /cart");
  await page.getByRole("button", { name: "Zoom in (+)" }).click();
  await expect(panel.keptState()).resolves.toMatchObject({ subject: follow });
  await page.reload();
  await page.locator("h1").waitFor();
  const header = page.locator("table.requests thead th", {
    has: page.getByRole("button", { name: "p95", exact: true }),
  });
  await expect(header.getAttribute("aria-sort")).resolves.toBe("descending");
  await expect(page.getByLabel("Request", { exact: true }).inputValue()).resolves.toBe("GET /cart");
  await expect(page.locator("output.span").innerText()).resolves.toBe("0:30 – 1:30");
  await page.getByRole("tab", { name: "Replay" }).click();
  await page.getByLabel("Instant of the replay").fill("40");
  await page.reload();
  await page.locator("h1").waitFor();
  await expect(page.getByLabel("Instant of the replay").inputValue()).resolves.toBe("40");
});

test("keeps a zoom while the run goes on", async () => {
  await using panel = await openRun(live);
  const { page } = panel;
  await page.getByRole("application", { name: "Users" }).press("+");
  await expect(page.locator("output.span").innerText()).resolves.toBe("0:30 – 1:30");
  await panel.post({
    kind: "events",
    events: Array.from({ length: 120 }, (_, index) => ({ kind: "point", point: pointAt(45 + index, labels) })),
  });
  await expect.poll(() => figureOf(page, "Elapsed")).toBe("2:44");
  await expect(page.locator("output.span").innerText()).resolves.toBe("0:30 – 1:30");
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(page.locator("output.span").innerText()).resolves.toBe("0:00 – 2:45");
});

test("shows requests and answers of Debug Once, the first failed one at once", async () => {
  await using panel = await openTrace();
  const { page } = panel;
  await expect(page.locator("#sample-heading").innerText()).resolves.toBe("POST /checkout");
  const failed = page.getByRole("region", { name: "Assertions" }).locator("tr.is-failed");
  await expect(failed.innerText()).resolves.toMatch(/body contains paid\s+paid\s+Try again later\./);
  await page.getByRole("button", { name: "Go to line 20" }).click();
  await page.locator(".samples button").nth(2).press("Home");
  await expect(page.locator("#sample-heading").innerText()).resolves.toBe("GET /products");
  await expect(page.getByRole("region", { name: "Variables" }).innerText()).resolves.toContain("12345678901234567890");
  await expect(page.getByRole("region", { name: "Response body" }).innerText()).resolves.toContain(
    '"id": 12345678901234567890,\n  "tags": [],',
  );
  await page.getByRole("button", { name: "Hex" }).first().click();
  await expect(page.getByRole("region", { name: "Response body" }).innerText()).resolves.toContain("7b 22 69 64");
  await page.keyboard.press("Tab");
  await page.locator(".samples button").first().press("ArrowDown");
  await expect(page.locator(".hop h3").allInnerTexts()).resolves.toEqual([
    expect.stringContaining("Redirect 1 of 2"),
    expect.stringContaining("Redirect 2 of 2"),
  ]);
  await expect(page.getByText("48.2 kB that are not text").isVisible()).resolves.toBe(true);
  await page.getByRole("button", { name: "Debug again" }).click();
  expect(panel.requests).toEqual([{ kind: "open-scenario", line: 20 }, { kind: "debug-again" }]);
  expect(panel.complaints).toEqual([]);
});

test("says what failed when the host has nothing to show", async () => {
  const error = { code: "no-run", message: "There is no run any more.", hint: "Start it again." };
  await using panel = await openRun(live, { messages: () => [{ kind: "failure", error }] });
  await expect(panel.page.getByRole("alert").innerText()).resolves.toBe("There is no run any more. Start it again.");
});

test("follows another theme at once, charts too", async () => {
  await using panel = await openRun(live, { theme: "dark" });
  const { page } = panel;
  const picture = () =>
    page.locator(".is-throughput canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const dark = await picture();
  await panel.setTheme("light");
  await expect.poll(picture).not.toBe(dark);
  await expect(page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).resolves.toBe(
    "rgb(255, 255, 255)",
  );
});

test("draws with a colour of the editor in every theme", async () => {
  await using panel = await openRun(live);
  for (const theme of themes) {
    await panel.setTheme(theme);
    const unresolved = await panel.page.evaluate(() => {
      const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
      const names = new Set([...rules.join("\n").matchAll(/var\((--lf-[\w-]+)/g)].map(([, name = ""]) => name));
      return [...names]
        .filter((name) => name.match(/font|radius|gap/) === null)
        .filter((name) => {
          const probe = document.createElement("span");
          probe.style.color = `var(${name})`;
          document.body.append(probe);
          probe.style.backgroundColor = `var(${name})`;
          const { backgroundColor } = getComputedStyle(probe);
          probe.remove();
          return backgroundColor === "rgba(0, 0, 0, 0)";
        });
    });
    expect(unresolved).toEqual([]);
  }
});

test.for(themes)("axe finds nothing in %s: live, tasks, result, replay, debug, no result, a failure", async (theme) => {
  const log = { text: "The load begins\n", next: 16, isCut: false };
  const tasks = [taskIn(0, "running"), taskIn(1, "running"), taskIn(2, "lost", "It was killed.")];
  {
    await using panel = await openRun({ ...live, tasks }, { theme, answer: () => log });
    await panel.page.getByText("Criteria so far").waitFor();
    expect(await violationsOf(panel.page)).toEqual([]);
    await panel.page.getByRole("tab", { name: "Tasks" }).click();
    await panel.page.getByRole("button", { name: "Task 0" }).click();
    expect(await violationsOf(panel.page)).toEqual([]);
    await panel.page.getByRole("button", { name: "Grid" }).click();
    expect(await violationsOf(panel.page)).toEqual([]);
  }
  {
    await using panel = await openRun(ended, { theme });
    await panel.page.getByRole("button", { name: "Export" }).click();
    expect(await violationsOf(panel.page)).toEqual([]);
    await panel.page.getByRole("tab", { name: "Replay" }).click();
    await panel.page.getByLabel("Instant of the replay").fill("75");
    expect(await violationsOf(panel.page)).toEqual([]);
  }
  {
    await using panel = await openTrace({ theme });
    expect(await violationsOf(panel.page)).toEqual([]);
  }
  {
    const failed = viewOf(result, { status: "failed", reason: "No task was ready within 2m." });
    await using panel = await openRun({ ...failed, tasks: [taskIn(0, "failed", "Port 80 is taken.")] }, { theme });
    await panel.page.getByText("No result").waitFor();
    expect(await violationsOf(panel.page)).toEqual([]);
  }
  {
    const error = { code: "no-run", message: "There is no run 01 on this machine.", hint: "It was deleted." };
    const failure = (): readonly HostMessage[] => [{ kind: "failure", error }];
    await using panel = await openPanel(browser, { subject: follow, theme, messages: failure });
    await panel.page.getByRole("alert").waitFor();
    expect(await violationsOf(panel.page)).toEqual([]);
  }
});

test("fits a narrow panel without scrolling sideways", async () => {
  await using panel = await openRun(live, { viewport: { width: 420, height: 800 } });
  await expect(panel.page.evaluate(() => document.documentElement.scrollWidth)).resolves.toBe(420);
});
