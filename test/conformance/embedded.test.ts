import { makeEmbeddedDriver } from "../../src/agent/drivers/embedded/driver.ts";
import { runConformance } from "./runConformance.ts";

runConformance("the embedded driver", makeEmbeddedDriver, { timeoutMs: 15_000 });
