import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfChanged } from "./buildIfChanged.mjs";
import { isStarted, root, sentenceOf } from "./script.mjs";
import { ensureEditorTools } from "./setupEditor.mjs";
import { writeNotices } from "./writeNotices.mjs";

/** Packs the extension into dist/loadfleet.vsix and returns its path. .vscodeignore names what goes in; its page is docs/extension.md. */
export async function packageVsix() {
  await buildIfChanged();
  writeNotices();
  const vsce = join(await ensureEditorTools(), "node_modules", "@vscode", "vsce", "out", "api.js");
  const { createVSIX } = await import(pathToFileURL(vsce).href);
  const packagePath = join(root, "dist", "loadfleet.vsix");
  const options = {
    dependencies: false,
    readmePath: "docs/extension.md",
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
  };
  await createVSIX({ cwd: root, packagePath, ...options });
  return packagePath;
}

if (isStarted(import.meta)) {
  try {
    console.log(await packageVsix());
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 4;
  }
}
