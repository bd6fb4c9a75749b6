import { UserError } from "../../../core/errors.ts";
import type { RunPlan } from "../../../core/run/plan.ts";

/**
 * Refuses executions that Taurus would hand to a tool that is not there.
 * @throws {UserError} `unsupported-executor`
 */
export function refuseUnknown(plan: RunPlan): void {
  const names = plan.executions.map(({ executor }) => executor ?? "jmeter").filter((name) => name !== "jmeter");
  const [name] = names;
  if (name === undefined) return;
  const isApart = name === "k6" || name === "locust";
  throw new UserError("unsupported-executor", `This Taurus runs JMeter, and an execution asks for ${name}.`, {
    hint: isApart
      ? `Run it by itself: a scenario whose only executor is ${name} is run by ${name}.`
      : "docs/taurus.md says how to add an executor to the image.",
  });
}
