import { makeDriver } from "./drivers.ts";
import { runLocalAgent } from "./localAgent.ts";

await runLocalAgent(makeDriver);
