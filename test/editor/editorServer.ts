import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ensureEditorTools } from "../../scripts/setupEditor.mjs";
import { openLocalEngine } from "../../src/local/localEngine.ts";
import { isFinal } from "../../src/core/run/run.ts";

/** Settings of a quiet window: nothing greets, asks, updates or reports. */
const quiet = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "remote.autoForwardPorts": false,
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "editor.accessibilitySupport": "off",
  // A modal editor would keep the rest of the window from being used.
  "workbench.editor.useModal": "off",
  "window.autoDetectColorScheme": false,
  "window.autoDetectHighContrast": false,
};

export interface EditorServerOptions {
  /** The folder that its windows open. */
  readonly folder: string;
  /** A VSIX to install first. */
  readonly vsix?: string;
  /** User settings beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets a page hand over a test suite (`extensionTestsPath`) and hear its exit code. */
  readonly drivesTests?: boolean;
  /** Asks for trust before a workspace may run code; off, every workspace is trusted. */
  readonly asksForTrust?: boolean;
  /** Language of the extension's strings; the editor's own stay English. */
  readonly language?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A private code-server on a free port of 127.0.0.1; everything it writes is below `root`, which ends with it. */
export interface EditorServer extends AsyncDisposable {
  readonly root: string;
  /** Where its runs are kept. */
  readonly runsFolder: string;
  /** Address of a window of the server's folder. */
  pageUrl(payload?: readonly (readonly [name: string, value: string])[]): string;
  /** Address of a file of this machine as the window sees it. */
  remoteUrl(path: string): string;
}

/** Starts an editor server. @throws {Error} with its last words when it does not start */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const entry = join(await ensureEditorTools(), "node_modules", "code-server", "out", "node", "entry.js");
  const root = mkdtempSync(join(tmpdir(), "loadfleet-editor-"));
  const runsFolder = join(root, "runs");
  const env = environment(root, { LOADFLEET_HOME: runsFolder, ...options.env });
  writeUserFolder(root, options);
  try {
    if (options.vsix !== undefined) {
      const args = [entry, ...folders(root), "--install-extension", options.vsix, "--force"];
      await promisify(execFile)(process.execPath, args, { env });
    }
    // An installation writes the list of language packs anew.
    if (options.language !== undefined) writeLanguage(root, options.language);
    const child = spawn(process.execPath, [entry, ...folders(root), ...serverFlags(options), options.folder], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: the server, its extension hosts and their helpers end together.
      detached: true,
    });
    const port = await readPort(child, join(root, "server.log"));
    const authority = `127.0.0.1:${port}`;
    const folder = `folder=${encodeURIComponent(options.folder)}`;
    return {
      root,
      runsFolder,
      pageUrl: (payload) => {
        const extra = payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : "";
        return `http://${authority}/?${folder}${extra}`;
      },
      remoteUrl: (path) => `vscode-remote://${authority}${path}`,
      async [Symbol.asyncDispose]() {
        await endGroup(child);
        await stopRuns(runsFolder);
        rmSync(root, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
}

function folders(root: string): string[] {
  const user = ["--user-data-dir", join(root, "user"), "--extensions-dir", join(root, "extensions")];
  return ["--config", join(root, "config.yaml"), ...user];
}

function serverFlags(options: EditorServerOptions): string[] {
  return [
    "--auth=none",
    "--bind-addr=127.0.0.1:0",
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
    "--ignore-last-opened",
    ...(options.asksForTrust ? [] : ["--disable-workspace-trust"]),
    ...(options.drivesTests ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ...(options.language === undefined ? [] : ["--locale", options.language]),
  ];
}

function environment(root: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const xdg = join(root, "xdg");
  const own = { XDG_CONFIG_HOME: xdg, XDG_DATA_HOME: xdg, XDG_CACHE_HOME: xdg, EXTENSIONS_GALLERY: "{}" };
  return { ...process.env, ...own, ...extra };
}

function writeUserFolder(root: string, { settings = {}, asksForTrust = false }: EditorServerOptions): void {
  const user = join(root, "user");
  mkdirSync(join(user, "User"), { recursive: true });
  mkdirSync(join(root, "extensions"));
  writeFileSync(join(root, "config.yaml"), "cert: false\n");
  const trust = { "security.workspace.trust.enabled": asksForTrust };
  writeFileSync(join(user, "User", "settings.json"), JSON.stringify({ ...quiet, ...trust, ...settings }, null, 2));
}

/** A language pack with no strings: enough for the editor to call itself by that language. */
function writeLanguage(root: string, language: string): void {
  const strings = join(root, "strings.json");
  writeFileSync(strings, JSON.stringify({ "": [], version: "1.0.0", contents: {} }));
  const extensions = [{ extensionIdentifier: { id: "loadfleet.language" }, version: "1.0.0" }];
  const pack = { hash: "loadfleet", extensions, translations: { vscode: strings }, label: language };
  writeFileSync(join(root, "user", "languagepacks.json"), JSON.stringify({ [language]: pack }));
}

async function readPort(child: ChildProcess, logPath: string): Promise<number> {
  const log = createWriteStream(logPath);
  child.stderr?.pipe(log, { end: false });
  const words: string[] = [];
  if (child.stdout === null) throw new Error("The editor server has no output.");
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      log.write(`${line}\n`);
      words.push(line);
      const port = /server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The editor server ended with code ${code}: ${words.join("\n")}`)));
  });
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  const killer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), 5000);
  await ended;
  clearTimeout(killer);
}

/** Runs outlive the window that started them, so the ones of a test are ended by name. */
async function stopRuns(runsFolder: string): Promise<void> {
  const engine = openLocalEngine({ root: runsFolder });
  const { signal } = new AbortController();
  const { items } = await engine.list({ limit: 100 }, signal);
  for (const run of items.filter(({ status }) => !isFinal(status))) {
    await engine.stop(run.runId, "The test has ended.", signal);
    for await (const event of engine.watch(run.runId, AbortSignal.timeout(20_000))) {
      if (event.kind === "run" && isFinal(event.run.status)) break;
    }
  }
}
