import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "./cacheFolder.mjs";
import { root } from "./script.mjs";

const run = promisify(execFile);
const requirements = join(root, "test", "stack", "tools", "requirements.txt");

/** Makes a Python environment with the pinned cfn-lint and checkov, which check the template; gives its programs' folder. */
export async function makeStackTools() {
  const folder = await cachedFolder("stack-tools", [requirements], async (made) => {
    console.error("Fetching cfn-lint and checkov ...");
    await run("python3", ["-m", "venv", made]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"];
    await run(join(made, "bin", "python"), [...pip, "-r", requirements]);
  });
  return join(folder, "bin");
}
