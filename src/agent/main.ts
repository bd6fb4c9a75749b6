import { taskVariables } from "../core/stack/names.ts";
import { makeDriver } from "./drivers.ts";

// Each loads only what it needs: local runs start many agents side by side.
if (process.env[taskVariables.run] === undefined) {
  const { runLocalAgent } = await import("./localAgent.ts");
  await runLocalAgent(makeDriver);
} else {
  const { runCloudAgent } = await import("./cloudAgent.ts");
  await runCloudAgent(makeDriver);
}
