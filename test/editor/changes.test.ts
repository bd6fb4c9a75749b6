import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { keepPicture, openEditorWindow, type EditorWindow } from "./editorWindow.ts";
import type { Workbench } from "./workbench.ts";

const runMs = 60_000;
const patience = { timeout: runMs, interval: 200 };

/** Two loads of two scenarios, of one request and of two. */
const pair = `execution:
  - {scenario: one, concurrency: 1, iterations: 2}
  - {scenario: two, concurrency: 1, iterations: 2}
scenarios:
  one: {requests: [{url: "http://127.0.0.1:PORT/products", label: First}]}
  two:
    requests:
      - {url: "http://127.0.0.1:PORT/products", label: Second}
      - method: GET
        url: http://127.0.0.1:PORT/products/1
        label: "Third \\"one\\""
`;

/** Runs with changes, and files that only their content tells; each test goes on where the last one ended. */
describe("a load test that is run with changes", () => {
  let window: EditorWindow;
  let workbench: Workbench;
  beforeAll(async () => {
    window = await openEditorWindow();
    workbench = window.workbench;
    const port = new URL(addressOf(window)).port;
    writeFileSync(pathOf("pair.loadtest.yml"), pair.replaceAll("PORT", port));
    mkdirSync(pathOf("ci"));
    writeFileSync(pathOf("ci/perf.yaml"), pair.replaceAll("PORT", port));
  });
  afterAll(() => window[Symbol.asyncDispose]());
  beforeEach(({ task }) => {
    onTestFailed(() => keepPicture(window.page, task.name.replaceAll(/\W+/g, "-")));
  });

  const pathOf = (name: string) => join(window.workspace.folder, name);
  const row = (text: string) => workbench.quickRow(text);
  /** The item that picks requests; another begins with the same word. */
  const requests = (text: string) =>
    window.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: new RegExp(`Requests\\s*${text}`) });
  const press = (key: string) => window.page.keyboard.press(key);

  it("sends the requests that were picked", async () => {
    await workbench.clickLens("pair.loadtest.yml", "Run With...");
    // The first execution has one request: there is nothing to pick.
    await row("Hold for").waitFor();
    await expect(requests("all").count()).resolves.toBe(0);
    await press("Escape");
    await workbench.command("Loadfleet: Run Load Test With Changes");
    await requests("all").click();
    await row("Second").waitFor();
    await row('Third "one"').click();
    await press("Enter");
    await row("chosen 1 of 3").waitFor();
    await row("with these changes").click();
    await workbench.webview().getByText('Third "one"').first().waitFor({ timeout: runMs });
    await workbench.tab(/^pair: /).waitFor({ timeout: runMs });
    await workbench.openFile("pair.loadtest.yml");
    await expect
      .poll(async () => (await workbench.inlineTexts()).filter((text) => text.startsWith("p95")).length, patience)
      .toBe(1);
  });

  it("remembers them for the scenarios that were run, and for no other", async () => {
    await workbench.command("Loadfleet: Run Load Test With Changes");
    await row("chosen 1 of 3").waitFor();
    await press("Escape");
    await workbench.clickLens("pair.loadtest.yml", "Run With...");
    await expect.poll(() => row("as in the file").isVisible(), patience).toBe(true);
    await press("Escape");
  });

  it("leads back to the changes that keep it from starting, and remembers only what was started", async () => {
    await workbench.command("Loadfleet: Run Load Test With Changes");
    await row("Take everything as in the file").click();
    // The list is drawn anew: a click before that goes to what stood there.
    await row("as in the file").waitFor();
    await row("Take everything").waitFor({ state: "detached" });
    await row("Users").click();
    await window.page.getByText("Total of virtual users").waitFor();
    await workbench.quickInput().fill("1");
    await press("Enter");
    await row("with these changes").click();
    const refusal = workbench.notification(/1 users cannot be divided/);
    await refusal.getByText("Change...").click();
    await row("1 (file: 2)").waitFor();
    await press("Escape");
    await workbench.command("Loadfleet: Run Load Test With Changes");
    await expect.poll(() => row("chosen 1 of 3").isVisible(), patience).toBe(true);
    await press("Escape");
  });

  it("is run from its editor when only its content tells what it is", async () => {
    await workbench.openFile("perf.yaml");
    const runs = window.page.locator('.editor-actions .action-label[aria-label^="Run Load Test"]');
    await expect.poll(() => runs.first().isVisible(), patience).toBe(true);
    await workbench.command("Loadfleet: Focus on Scenarios View");
    await workbench.treeItem("perf.yaml").waitFor();
  });
});

/** Where the window's shop listens. */
function addressOf({ workspace }: EditorWindow): string {
  const text = readFileSync(join(workspace.folder, "shop.loadtest.yml"), "utf8");
  return /default-address: (\S+)/.exec(text)?.[1] ?? "";
}

describe("a window of two folders", () => {
  let window: EditorWindow;
  beforeAll(async () => {
    window = await openEditorWindow();
  });
  afterAll(() => window[Symbol.asyncDispose]());

  it("asks in which of them a new load test is to be", async () => {
    const { workbench, page, workspace, server } = window;
    onTestFailed(() => keepPicture(page, "two-folders"));
    mkdirSync(join(workspace.folder, "..", "web-api"));
    const file = join(workspace.folder, "..", "both.code-workspace");
    writeFileSync(file, JSON.stringify({ folders: [{ path: "shop-api" }, { path: "web-api" }] }));
    const url = new URL(server.pageUrl());
    await workbench.open(`${url.origin}/?workspace=${encodeURIComponent(file)}`);
    await workbench.command("Loadfleet: New Load Test");
    await workbench.quickRow("From a URL").click();
    await page.getByText("Address to send requests to").waitFor();
    await workbench.quickInput().fill("http://sam:secret@127.0.0.1:9/cart");
    await page.keyboard.press("Enter");
    await workbench.quickRow("web-api").click();
    await workbench.tab("site.loadtest.yml").waitFor();
    await workbench.notification(/User and password of the address are not in site\.loadtest\.yml/).waitFor();
    await expect(page.locator(".monaco-breadcrumbs").first().innerText()).resolves.toContain("web-api");
  });
});
