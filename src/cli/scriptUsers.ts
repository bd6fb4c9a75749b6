import { resolveAmount } from "../core/run/amount.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { FileLookup } from "../core/scenario/files.ts";
import { readJmxScenario } from "../core/scenario/jmx.ts";

/** Adds up the users that the thread groups of a plan's JMX scripts bring along, per task; undefined when a script does not say. */
export function scriptUsersOf({ executions, scenario, environment }: RunPlan, files: FileLookup): number | undefined {
  let users = 0;
  for (const execution of executions) {
    if (execution.users !== null) continue;
    const script = scenario.bodies[execution.scenario]?.script;
    const text = script?.toLowerCase().endsWith(".jmx") === true ? files.readText(script) : undefined;
    const outline = readJmxScenario(script ?? "", text ?? "", files).outline;
    if (outline === undefined) return undefined;
    for (const { kind, threads } of outline.threadGroups) {
      // What sets up and tears down is no load.
      if (/^(Setup|PostThread)/.test(kind)) continue;
      const resolved = resolveAmount(threads ?? 1, "number", environment);
      if (resolved.kind !== "number") return undefined;
      users += resolved.value;
    }
  }
  return users;
}
