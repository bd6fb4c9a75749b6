import { runLocalAgent } from "../../src/agent/localAgent.ts";
import { systemClock } from "../../src/local/systemClock.ts";
import { makeScriptedDriver, type DriverScript } from "../agent/scriptedDriver.ts";
import type { Driver } from "../../src/agent/driver.ts";

/** An agent like the real one, whose driver does what the plan's environment says for its task: `TASK_0` and so on. */
let driver: Driver | undefined;
await runLocalAgent(() => ({
  identity: { name: "scripted", versions: { scripted: "1" } },
  prepare: (job, signal) => {
    const script: DriverScript = JSON.parse(job.environment[`TASK_${job.task}`] ?? "{}");
    driver = makeScriptedDriver(script, systemClock);
    return driver.prepare(job, signal);
  },
  run: (start, onInterval, stop) => {
    if (driver === undefined) throw new Error("The driver was not prepared.");
    return driver.run(start, onInterval, stop);
  },
}));
