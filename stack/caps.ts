import { Fn } from "aws-cdk-lib";
import { joined, limitNames, type Conditions } from "./conditions.ts";
import { parameter } from "./parameters.ts";

const keys = {
  mostTasks: "mostTasks",
  longestRunMinutes: "longestRunMinutes",
  mostCostPerRun: "mostCostPerRunUsd",
  mostCostPerMonth: "mostCostPerMonthUsd",
} as const;

/** The owner's caps as JSON text, as `decodeCaps` of the core reads it. */
export function capsText(conditions: Conditions): string {
  const limits = limitNames.map((name) => {
    const value = Fn.conditionIf(conditions.limits[name].logicalId, parameter(name), "null").toString();
    return `"${keys[name]}":${value},`;
  });
  const hosts = Fn.conditionIf(
    conditions.limitsTargets.logicalId,
    Fn.join("", ['"', joined("allowedTargets", '","'), '"']),
    "",
  ).toString();
  return Fn.join("", ["{", ...limits, '"allowedTargets":[', hosts, "]}"]);
}
