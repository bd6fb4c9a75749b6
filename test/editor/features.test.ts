import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { keepPicture, openEditorWindow, type EditorWindow } from "./editorWindow.ts";
import type { Workbench } from "./workbench.ts";

const runMs = 60_000;
const patience = { timeout: runMs, interval: 200 };

/** What people reach by the palette; each test goes on where the last one ended. */
describe("the palette", () => {
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

  const pathOf = (name: string) => join(window.workspace.folder, name);
  const textOf = (name: string) => readFileSync(pathOf(name), "utf8");

  it("makes a load test from a URL, which has no problem and can be run", async () => {
    await workbench.command("Loadfleet: New Load Test");
    await workbench.quickRow("From a URL").click();
    await workbench.quickInput().fill("http://127.0.0.1:9/cart/items");
    await window.page.keyboard.press("Enter");
    await workbench.codeLens("Run Locally").waitFor();
    await workbench.tab("site.loadtest.yml").waitFor();
    expect(textOf("site.loadtest.yml")).toContain("/cart/items");
    await workbench.squiggle("error").waitFor({ state: "detached" });
  });

  it("makes a load test from a JMeter test plan beside it", async () => {
    await workbench.command("Loadfleet: New Load Test");
    await workbench.quickRow("From a JMeter test plan").click();
    await workbench.quickRow("peak.jmx").click();
    await expect.poll(() => existsSync(pathOf("peak.loadtest.yml")), patience).toBe(true);
    await workbench.tab("peak.loadtest.yml").waitFor();
    expect(textOf("peak.loadtest.yml")).toContain("script: peak.jmx");
  });

  it("runs two load tests at once, each with its own panel, and counts both in the status bar", async () => {
    writeFileSync(pathOf("search.loadtest.yml"), textOf("search.loadtest.yml").replace("hold-fro: 4s", "hold-for: 9s"));
    await workbench.clickLens("search.loadtest.yml", "Run Locally");
    await workbench.webview().getByRole("button", { name: "Stop" }).first().waitFor({ timeout: runMs });
    await workbench.clickLens("shop.loadtest.yml", "Run Locally");
    await workbench.statusItem(/2 load tests/).waitFor({ timeout: runMs });
    await workbench.tab(/^Shop: passed/).waitFor({ timeout: runMs });
    // The page takes the focus as it shows its result; a list that is open by then would be closed.
    await workbench.webview().getByRole("heading", { name: "Passed" }).first().waitFor();
    await expect.poll(() => workbench.tab(/^search: /).isVisible(), patience).toBe(true);
  });

  it.each([
    ["HTML", "html", /<!doctype html>/i],
    ["JSON", "json", /"schema":"loadfleet\.result\.v1"/],
    ["CSV", "csv", /^label,/],
    ["JUnit", "xml", /<testsuites/],
  ] as const)("exports a result as %s and says where it is", async (format, ending, content) => {
    await workbench.command("Loadfleet: Export Result");
    await workbench.quickRow("Shop").click();
    await workbench.quickRow(format).click();
    // The dialog of a server asks for a path in place of the system's; it proposes one once it has looked at the folder.
    await expect.poll(() => workbench.quickInput().inputValue(), patience).toMatch(new RegExp(`\\.${ending}$`));
    const proposed = await workbench.quickInput().inputValue();
    await window.page.keyboard.press("Enter");
    await workbench.notification(/Wrote /).waitFor();
    expect(readFileSync(proposed, "utf8")).toMatch(content);
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("runs a load test as a test, with its criteria below it", async () => {
    await workbench.command("Testing: Focus on Test Explorer View");
    await workbench.treeItem("shop.loadtest.yml").click();
    await window.page.keyboard.press("ArrowRight");
    await workbench.treeItem(/^shop$/).click();
    await window.page.keyboard.press("ArrowRight");
    await expect.poll(() => workbench.treeItem("p95>800ms").isVisible(), patience).toBe(true);
    await workbench.treeItem("shop.loadtest.yml").click({ button: "right" });
    await workbench.chooseMenuItem("Run Test");
    const passed = window.page.locator(
      '.part.sidebar [role="treeitem"][aria-label^="p95>800ms"][aria-label*="Passed"]',
    );
    await passed.waitFor({ timeout: runMs });
    // The view says it; a message would say it twice.
    expect(await workbench.notification(/Shop: passed/).isVisible()).toBe(false);
  });

  it("lists new load tests among the tests, and no deleted ones", async () => {
    writeFileSync(pathOf("added.loadtest.yml"), textOf("shop.loadtest.yml"));
    const added = workbench.treeItem("added.loadtest.yml");
    await expect.poll(() => added.isVisible(), patience).toBe(true);
    rmSync(pathOf("added.loadtest.yml"));
    await expect.poll(() => added.isVisible(), patience).toBe(false);
  });
});
