import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { findViolations } from "./axe.ts";
import { keepPicture, openEditorWindow, type EditorWindow } from "./editorWindow.ts";
import { themes, type Workbench } from "./workbench.ts";

/** Longest wait for a run of the sample: 12 s of load, its start and its end, on a busy machine. */
const runMs = 60_000;
const patience = { timeout: runMs, interval: 200 };

/** A person's session in one window, from the first line to the replay: each test goes on where the last one ended. */
describe("a session in the editor", () => {
  let window: EditorWindow;
  let workbench: Workbench;
  beforeAll(async () => {
    window = await openEditorWindow();
    workbench = window.workbench;
  });
  afterAll(() => window[Symbol.asyncDispose]());
  beforeEach(({ task }) => {
    onTestFailed(() => keepPicture(window.page, task.name.replaceAll(/\W+/g, "-")));
  });

  const textOf = (name: string) => readFileSync(join(window.workspace.folder, name), "utf8");

  it("completes the keys of a scenario", async () => {
    const { keyboard } = window.page;
    await workbench.openFile("search.loadtest.yml");
    await workbench.codeLens("Run Locally").waitFor();
    await workbench.goTo(4, 100);
    await keyboard.press("Enter");
    await keyboard.type("ram");
    await keyboard.press("Control+Space");
    await workbench.suggestion("ramp-up").click();
    await workbench.line("ramp-up:").waitFor();
    await keyboard.type("1s");
    await keyboard.press("Escape");
    await workbench.save();
    await expect.poll(() => textOf("search.loadtest.yml"), patience).toMatch(/^ {4}ramp-up: 1s$/m);
  });

  it("mends a misspelt key by its quick fix", async () => {
    await workbench.squiggle("error").or(workbench.squiggle("warning")).first().waitFor();
    await workbench.goTo(6, 8);
    await workbench.quickFix('Change to "hold-for"');
    await workbench.line("hold-for:").waitFor();
    await workbench.save();
    await expect.poll(() => textOf("search.loadtest.yml"), patience).toMatch(/^ {4}hold-for: 4s$/m);
    await workbench.squiggle("error").or(workbench.squiggle("warning")).first().waitFor({ state: "detached" });
  });

  it("runs a load test by its CodeLens and shows it live", async () => {
    await workbench.clickLens("shop.loadtest.yml", "Run Locally");
    const panel = workbench.webview();
    await panel.getByRole("button", { name: "Stop", exact: false }).first().waitFor({ timeout: runMs });
    await workbench.statusItem(/Shop/).waitFor();
    await expect.poll(() => panel.locator("body").innerText(), { timeout: runMs }).toMatch(/\b20\b/);
  });

  it("shows the result in the same panel once the run has ended", async () => {
    const panel = workbench.webview();
    await panel.getByRole("heading", { name: "Passed" }).first().waitFor({ timeout: runMs });
    for (const label of ["List products", "Check out"])
      await expect.poll(() => panel.getByText(label).first().isVisible(), patience).toBe(true);
  });

  it("shows the figures of the run beside its requests", async () => {
    await workbench.openFile("shop.loadtest.yml");
    await expect
      .poll(() => workbench.inlineTexts(), { timeout: 20_000 })
      .toEqual(expect.arrayContaining([expect.stringMatching(/p95 .*ms/)]));
    await expect.poll(() => workbench.codeLens(/p95 .* passed/).isVisible(), patience).toBe(true);
  });

  it.for(themes)("has a panel without accessibility findings in %s", async (theme) => {
    await workbench.useTheme(theme);
    await workbench.command("Loadfleet: Open Run");
    if (await workbench.quickInput().isVisible()) await window.page.keyboard.press("Enter");
    await workbench.webview().getByRole("heading", { name: "Passed" }).first().waitFor();
    expect(await findViolations(await workbench.webviewFrame())).toEqual([]);
  });

  it("shows a broken criterion at its line, with what was expected and what was measured", async () => {
    const { keyboard } = window.page;
    await workbench.openFile("shop.loadtest.yml");
    const line =
      textOf("shop.loadtest.yml")
        .split("\n")
        .findIndex((text) => text.includes("p95>800ms")) + 1;
    await workbench.goTo(line, 9);
    await keyboard.press("End");
    await keyboard.press("Shift+Home");
    await keyboard.type("- p95>1ms");
    await keyboard.press("Escape");
    await workbench.save();
    await workbench.clickLens("shop.loadtest.yml", "Run Locally");
    await workbench.webview().getByRole("heading", { name: "Failed" }).first().waitFor({ timeout: runMs });
    await workbench.command("View: Focus Problems");
    await expect.poll(() => workbench.problem(/p95 was .*, allowed is at most 1 ms/).isVisible(), patience).toBe(true);
  });

  it("debugs once and shows a response", async () => {
    await workbench.clickLens("shop.loadtest.yml", "Debug Once");
    const panel = workbench.webview();
    await panel.getByText("Log in").first().click({ timeout: runMs });
    await expect.poll(() => panel.getByText("token").first().isVisible(), patience).toBe(true);
  });

  it("finds everything again after the window is reloaded", async () => {
    await workbench.reloadWindow();
    await workbench.webview().getByText("Log in").first().waitFor();
    await workbench.tab(/^Shop: failed/).click();
    await workbench.webview().getByRole("heading", { name: "Failed" }).first().waitFor();
    await expect.poll(() => workbench.webview().getByText("List products").first().isVisible(), patience).toBe(true);
    await workbench.command("Loadfleet: Focus on Runs View");
    await expect.poll(() => workbench.treeItem(/Shop/).isVisible(), patience).toBe(true);
  });

  it("stops a run gracefully and keeps its figures", async () => {
    await workbench.clickLens("shop.loadtest.yml", "Run Locally");
    const panel = workbench.webview();
    // There are figures to keep once the first requests have been reported.
    await panel.getByRole("rowheader", { name: "Product", exact: true }).waitFor({ timeout: runMs });
    await panel.getByRole("button", { name: "Stop" }).first().click();
    await panel
      .getByText(/cancelled/i)
      .first()
      .waitFor({ timeout: runMs });
    await expect.poll(() => panel.getByText("List products").first().isVisible(), patience).toBe(true);
  });

  it("replays a run over time", async () => {
    await workbench.command("Loadfleet: Focus on Runs View");
    await workbench.treeItem(/passed/i).click({ button: "right" });
    await workbench.chooseMenuItem("Replay Run");
    await expect
      .poll(
        () =>
          workbench
            .webview()
            .getByRole("button", { name: /Play|Pause/ })
            .first()
            .isVisible(),
        patience,
      )
      .toBe(true);
  });
});
