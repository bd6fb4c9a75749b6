import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessLauncher } from "../../src/local/processLauncher.ts";
import { describeLauncher } from "./launcherContract.ts";

describeLauncher("processes", async () => {
  const root = await mkdtemp(join(tmpdir(), "loadfleet-launcher-"));
  const agentPath = join(root, "agent.mjs");
  // Ends by itself when the test does, whatever happens to it.
  await writeFile(agentPath, `process.on("disconnect", () => process.exit()); setInterval(() => undefined, 1000);`);
  const open = (): ProcessLauncher => new ProcessLauncher(root, agentPath);
  return { launcher: open(), reopen: open, dispose: () => rm(root, { recursive: true, maxRetries: 5 }) };
});
