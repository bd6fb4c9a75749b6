import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "./cacheFolder.mjs";
import { root } from "./script.mjs";

const run = promisify(execFile);

/** Makes a Python environment with the pinned emulator of AWS; gives the path of its interpreter. */
export async function ensureEmulator() {
  const requirements = join(root, "test", "cloud", "ministack", "requirements.txt");
  const folder = await cachedFolder("ministack", [requirements], async (part) => {
    console.error("Fetching the emulator of AWS (once, about 10 s) ...");
    await run("python3", ["-m", "venv", part]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"];
    await run(join(part, "bin", "python"), [...pip, "-r", requirements]);
  });
  return join(folder, "bin", "python");
}
