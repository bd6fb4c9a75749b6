import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEditorWindow, type EditorWindow } from "./editorWindow.ts";
import type { Workbench } from "./workbench.ts";

const root = join(import.meta.dirname, "..", "..");
/** With LOADFLEET_PICTURES=keep the pictures of the README and the walkthrough are made anew; look at each before a commit. */
const folder = process.env["LOADFLEET_PICTURES"] === "keep" ? join(root, "media") : join(root, ".cache", "editor");
const patience = { timeout: 60_000, interval: 200 };

describe("pictures of the product", () => {
  let window: EditorWindow;
  let workbench: Workbench;
  beforeAll(async () => {
    for (const name of ["screenshots", "walkthrough"]) mkdirSync(join(folder, name), { recursive: true });
    window = await openEditorWindow({ settings: { "workbench.colorTheme": "Dark Modern" } });
    workbench = window.workbench;
  });
  afterAll(() => window[Symbol.asyncDispose]());

  async function take(name: string): Promise<void> {
    await window.page.screenshot({ path: join(folder, `${name}.png`), caret: "hide" });
  }

  const isShown = (text: string) => workbench.webview().getByText(text).first().isVisible();

  async function requestsShown(): Promise<number> {
    const text = await workbench.webview().locator("body").innerText();
    return Number(/Requests\s+([\d,]+)/.exec(text)?.[1]?.replaceAll(",", ""));
  }

  it("show a scenario with its load profile", async () => {
    await workbench.command("Loadfleet: Focus on Scenarios View");
    await workbench.openFile("shop.loadtest.yml");
    await workbench.goTo(2, 3);
    await workbench.command("Show or Focus Hover");
    await expect.poll(() => workbench.hover().locator("img").first().isVisible(), patience).toBe(true);
    await take("walkthrough/write");
  });

  it("show a run while it is live", async () => {
    await workbench.command("Loadfleet: Focus on Runs View");
    await workbench.clickLens("shop.loadtest.yml", "Run Locally");
    // Half of the run, so that the charts have something to show.
    await expect.poll(requestsShown, patience).toBeGreaterThan(400);
    await take("walkthrough/live");
  });

  it("show the result of a run", async () => {
    await expect.poll(() => isShown("Passed"), patience).toBe(true);
    await take("walkthrough/result");
  });

  it("show the figures of a run beside its requests", async () => {
    await workbench.openFile("shop.loadtest.yml");
    await workbench.codeLens(/p95/).waitFor();
    await expect
      .poll(() => workbench.inlineTexts(), patience)
      .toEqual(expect.arrayContaining([expect.stringMatching(/p95/)]));
    await take("walkthrough/inline");
  });

  it("show what one user sends and gets", async () => {
    await workbench.clickLens("shop.loadtest.yml", "Debug Once");
    await workbench.webview().getByText("Log in").first().click(patience);
    await expect.poll(() => isShown("Response body"), patience).toBe(true);
    await take("walkthrough/debug");
  });

  it.for([
    ["Light Modern", "light"],
    ["Default High Contrast", "high-contrast"],
  ] as const)("show the result in %s", async ([theme, name]) => {
    await workbench.useTheme(theme);
    await workbench.clickLens("shop.loadtest.yml", /p95/);
    await expect.poll(() => isShown("Passed"), patience).toBe(true);
    await take(`screenshots/${name}`);
  });
});
