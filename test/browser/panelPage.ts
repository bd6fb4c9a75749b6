import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type {
  HostMessage,
  PageMessage,
  PanelReplies,
  PanelRequest,
  PanelSubject,
} from "../../src/core/panel/protocol.ts";
import type { Phrases } from "../../src/core/phrasebook.ts";
import { editorFonts, editorThemes, type ThemeName } from "./editorThemes.ts";

const origin = "http://panel.invalid";
const nonce = "cGFuZWw";

/** What a test's host does when its page is ready, and how it answers requests. */
export interface HostScript {
  readonly subject: PanelSubject;
  /** Messages that follow `open`. */
  readonly messages: () => readonly HostMessage[];
  /** A refusal is thrown. */
  readonly answer?: (request: PanelRequest) => PanelReplies[keyof PanelReplies];
  readonly theme?: ThemeName;
  /** English, when left out. */
  readonly speech?: { readonly language: string; readonly phrases: Phrases };
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** The panel's page in Chromium, with a host that speaks the protocol and nothing else. */
export class PanelPage implements AsyncDisposable {
  readonly page: Page;
  /** Requests that the page has made. */
  readonly requests: PanelRequest[] = [];
  /** Console messages, uncaught errors and violations of the page's policy. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #script: HostScript;

  constructor(context: BrowserContext, page: Page, script: HostScript) {
    this.#context = context;
    this.page = page;
    this.#script = script;
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }

  /** Hands messages to the page, as the editor does. */
  async post(...messages: readonly HostMessage[]): Promise<void> {
    await this.page.evaluate((text) => {
      for (const message of JSON.parse(text) as unknown[])
        dispatchEvent(new MessageEvent("message", { data: message }));
    }, JSON.stringify(messages));
  }

  /** What the page keeps for the time after a reload. */
  keptState(): Promise<unknown> {
    return this.page.evaluate(() => JSON.parse(sessionStorage.getItem("state") ?? "null") as unknown);
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(applyTheme, themeOf(theme));
  }

  async receive(message: PageMessage): Promise<void> {
    if (message.kind === "ready") {
      const { subject, speech = { language: "en", phrases: {} }, messages } = this.#script;
      await this.post({ kind: "open", subject, ...speech }, ...messages());
      return;
    }
    const { id, request } = message;
    this.requests.push(request);
    try {
      await this.post({ kind: "reply", id, reply: this.#script.answer?.(request) ?? null });
    } catch (error) {
      await this.post({ kind: "refusal", id, error: { code: "refused", message: String(error) } });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#context.close();
  }
}

interface PageTheme {
  readonly bodyClass: string;
  readonly properties: readonly (readonly [string, string])[];
}

function themeOf(name: ThemeName): PageTheme {
  const { bodyClass, colors } = editorThemes[name];
  const all = Object.entries({ ...editorFonts, ...colors });
  return { bodyClass, properties: all.map(([key, value]) => [`--vscode-${key}`, value] as const) };
}

/** Runs in the page. */
function applyTheme({ bodyClass, properties }: PageTheme): void {
  document.documentElement.removeAttribute("style");
  for (const [name, value] of properties) document.documentElement.style.setProperty(name, value);
  document.body.className = bodyClass;
}

/** Opens the built panel with the policy that the extension gives it. */
export async function openPanel(browser: Browser, script: HostScript): Promise<PanelPage> {
  const context = await browser.newContext({ viewport: script.viewport ?? { width: 1100, height: 900 } });
  await context.route("**", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return route.fulfill({ contentType: "text/html", body: documentOf(script) });
    const name = /^\/(panel\.(?:js|css))$/.exec(pathname)?.[1];
    if (name === undefined) return route.abort();
    const body = readFileSync(new URL(`../../dist/webview/${name}`, import.meta.url));
    return route.fulfill({ contentType: name.endsWith("js") ? "text/javascript" : "text/css", body });
  });
  const page = await context.newPage();
  const panel = new PanelPage(context, page, script);
  await page.exposeFunction("toHost", (message: PageMessage) => panel.receive(message));
  await page.addInitScript(() => {
    const bridge = globalThis as unknown as {
      acquireVsCodeApi: () => unknown;
      toHost: (message: unknown) => Promise<void>;
    };
    bridge.acquireVsCodeApi = () => ({
      postMessage: (message: unknown) => void bridge.toHost(message),
      getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") as unknown,
      setState: (state: unknown) => sessionStorage.setItem("state", JSON.stringify(state)),
    });
  });
  await page.goto(`${origin}/`);
  await page.locator("h1, [role=alert], main").first().waitFor();
  return panel;
}

function documentOf({ theme = "dark" }: HostScript): string {
  const { bodyClass, properties } = themeOf(theme);
  const style = properties.map(([name, value]) => `${name}: ${value}`).join("; ");
  return `<!doctype html>
<html lang="en" style='${style}'>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin} 'unsafe-inline'; font-src ${origin} data:; img-src ${origin} data:; base-uri 'none'; form-action 'none'">
<link rel="stylesheet" href="${origin}/panel.css">
<title>Loadfleet</title>
</head>
<body class="${bodyClass}">
<div id="page"></div>
<script nonce="${nonce}" src="${origin}/panel.js"></script>
</body>
</html>
`;
}
