import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HostMessage, PanelSubject } from "../../src/core/panel/protocol.ts";
import type { Phrases } from "../../src/core/phrasebook.ts";
import type { RunView } from "../../src/core/run/run.ts";
import { viewOf } from "../webview/samplePoints.ts";
import { cutTrace, liveRun, runWithoutResult, troubledResult } from "./germanRuns.ts";
import { openPanel, type HostScript, type PanelPage } from "./panelPage.ts";
import { launchBrowser } from "./reportPage.ts";
import { violationsOf } from "./violations.ts";

const bundle = new URL("../../l10n/bundle.l10n.de.json", import.meta.url);
const phrases = JSON.parse(readFileSync(bundle, "utf8")) as Phrases;
const result = troubledResult();
const labels = ["GET /cart", "POST /checkout"];
const follow: PanelSubject = { kind: "run", runId: result.runId, mode: "follow" };
const debug: PanelSubject = { kind: "debug", scenarioUri: "file:///shop/checkout.loadtest.yml" };
const ended: RunView = { ...viewOf(result, { status: "complete", reason: result.reason }), result };

/** What a person or another program wrote: names, rules, answers. */
const foreignTexts = [
  result.name,
  ...result.verdict.rules.map(({ text }) => text),
  ...cutTrace().samples.flatMap(({ failure, assertions }) => [failure ?? "", ...assertions.map(({ name }) => name)]),
];
const englishWords =
  /\b(the|of|is|was|are|were|and|or|it|its|this|that|there|with|from|for|not|no|none|requests?|users?|failed|passed|tasks? (reported|are)|errors?|running|lost|so far|show|allowed|at most|over)\b/giu;

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

function openGerman(messages: readonly HostMessage[], script: Partial<HostScript> = {}): Promise<PanelPage> {
  const speech = { language: "de", phrases };
  return openPanel(browser, { subject: follow, messages: () => messages, speech, ...script });
}

function openRun(view: RunView, script: Partial<HostScript> = {}): Promise<PanelPage> {
  return openGerman([{ kind: "events", events: [{ kind: "snapshot", view }] }], script);
}

/** Everything that a page says: what is seen, and what a reader for the blind says instead. */
async function textsOf(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const names = ["aria-label", "title", "placeholder", "label", "aria-valuetext", "aria-roledescription"];
    const seen = [...document.querySelectorAll<HTMLElement>("body, .unseen")].map((element) => element.innerText);
    const said = [...document.querySelectorAll("*")].flatMap((one) => names.map((name) => one.getAttribute(name)));
    return [...seen, ...said].filter((text) => text !== null);
  });
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "");
}

async function expectGerman(page: Page): Promise<void> {
  await expect(page.evaluate(() => document.documentElement.lang)).resolves.toBe("de");
  const foreign = await page.locator("pre.text, .hop code").allInnerTexts();
  const own = [...foreignTexts, ...foreign.flatMap((text) => text.split("\n"))].filter((text) => text.trim() !== "");
  const left = (await textsOf(page)).filter((line) => {
    const rest = own.reduce((text, name) => text.replaceAll(name, ""), line);
    return rest.search(englishWords) >= 0;
  });
  expect(left).toEqual([]);
  expect(await violationsOf(page)).toEqual([]);
}

/** What does not fit into its place, or lies upon something else. */
function misfitsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const nameOf = (element: Element): string => `${element.localName}.${element.className}: ${element.textContent}`;
    const cut = [
      ...document.querySelectorAll("button, vscode-button, h1, h2, h3, p, dt, dd, dd span, li, label, output"),
    ]
      .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => `cut ${nameOf(element)}`);
    const rows = "header, .actions, .section-head, .chart-head, .chart-actions, .headline dl, .replay, .tabs, .legend";
    const upon = [...document.querySelectorAll(rows)].flatMap((row) => {
      const places = [...row.children].map((child) => ({ child, box: child.getBoundingClientRect() }));
      const shown = places.filter(({ child, box }) => box.width > 1 && !child.matches(".unseen, .menu"));
      return shown.flatMap(({ child, box }, index) =>
        shown
          .slice(index + 1)
          .filter(({ box: other }) => {
            const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
            return width > 1 && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1;
          })
          .map((other) => `${nameOf(child)} upon ${nameOf(other.child)}`),
      );
    });
    return [...cut, ...upon];
  });
}

async function expectFitting(page: Page): Promise<void> {
  for (const width of [1280, 400]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await misfitsOf(page)).toEqual([]);
  }
}

function clickAll(page: Page, selector: string): Promise<void> {
  return page.locator(selector).evaluateAll((elements) => {
    for (const element of elements) if (element instanceof HTMLElement) element.click();
  });
}

