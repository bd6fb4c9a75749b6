import { UserError } from "../../../core/errors.ts";
import { misfitOf } from "../../../core/run/engineFit.ts";
import type { RunPlan } from "../../../core/run/plan.ts";

/**
 * Refuses executions that Taurus would hand to a tool that is not there.
 * @throws {UserError} `unsupported-executor`
 */
export function refuseUnknown({ executions, scenario }: RunPlan): void {
  const misfits = executions.map((one) => misfitOf("taurus", one, scenario.bodies[one.scenario]?.script));
  const misfit = misfits.find((one) => one !== undefined);
  if (misfit !== undefined) throw new UserError("unsupported-executor", misfit.message, { hint: misfit.hint });
}
