import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { Workbench } from "./workbench.ts";

const root = join(import.meta.dirname, "..", "..");
/** With LOADFLEET_PICTURES=keep the pictures of the README and the walkthrough are made anew; look at each before a commit. */
const folder = process.env["LOADFLEET_PICTURES"] === "keep" ? join(root, "media") : join(root, ".cache", "editor");

/** Settings of a window that shows its subject alone and follows the colours that the page asks for. */
export const pictureSettings = {
  "window.autoDetectColorScheme": true,
  "workbench.preferredDarkColorTheme": "Dark Modern",
  "workbench.preferredLightColorTheme": "Light Modern",
  "workbench.editor.editorActionsLocation": "hidden",
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "editor.lineNumbersMinChars": 3,
  "editor.folding": false,
  "editor.glyphMargin": false,
  "editor.cursorBlinking": "solid",
  "editor.stickyScroll.enabled": false,
  // A load test that a picture's test has changed would be marked as changed.
  "git.enabled": false,
  "editor.scrollbar.vertical": "hidden",
  "editor.scrollbar.horizontal": "hidden",
  "editor.hideCursorInOverviewRuler": true,
  // What is typed for a picture stays out of the file.
  "files.autoSave": "off",
};

/** Opens a window as small as a picture of the walkthrough, with nothing in it but the editor; its pixels are doubled. */
export async function openPictureWindow(browser: Browser, url: string): Promise<Workbench> {
  const page = await browser.newPage({ viewport: { width: 660, height: 700 }, deviceScaleFactor: 2 });
  page.setDefaultTimeout(20_000);
  const workbench = new Workbench(page);
  await workbench.open(url);
  await workbench.command("View: Toggle Primary Side Bar Visibility");
  await page.locator(".part.sidebar").waitFor({ state: "hidden" });
  // What a run tells when it ends would lie over the pictures.
  await workbench.command("Notifications: Toggle Do Not Disturb Mode");
  return workbench;
}

/** What a picture shows of the editor, in pixels: without its round corners and, of a text, without the scroll bar. */
export interface PictureStrip {
  readonly top: number;
  readonly height: number;
  /** From the left edge; all of it when absent. */
  readonly width?: number;
}

/** Writes a picture of a strip of the editor, in dark and in light: `<name>-dark.png`, `<name>-light.png`. */
export async function takeBoth(workbench: Workbench, name: string, strip: PictureStrip): Promise<void> {
  const { page } = workbench;
  for (const colours of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: colours });
    await page.locator(`.monaco-workbench.${colours === "dark" ? "vs-dark" : "vs"}`).waitFor();
    await waitForPanel(workbench, colours);
    const clip = await clipOf(page.locator(".part.editor .editor-container").first(), strip);
    const path = picturePath(`walkthrough/${name}-${colours}`);
    await page.screenshot({ path, caret: "hide", clip });
  }
}

/** Writes a picture of a whole window. */
export async function takeWindow(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: picturePath(`screenshots/${name}`), caret: "hide" });
}

function picturePath(name: string): string {
  const path = join(folder, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** Waits until the page of a panel that is in sight has the colours too. */
async function waitForPanel(workbench: Workbench, colours: string): Promise<void> {
  if ((await workbench.page.locator("iframe.webview.ready:visible").count()) === 0) return;
  await workbench.webview().locator(`body.vscode-${colours}`).waitFor();
}

async function clipOf(editor: Locator, { top, height, width }: PictureStrip) {
  const box = await editor.boundingBox();
  if (box === null) throw new Error("The window shows no editor.");
  return { x: box.x, y: box.y + top, width: width ?? box.width, height };
}
