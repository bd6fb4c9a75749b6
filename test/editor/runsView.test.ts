import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { makeRunId, makeTestId, type RunId } from "../../src/core/run/ids.ts";
import { FolderLedger } from "../../src/local/folderLedger.ts";
import { openLocalEngine } from "../../src/local/localEngine.ts";
import { runOf } from "../extension/runs/samples.ts";
import { keepPicture, openEditorWindow, type EditorWindow } from "./editorWindow.ts";
import type { Workbench } from "./workbench.ts";

const runMs = 60_000;
const patience = { timeout: runMs, interval: 200 };
const { signal } = new AbortController();
const file = "slow.loadtest.yml";
const scenario = (users: number) => `execution:
  - scenario: slow
    concurrency: ${users}
    hold-for: 2m
scenarios:
  slow:
    requests: [http://127.0.0.1:9/]
loadfleet:
  name: Slow
`;

/** Looking after runs in the lists; each test goes on where the last one ended. */
describe("the views of scenarios and runs", () => {
  let window: EditorWindow;
  let workbench: Workbench;
  beforeAll(async () => {
    window = await openEditorWindow();
    workbench = window.workbench;
    writeFileSync(join(window.workspace.folder, file), scenario(1));
  });
  afterAll(() => window[Symbol.asyncDispose]());
  beforeEach(({ task }) => {
    onTestFailed(() => keepPicture(window.page, task.name.replaceAll(/\W+/g, "-")));
  });

  const runRow = (word: string) =>
    window.page.locator(`.part.sidebar [role="treeitem"][aria-label^="Slow, "][aria-label*="${word}"]`).first();
  const text = (words: string | RegExp) => window.page.locator(".part.sidebar").getByText(words).first();

  it("offer Stop in place of Run while a load test runs", async () => {
    await workbench.clickLens(file, "Run Locally");
    await workbench.tab("Slow: live").waitFor({ timeout: runMs });
    await workbench.command("Loadfleet: Focus on Runs View");
    await runRow("running").waitFor({ timeout: runMs });
    // The group of its runs is read out by name and place, not by its whole path.
    await runRow(file).waitFor();
    await runRow("running").click({ button: "right" });
    expect(await workbench.menuItems()).toContain("Stop Run");
    await window.page.keyboard.press("Escape");
    await workbench.treeItem(file).click({ button: "right" });
    const offered = await workbench.menuItems();
    expect(offered).toContain("Stop Run");
    expect(offered.filter((title) => title.startsWith("Run Load Test"))).toEqual([]);
    await workbench.chooseMenuItem("Stop Run");
    await runRow("cancelled").waitFor({ timeout: runMs });
  });

  it("open the run's own copy of a scenario that its commit does not have", async () => {
    writeFileSync(join(window.workspace.folder, file), scenario(2));
    await runRow("cancelled").click({ button: "right" });
    await workbench.chooseMenuItem("Open Scenario at Its Commit");
    const refusal = workbench.notification(
      /The commit \w+ has no slow\.loadtest\.yml\. The scenario was not committed/,
    );
    await refusal.getByText("Open the Run's Copy").click();
    await expect.poll(() => workbench.line("concurrency: 1").isVisible(), patience).toBe(true);
  });

  it("know what was run before sixty runs of another project, and find it by a filter", async () => {
    await addRuns(window.server.runsFolder, "Elsewhere", 60);
    await workbench.command("Loadfleet: Refresh Runs");
    await text("Show older runs").waitFor();
    await expect.poll(() => workbench.treeItem(/slow\.loadtest\.yml.*cancelled/).isVisible(), patience).toBe(true);
    await filterBy("slow cancelled");
    await runRow("cancelled").waitFor();
    expect(await text("Show older runs").isVisible()).toBe(false);
  });

  it("say that a filter finds nothing, and take it away", async () => {
    await filterBy("no such words");
    await text("No run matches the filter").waitFor();
    expect(await text("No run on this machine yet").isVisible()).toBe(false);
    await window.page.locator(".part.sidebar").getByRole("button", { name: "Clear Filter", exact: true }).click();
    await text("Show older runs").waitFor();
  });

  it("close the panel of a run that is deleted, and leave nothing of it on the disk", async () => {
    await filterBy("slow");
    const panel = workbench.tab(/^Slow: cancelled/);
    expect(await panel.isVisible()).toBe(true);
    await runRow("cancelled").click({ button: "right" });
    await workbench.chooseMenuItem("Delete Run");
    await workbench.dialog().getByRole("button", { name: "Delete" }).click();
    await panel.waitFor({ state: "detached" });
    await runRow("cancelled").waitFor({ state: "detached" });
    expect(readdirSync(join(window.server.runsFolder, "store"), { recursive: true })).toEqual([]);
  });

  it("say of a run that another program has deleted what a person can do in the editor", async () => {
    const [runId] = await addRuns(window.server.runsFolder, "Gone", 1);
    await workbench.command("Loadfleet: Refresh Runs");
    await filterBy("gone");
    await window.page.locator('.part.sidebar [role="treeitem"][aria-label^="Gone, "][aria-label*="passed"]').click();
    await workbench.tab("Gone: passed").waitFor();
    if (runId !== undefined) await openLocalEngine({ root: window.server.runsFolder }).delete(runId, signal);
    await workbench.reloadWindow();
    const hint = workbench.webview().getByText("The runs that are left stand in the Runs view.");
    await expect.poll(() => hint.isVisible(), patience).toBe(true);
  });

  async function filterBy(words: string): Promise<void> {
    await workbench.command("Loadfleet: Filter Runs");
    await window.page.locator(".quick-input-widget:visible input[aria-describedby]").first().waitFor();
    await workbench.quickInput().fill(words);
    await window.page.keyboard.press("Enter");
    await text(`filtered: ${words}`).waitFor();
  }
});

/** Keeps runs of a scenario that is elsewhere, newer than all others; returns their ids. */
async function addRuns(runsFolder: string, name: string, count: number): Promise<readonly RunId[]> {
  const ledger = new FolderLedger(runsFolder, (sentence) => expect.unreachable(sentence));
  const { origin } = runOf(1);
  const runIds: RunId[] = [];
  for (let number = 0; number < count; number++) {
    const createdAtMs = Date.now() + number;
    const ended = runOf(1, {
      runId: makeRunId(createdAtMs, new Uint8Array(10)),
      testId: makeTestId(name),
      name,
      createdAtMs,
      origin: { ...origin, scenarioPath: `/elsewhere/${name}.loadtest.yml` },
    });
    await ledger.submit({ ...ended, status: "queued", endedAtMs: null, summary: null });
    await ledger.closeRun(ended);
    runIds.push(ended.runId);
  }
  return runIds;
}
