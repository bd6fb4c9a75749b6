import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { gatherCrowd } from "./crowd.ts";
import { keepPicture, openEditorWindow, type EditorWindow } from "./editorWindow.ts";
import { openPictureWindow, pictureSettings, takeBoth, takeWindow } from "./pictureWindow.ts";
import type { Workbench } from "./workbench.ts";

const file = "shop.loadtest.yml";
const patience = { timeout: 60_000, interval: 200 };

/** One story: a load test is written, debugged, run, and run again while the shop is crowded. */
describe("pictures of the product", () => {
  let window: EditorWindow;
  let workbench: Workbench;
  let address = "";
  beforeAll(async () => {
    window = await openEditorWindow({ settings: pictureSettings });
    address = writeStrictRule(join(window.workspace.folder, file));
    workbench = await openPictureWindow(window.browser, window.server.pageUrl());
  });
  afterAll(() => window[Symbol.asyncDispose]());
  beforeEach(({ task }) => {
    onTestFailed(() => keepPicture(workbench.page, task.name.replaceAll(/\W+/g, "-")));
  });

  const heading = (name: string) => workbench.webview().getByRole("heading", { name }).first();
  const scrollTo = (place: Locator) => place.evaluate((element) => element.scrollIntoView({ block: "start" }));

  /** Goes back from a panel to the file, and clicks a lens. */
  async function clickLens(text: string): Promise<void> {
    await workbench.tab(/^shop\./).click();
    await workbench.goTo(1);
    await workbench.codeLens(text).click();
  }

  async function requestsShown(): Promise<number> {
    const text = await workbench.webview().locator("body").innerText();
    return Number(/Requests\s+([\d,]+)/.exec(text)?.[1]?.replaceAll(",", ""));
  }

  it("show a load test that is being written, with completion open", async () => {
    await workbench.openFile(file);
    await workbench.codeLens("Run Locally").waitFor();
    await workbench.goTo(6);
    for (const key of ["End", "Enter", "Control+Space"]) await workbench.page.keyboard.press(key);
    await workbench.suggestion("throughput").waitFor();
    await takeBoth(workbench, "write", { top: 0, height: 394, width: 580 });
    expect(await workbench.suggestion("throughput").isVisible()).toBe(true);
    await workbench.page.keyboard.press("Escape");
    await workbench.command("File: Revert File");
    await workbench.tab(file).and(workbench.page.locator(":not(.dirty)")).waitFor();
  });

  it("show a response that is being read", async () => {
    await clickLens("Debug Once");
    await workbench.webview().getByText("Log in").first().click(patience);
    await expect.poll(() => workbench.webview().getByText("Response body").first().isVisible(), patience).toBe(true);
    await scrollTo(workbench.webview().getByText(/^POST/).first());
    await takeBoth(workbench, "debug", { top: 46, height: 484 });
  });

  it("show a run while it is live", async () => {
    await clickLens("Run Locally");
    // Most of the run, so that the charts have something to show.
    await expect.poll(requestsShown, patience).toBeGreaterThan(650);
    await scrollTo(heading("Over time"));
    await takeBoth(workbench, "live", { top: 46, height: 476 });
    await heading("Passed").waitFor(patience);
  });

  it("show the verdict of a run that failed, with its rules", async () => {
    await using crowd = gatherCrowd(address, 32);
    await expect.poll(crowd.checkouts).toBeGreaterThan(0);
    await clickLens("Run Locally");
    await heading("Failed").waitFor(patience);
    await scrollTo(heading("Failed"));
    await takeBoth(workbench, "result", { top: 34, height: 375 });
  });

  it("show the figures of a run beside its requests, and what has changed", async () => {
    await workbench.tab(/^shop\./).click();
    // The middle of the requests.
    await workbench.goTo(31);
    await expect
      .poll(() => workbench.inlineTexts(), patience)
      .toEqual(expect.arrayContaining([expect.stringMatching(/p95 .+ \(\+\d+ %\)/)]));
    await takeBoth(workbench, "inline", { top: 62, height: 437, width: 596 });
  });

  it.for([
    ["Light Modern", "light"],
    ["Default High Contrast", "high-contrast"],
  ] as const)("show the result in %s", async ([theme, name]) => {
    const whole = window.workbench;
    await whole.command("Loadfleet: Focus on Runs View");
    await whole.useTheme(theme);
    await whole.clickLens(file, /p95/);
    const verdict = whole.webview().getByRole("heading", { name: "Failed" }).first();
    await expect.poll(() => verdict.isVisible(), patience).toBe(true);
    await takeWindow(whole.page, name);
  });
});

/** Gives the load test a rule that only a quiet shop keeps. @returns the shop's address */
function writeStrictRule(path: string): string {
  const text = readFileSync(path, "utf8").replace("p95>800ms", "p95 of Check out>130ms");
  writeFileSync(path, text);
  return /http:\S+/.exec(text)?.[0] ?? "";
}
