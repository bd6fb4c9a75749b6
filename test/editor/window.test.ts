import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { keepPicture, openEditorWindow, type EditorWindow } from "./editorWindow.ts";

const patience = { timeout: 20_000, interval: 200 };

describe("a window with the extension", () => {
  let window: EditorWindow;
  beforeAll(async () => {
    window = await openEditorWindow();
  });
  afterAll(() => window[Symbol.asyncDispose]());

  it("activates when a load test is opened", async () => {
    const { workbench, page } = window;
    onTestFailed(() => keepPicture(page, "activation"));
    await workbench.openFile("shop.loadtest.yml");
    // How long it took is a figure of the bench: here other tests have the processor as well.
    expect(await workbench.activationMs("Loadfleet")).toBeGreaterThanOrEqual(0);
  });

  it("shows its three views", async () => {
    const { page } = window;
    onTestFailed(() => keepPicture(page, "views"));
    await page.locator('.activitybar .action-item a.action-label[aria-label^="Loadfleet"]').click();
    const titles = page.locator(".part.sidebar .pane-header .title");
    await expect.poll(() => titles.allInnerTexts(), patience).toEqual(["Scenarios", "Runs", "Stack"]);
  });

  it("says what the stack is, and opens the manual that comes with the extension", async () => {
    const { workbench, page } = window;
    onTestFailed(() => keepPicture(page, "stack"));
    await workbench.command("Loadfleet: Focus on Stack View");
    await page.locator(".part.sidebar").getByText("Deploying the Stack").click();
    const heading = workbench.webview().getByRole("heading", { name: "The stack in your AWS account" });
    await expect.poll(() => heading.isVisible(), patience).toBe(true);
  });

  it("opens its walkthrough", async () => {
    const { workbench, page } = window;
    onTestFailed(() => keepPicture(page, "walkthrough"));
    await workbench.command("Loadfleet: Get Started");
    await expect.poll(() => walkthroughTitles(page), patience).toContain("Load-test with Loadfleet");
  });
});

describe("a window of a folder that the person does not trust", () => {
  let window: EditorWindow;
  beforeAll(async () => {
    window = await openEditorWindow({ asksForTrust: true });
  });
  afterAll(() => window[Symbol.asyncDispose]());

  it("finds mistakes, and runs nothing", async () => {
    const { workbench, page } = window;
    onTestFailed(() => keepPicture(page, "untrusted"));
    await workbench.statusItem("Restricted Mode").waitFor();
    await workbench.openFile("search.loadtest.yml");
    await workbench.squiggle("error").or(workbench.squiggle("warning")).first().waitFor();
    await workbench.clickLens("shop.loadtest.yml", "Run Locally");
    const refusal = workbench.notification(/runs only in a workspace that you trust/);
    await expect.poll(() => refusal.isVisible(), patience).toBe(true);
    await refusal.getByText("Manage Workspace Trust").waitFor();
  });
});

describe("a German window", () => {
  let window: EditorWindow;
  beforeAll(async () => {
    window = await openEditorWindow({ language: "de" });
  });
  afterAll(() => window[Symbol.asyncDispose]());

  it("names its commands in German", async () => {
    onTestFailed(() => keepPicture(window.page, "german"));
    await window.workbench.command("Loadfleet: Erste Schritte");
    await expect.poll(() => walkthroughTitles(window.page), patience).toContain("Lasttests mit Loadfleet");
  });
});

function walkthroughTitles(page: Page): Promise<readonly string[]> {
  return page.locator(".gettingStartedContainer .category-title").allInnerTexts();
}
