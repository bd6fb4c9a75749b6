import type { Execution, Scenario } from "../scenario/model.ts";
import type { Problem } from "../scenario/problem.ts";
import type { DriverName } from "./plan.ts";
import { planProblem } from "./planProblem.ts";

/** What an engine that Loadfleet drives cannot run, in one sentence, and the next step. */
export interface Misfit {
  readonly message: string;
  readonly hint: string;
}

/** Lists the executions that the engine of a plan cannot run, each as a Problem at its place. */
export function findMisfits(driver: DriverName, scenario: Scenario): readonly Problem[] {
  return scenario.executions.flatMap((execution) => {
    const misfit = misfitOf(driver, execution, scenario.bodies[execution.scenario]?.script);
    if (misfit === undefined) return [];
    return [planProblem(scenario, "engine-misfit", `${misfit.message} ${misfit.hint}`, { range: execution.range })];
  });
}

/** Says why the engine cannot run an execution with this script; undefined when it can, or when it has a check of its own. */
export function misfitOf(
  driver: DriverName,
  { executor }: Pick<Execution, "executor">,
  script: string | undefined,
): Misfit | undefined {
  const own = engineOf(script);
  switch (driver) {
    case "embedded":
      return undefined;
    case "taurus": {
      const name = executor ?? own ?? "jmeter";
      if (name === "jmeter") return undefined;
      const isApart = name === "k6" || name === "locust";
      return {
        message: `This Taurus runs JMeter, and an execution asks for ${name}.`,
        hint: isApart
          ? `Run it by itself: a scenario whose only executor is ${name} is run by ${name}.`
          : "docs/taurus.md says how to add an executor to the image.",
      };
    }
    case "k6":
      return own === "k6"
        ? undefined
        : { message: `k6 runs scripts in JavaScript, and ${nameOf(script)}.`, hint: "Leave out --engine k6." };
    case "locust":
      return own === "locust" || script === undefined
        ? undefined
        : { message: `Locust runs locustfiles in Python, and ${nameOf(script)}.`, hint: "Leave out --engine locust." };
  }
}

function nameOf(script: string | undefined): string {
  return script === undefined ? "the scenario has requests instead" : `the scenario's script is ${script}`;
}

/** The engine that a script is for, by the end of its name. */
function engineOf(script: string | undefined): string | undefined {
  const [, end] = /\.(jmx|m?[jt]s|py)$/i.exec(script ?? "") ?? [];
  if (end === undefined) return undefined;
  return end.toLowerCase() === "jmx" ? "jmeter" : end.toLowerCase() === "py" ? "locust" : "k6";
}
