import { posix } from "node:path";
import { l10n, Uri, window, workspace } from "vscode";
import { scenarioFromJmx, scenarioFromUrl } from "../../core/scenario/language/newScenario.ts";
import type { NewScenario } from "../../core/scenario/language/newScenario.ts";

/**
 * Writes a new load test and opens it: from a URL or a test plan that the caller names, as text or as the URI of a file,
 * or that the person chooses.
 */
export async function createScenario(source: unknown): Promise<void> {
  const made =
    typeof source === "string" ? await fromUrl(source) : source instanceof Uri ? fromPlan(source) : await choose();
  if (made === undefined) return;
  const { folder, scenario } = made;
  if (folder === undefined) {
    const document = await workspace.openTextDocument({ language: "yaml", content: scenario.text });
    await window.showTextDocument(document);
    return;
  }
  const uri = await freeName(folder, scenario.fileName);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(scenario.text));
  await window.showTextDocument(uri);
  if (scenario.isWithoutCredentials) {
    void window.showInformationMessage(
      l10n.t(
        "User and password of the address are not in {0}, because a load test is kept with the code. Write a header Authorization whose value comes from loadfleet.secrets.",
        posix.basename(uri.path),
      ),
    );
  }
}

interface Made {
  /** Undefined where no folder is open. */
  readonly folder: Uri | undefined;
  readonly scenario: NewScenario;
}

async function choose(): Promise<Made | undefined> {
  const url = {
    label: `$(globe) ${l10n.t("From a URL")}`,
    detail: l10n.t("One request to begin with; no JMeter needed"),
  };
  const plan = {
    label: `$(file-code) ${l10n.t("From a JMeter test plan")}`,
    detail: l10n.t("Runs a .jmx file with a load of your own"),
  };
  const choice = await window.showQuickPick([url, plan], { title: l10n.t("New Load Test") });
  if (choice === undefined) return undefined;
  return choice === url ? askUrl() : askPlan();
}

async function askUrl(): Promise<Made | undefined> {
  const address = await window.showInputBox({
    title: l10n.t("New Load Test"),
    prompt: l10n.t("Address to send requests to. Test only what is yours, or what you may test."),
    value: "http://localhost:8080/",
    validateInput: (text) =>
      scenarioFromUrl(text.trim()) === undefined
        ? l10n.t("Write an address that begins with http:// or https://.")
        : undefined,
  });
  return address === undefined ? undefined : fromUrl(address.trim());
}

async function fromUrl(address: string): Promise<Made | undefined> {
  const scenario = scenarioFromUrl(address);
  const target = scenario && (await chooseFolder());
  return target && { folder: target.folder, scenario };
}

async function askPlan(): Promise<Made | undefined> {
  const plans = await workspace.findFiles("**/*.jmx", "**/node_modules/**", 200);
  const known = plans.map((uri) => ({ label: workspace.asRelativePath(uri), uri }));
  const other = { label: `$(folder-opened) ${l10n.t("Another file...")}`, uri: undefined };
  const choice =
    known.length === 0 ? other : await window.showQuickPick([...known, other], { title: l10n.t("Test plan to run") });
  if (choice === undefined) return undefined;
  const [uri] =
    choice.uri === undefined ? ((await window.showOpenDialog({ filters: { JMeter: ["jmx"] } })) ?? []) : [choice.uri];
  return uri && fromPlan(uri);
}

/** The load test goes beside its plan, so that both travel together. */
function fromPlan(uri: Uri): Made {
  return { folder: Uri.joinPath(uri, ".."), scenario: scenarioFromJmx(posix.basename(uri.path)) };
}

/** The folder of the load test that is open, else that of the workspace, of several the one that the person chooses. */
async function chooseFolder(): Promise<Pick<Made, "folder"> | undefined> {
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && /\.loadtest\.ya?ml$/.test(active.path) && active.scheme !== "untitled") {
    return { folder: Uri.joinPath(active, "..") };
  }
  const [only, second] = workspace.workspaceFolders ?? [];
  if (second === undefined) return { folder: only?.uri };
  const chosen = await window.showWorkspaceFolderPick({ placeHolder: l10n.t("Folder for the new load test") });
  return chosen && { folder: chosen.uri };
}

async function freeName(folder: Uri, fileName: string): Promise<Uri> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? fileName : fileName.replace(/(?=\.loadtest\.)/, `-${number}`);
    const uri = Uri.joinPath(folder, name);
    const isTaken = await workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!isTaken) return uri;
  }
}
