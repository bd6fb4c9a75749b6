import { runConformance } from "../conformance/runConformance.ts";
import { makeDriver } from "./tasks.ts";

runConformance("Taurus with JMeter", makeDriver, { timeoutMs: 60_000 });
