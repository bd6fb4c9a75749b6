import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { ContainerLauncher } from "../../src/local/containerLauncher.ts";
import { describeLauncher } from "../contract/launcherContract.ts";
import { runIdOf } from "../fleet/records.ts";

const { image, program, env } = inject("image");

describeLauncher("containers", async () => {
  Object.assign(process.env, env);
  const root = await mkdtemp(join(tmpdir(), "loadfleet-containers-"));
  const agent = join(root, "agent.sh");
  // Ends by itself, whatever happens to the test.
  await writeFile(agent, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
  const options = ["--network", "host", "--volume", `${agent}:/agent`, "--entrypoint", "/agent"];
  const open = (): ContainerLauncher => new ContainerLauncher(root, { program, image, options });
  return {
    launcher: open(),
    reopen: open,
    dispose: async () => {
      await open().remove(runIdOf(0));
      await rm(root, { recursive: true, maxRetries: 5 });
    },
  };
});
