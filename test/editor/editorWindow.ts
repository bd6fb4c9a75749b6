import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { packageVsix } from "../../scripts/packageVsix.mjs";
import { launchBrowser } from "../browser/reportPage.ts";
import { startEditorServer, type EditorServer, type EditorServerOptions } from "./editorServer.ts";
import { Workbench } from "./workbench.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

/** A window with the packed extension in it, its server and its folder. */
export interface EditorWindow extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly server: EditorServer;
  readonly browser: Browser;
  readonly page: Page;
  readonly workbench: Workbench;
}

let packing: Promise<string> | undefined;

/** Packs the extension (once), installs it in a server of its own and opens a window of a sample workspace. */
export async function openEditorWindow(
  options: Omit<EditorServerOptions, "folder" | "vsix"> & { readonly folder?: string } = {},
): Promise<EditorWindow> {
  // A package that exists already, such as the one that is about to be published, can be tested by its path.
  const vsix = process.env["LOADFLEET_VSIX"] ?? (await (packing ??= packageVsix()));
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await makeWorkspace());
  const server = stack.use(await startEditorServer({ folder: workspace.folder, vsix, ...options }));
  const browser = stack.use(await launchBrowser());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  const workbench = new Workbench(page);
  await workbench.open(server.pageUrl());
  const all = stack.move();
  return { workspace, server, browser, page, workbench, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Saves what the window looks like, to be looked at when a test has failed: `.cache/editor/<name>.png`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, "..", "..", ".cache", "editor");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