test("a run that goes on is told in German", async () => {
  const log = { text: "", next: 0, isCut: false };
  await using panel = await openRun(liveRun(labels), { answer: () => log });
  const { page } = panel;
  await page.getByText("Vorschau.").waitFor();
  await expect(page.locator("header").innerText()).resolves.toContain("läuft 3 Tasks, geplant für 2m.");
  await expectGerman(page);
  await expectFitting(page);
  await page.getByRole("tab", { name: "Tasks" }).click();
  await page.getByRole("button", { name: "Task 2" }).click();
  await page.getByText("Das Protokoll ist bisher leer.").waitFor();
  await expectGerman(page);
  await expectFitting(page);
  await page.getByRole("button", { name: "Raster" }).click();
  await expectGerman(page);
  await expectFitting(page);
  expect(panel.complaints).toEqual([]);
});

test("a failed result is told in German, with all that can be opened in it", async () => {
  await using panel = await openRun(ended, { answer: () => ({ path: "/home/maria/figures.csv" }) });
  const { page } = panel;
  await expect(page.locator(".verdict h2").innerText()).resolves.toBe("Nicht bestanden");
  await page.locator("button.expand").first().click();
  await clickAll(page, ".chart-actions vscode-button[aria-expanded=false]");
  await page.getByLabel("Anfrage", { exact: true }).selectOption("POST /checkout");
  await page.getByRole("application", { name: "Antwortzeit" }).hover();
  await expectGerman(page);
  await expectFitting(page);
  await page.getByRole("button", { name: "Exportieren" }).click();
  await expectGerman(page);
  await page.getByRole("menuitem", { name: "Zahlen als CSV" }).click();
  await page.getByText("Nach /home/maria/figures.csv geschrieben.").waitFor();
  expect(panel.complaints).toEqual([]);
});

test("a replay is told in German", async () => {
  await using panel = await openRun(ended);
  const { page } = panel;
  await page.getByRole("tab", { name: "Wiedergabe" }).click();
  await page.getByLabel("Zeitpunkt der Wiedergabe").fill("75");
  await expect(page.locator(".replay output").innerText()).resolves.toBe("1:15 von 2:00");
  await expectGerman(page);
  await expectFitting(page);
});

test("a run without figures is told in German", async () => {
  await using panel = await openRun(runWithoutResult());
  await expect(panel.page.locator(".verdict").innerText()).resolves.toContain("Task 0: gescheitert. Sein Prozess");
  await expectGerman(panel.page);
  await expectFitting(panel.page);
});

test("a trace of Debug Once is told in German", async () => {
  await using panel = await openGerman([{ kind: "debug", trace: cutTrace() }], { subject: debug });
  const { page } = panel;
  await page.getByRole("region", { name: "Prüfungen" }).waitFor();
  for (const sample of [2, 1, 0]) {
    await page.locator(".samples button").nth(sample).click();
    await clickAll(page, ".hop details:not([open]) summary");
    await expectGerman(page);
  }
  await expectFitting(page);
  expect(panel.complaints).toEqual([]);
});

test("asks again when its first word was lost", async () => {
  await using panel = await openRun(liveRun(labels));
  const { page } = panel;
  await page.addInitScript(() => {
    const bridge = globalThis as unknown as { acquireVsCodeApi: () => { postMessage: (message: unknown) => void } };
    const make = bridge.acquireVsCodeApi;
    let isFirst = true;
    bridge.acquireVsCodeApi = () => {
      const channel = make();
      const postMessage = (message: unknown): void => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor is no window of a browser
        if (!isFirst) channel.postMessage(message);
        isFirst = false;
      };
      return { ...channel, postMessage };
    };
  });
  await page.reload({ waitUntil: "load" });
  await page.getByText("Vorschau.").waitFor();
  expect(panel.complaints).toEqual([]);
});

test("hears an answer that comes at once, before its first frame", async () => {
  await using panel = await openRun(liveRun(labels));
  const { page } = panel;
  await page.addInitScript(() => {
    const bridge = globalThis as unknown as { acquireVsCodeApi: () => { postMessage: (message: unknown) => void } };
    const make = bridge.acquireVsCodeApi;
    const subject = { kind: "run", runId: "0".repeat(26), mode: "follow" };
    const data = { kind: "open", subject, language: "en", phrases: {} };
    const postMessage = (): void => void dispatchEvent(new MessageEvent("message", { data }));
    bridge.acquireVsCodeApi = () => ({ ...make(), postMessage });
  });
  await page.reload({ waitUntil: "load" });
  await page.getByText("Reading the run…").waitFor();
  expect(panel.complaints).toEqual([]);
});

test("draws nothing before it knows the language", async () => {
  await using panel = await openRun(liveRun(labels));
  const { page } = panel;
  await page.addInitScript(() => {
    const bridge = globalThis as unknown as { acquireVsCodeApi: () => { postMessage: () => void } };
    const make = bridge.acquireVsCodeApi;
    bridge.acquireVsCodeApi = () => ({ ...make(), postMessage: () => undefined });
  });
  await page.reload({ waitUntil: "load" });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await expect(page.locator("body").innerText()).resolves.toBe("");
  await panel.receive({ kind: "ready" });
  await page.getByText("Vorschau.").waitFor();
});
