import { setTimeout as sleep } from "node:timers/promises";
import type { Frame, FrameLocator, Locator, Page } from "playwright-core";

/** The four kinds of colour theme that ship with the editor. */
export const themes = ["Light Modern", "Dark Modern", "Default High Contrast", "Default High Contrast Light"] as const;
export type Theme = (typeof themes)[number];

const quickRows = ".quick-input-widget .quick-input-list .monaco-list-row";

/** A window of VS Code in a browser, used as a person does: by palette, keys and clicks. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#ready();
  }

  /** Reloads the window as the editor's own command does: views keep their state, unlike with the browser's reload. */
  async reloadWindow(): Promise<void> {
    await Promise.all([this.page.waitForEvent("load"), this.command("Developer: Reload Window")]);
    await this.#ready();
  }

  /** Runs a command of the palette by its visible name, "Category: Title". */
  async command(label: string): Promise<void> {
    await this.#pick("F1", `>${label}`, this.quickRow(label));
  }

  async openFile(name: string): Promise<void> {
    // Open panels are listed too, and some have the file's name in theirs.
    await this.#pick("Control+p", name, this.page.locator(`${quickRows}[aria-label^="${name}"]`).first());
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).first().waitFor();
    // Keys go to what was there before, a webview for example, until the text has the focus.
    await this.page.locator(".monaco-editor.focused").first().waitFor();
  }

  /** Switches the colour theme and waits until the window has it. */
  async useTheme(theme: Theme): Promise<void> {
    await this.command("Preferences: Color Theme");
    // The palette's own input is in the same place until the list of themes opens.
    await this.page.locator('.quick-input-widget:visible input[placeholder*="Color Theme"]').fill(theme);
    // "Default High Contrast" is the beginning of another theme's name.
    await this.page.locator(".quick-input-widget .monaco-list-row").getByText(theme, { exact: true }).first().click();
    await this.quickInput().waitFor({ state: "hidden" });
  }

  /** Puts the cursor at a place of the open editor; both numbers are 1-based. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.#openQuickInput("Control+g", `:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.quickInput().waitFor({ state: "hidden" });
  }

  /** Applies a quick fix at the cursor. */
  async quickFix(title: string): Promise<void> {
    await this.page.keyboard.press("Control+.");
    await this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first().click();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await this.page.locator(".tabs-container .tab.active:not(.dirty)").first().waitFor();
  }

  quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible input").first();
  }

  quickRow(text: string): Locator {
    return this.page.locator(quickRows, { hasText: text }).first();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: name }).first();
  }

  /** A line of the open editor that holds a text. */
  line(text: string): Locator {
    return this.page.locator(".monaco-editor .view-line", { hasText: text }).first();
  }

  codeLens(text: string | RegExp): Locator {
    return this.page.locator(".codelens-decoration a", { hasText: text }).first();
  }

  /** Clicks a lens at the beginning of a file; the editor makes only those that are in sight. */
  async clickLens(file: string, text: string | RegExp): Promise<void> {
    await this.openFile(file);
    await this.goTo(1);
    await this.codeLens(text).click();
  }

  squiggle(severity: "error" | "warning" | "info"): Locator {
    return this.page.locator(`.squiggly-${severity}`).first();
  }

  suggestion(text: string): Locator {
    return this.page.locator(".suggest-widget .monaco-list-row", { hasText: text }).first();
  }

  /** Titles of the open menu. */
  async menuItems(): Promise<readonly string[]> {
    const items = this.page.locator(".monaco-menu .action-item .action-label:not(.separator)");
    await items.first().waitFor();
    return items.allInnerTexts();
  }

  /** Clicks until the menu is gone: the editor ignores a click that follows too soon on the menu's opening. */
  async chooseMenuItem(title: string): Promise<void> {
    const item = this.page.locator(".monaco-menu .action-item", { hasText: title }).first();
    await item.waitFor();
    for (let attempt = 0; attempt < 10 && (await item.isVisible()); attempt++) {
      await item.click({ timeout: 2000 }).catch(() => undefined);
      await item.waitFor({ state: "hidden", timeout: 1000 }).catch(() => undefined);
    }
  }

  /** The texts that decorations show beside lines; they are styles, not part of the document. */
  async inlineTexts(): Promise<readonly string[]> {
    const contents = await this.page
      .locator('.monaco-editor .view-line span[class*="ced-"]')
      .evaluateAll((spans) => spans.map((span) => getComputedStyle(span, "::after").content));
    return contents.filter((content) => content !== "none").map((content) => content.replaceAll(/^"|"$/g, ""));
  }

  hover(): Locator {
    return this.page.locator(".monaco-hover:visible").first();
  }

  statusItem(text: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item", { hasText: text }).first();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text }).first();
  }

  dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  problem(text: string | RegExp): Locator {
    return this.page.locator(".markers-panel .monaco-list-row", { hasText: text }).first();
  }

  treeItem(label: string | RegExp): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row[role="treeitem"]', { hasText: label }).first();
  }

  /** The inner document of the first visible webview. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready:visible").first().frameLocator("iframe#active-frame");
  }

  /** The same as a frame, in which scripts can be evaluated. @throws {Error} when there is none within 20 s */
  async webviewFrame(): Promise<Frame> {
    const endsAt = Date.now() + 20_000;
    while (Date.now() < endsAt) {
      for (const frame of this.page.frames()) {
        if (!frame.parentFrame()?.url().includes("/webview/browser/pre/")) continue;
        const id = await frame.frameElement().then(
          (element) => element.getAttribute("id"),
          () => null,
        );
        if (id === "active-frame" && (await frame.locator("body > *").count()) > 0) return frame;
      }
      await sleep(100);
    }
    throw new Error("No webview has shown its page.");
  }

  /** Milliseconds that an extension spent in its activation, as the editor measured it. */
  async activationMs(extension: string): Promise<number> {
    await this.command("Developer: Show Running Extensions");
    const row = this.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: extension }).first();
    await row.locator(".activation-time").waitFor();
    const found = /(\d+)\s*ms/.exec(await row.locator(".activation-time").innerText());
    if (found === null) throw new Error(`The editor does not tell how long ${extension} took to activate.`);
    return Number(found[1]);
  }

  async #ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor({ timeout: 60_000 });
  }

  /** Opens the quick input by a key, types a text and clicks a row. */
  async #pick(key: string, text: string, row: Locator): Promise<void> {
    // A list that was opened before an extension added to it stays as it was.
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.#openQuickInput(key, text);
      if (await appears(row, 3000)) return row.click();
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`The quick input does not list what "${text}" should find.`);
  }

  async #openQuickInput(key: string, text: string): Promise<void> {
    const input = this.quickInput();
    // A key is lost while the window loads, and while a webview has the focus.
    for (let attempt = 0; attempt < 10; attempt++) {
      await this.page.keyboard.press(key);
      if (await appears(input, 1500)) break;
      if (attempt > 1) await this.page.locator(".part.statusbar").click({ position: { x: 600, y: 8 } });
    }
    await input.fill(text);
  }
}

function appears(locator: Locator, withinMs: number): Promise<boolean> {
  return locator.waitFor({ timeout: withinMs }).then(
    () => true,
    () => false,
  );
}
