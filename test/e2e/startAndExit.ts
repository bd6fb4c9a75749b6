import { openLocalEngine } from "../../src/local/localEngine.ts";
import { makePlan, makeRun } from "../fleet/records.ts";
import { runnerPath, scriptedAgentPath } from "./localRuns.ts";

/** Starts a detached run in the folder that its argument names, prints the run's id, and is gone. */
const [root = ""] = process.argv.slice(2);
const engine = openLocalEngine({ root, runnerPath, agentPath: scriptedAgentPath });
const environment = { TASK_0: JSON.stringify({ loadMs: 2500 }), TASK_1: JSON.stringify({ loadMs: 2500 }) };
const plan = makePlan({ tasks: 2, environment });
process.stdout.write(await engine.start(plan, [], makeRun().origin, new AbortController().signal));
process.exit(0);
