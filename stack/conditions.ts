import { CfnCondition, CfnMapping, CfnRule, Fn, Token, type ICfnConditionExpression, type Stack } from "aws-cdk-lib";
import { stackParameters } from "../src/core/stack/names.ts";
import { parameter } from "./parameters.ts";

type ParameterName = keyof typeof stackParameters;

/** Parameters of which 0 means no limit. */
export const limitNames = ["mostTasks", "longestRunMinutes", "mostCostPerRun", "mostCostPerMonth"] as const;

/** The template's conditions; a name is the condition's logical id. */
export interface Conditions {
  readonly createsVpc: CfnCondition;
  readonly createsSecurityGroup: CfnCondition;
  readonly isArm: CfnCondition;
  readonly hasPublicIp: CfnCondition;
  readonly isGuideImage: CfnCondition;
  readonly hasAccessLogs: CfnCondition;
  readonly hasBoundary: CfnCondition;
  readonly sendsUsage: CfnCondition;
  readonly limitsTargets: CfnCondition;
  readonly limits: Readonly<Record<(typeof limitNames)[number], CfnCondition>>;
}

/** Adds the conditions that follow from the parameters, and the rule about those that belong together. */
export function addConditions(stack: Stack): Conditions {
  const condition = (id: string, expression: ICfnConditionExpression) => new CfnCondition(stack, id, { expression });
  const isSet = (id: string, value: string, empty = "") =>
    condition(id, Fn.conditionNot(Fn.conditionEquals(value, empty)));
  const limited = (name: (typeof limitNames)[number]) => isSet(`Has${stackParameters[name]}`, parameter(name), "0");

  // The guide's Appendix E: metrics are sent only when the owner edits this and names where they go.
  const anonymousData = new CfnMapping(stack, "AnonymousData", { mapping: { SendAnonymousData: { Data: "No" } } });
  addNetworkRule(stack);
  return {
    createsVpc: condition("CreatesVpc", Fn.conditionEquals(parameter("existingVpc"), "")),
    createsSecurityGroup: condition("CreatesSecurityGroup", Fn.conditionEquals(first("existingSecurityGroups"), "")),
    isArm: condition("IsArm", Fn.conditionEquals(parameter("architecture"), "arm64")),
    hasPublicIp: condition("HasPublicIp", Fn.conditionEquals(parameter("publicIp"), "true")),
    isGuideImage: condition("IsGuideImage", Fn.conditionEquals(parameter("imageKind"), "guide")),
    hasAccessLogs: condition("HasAccessLogs", Fn.conditionEquals(parameter("apiAccessLogs"), "true")),
    hasBoundary: isSet("HasBoundary", parameter("permissionsBoundary")),
    sendsUsage: condition(
      "SendsUsage",
      Fn.conditionAnd(
        Fn.conditionEquals(anonymousData.findInMap("SendAnonymousData", "Data"), "Yes"),
        Fn.conditionNot(Fn.conditionEquals(parameter("usageEndpoint"), "")),
      ),
    ),
    limitsTargets: isSet("LimitsTargets", first("allowedTargets")),
    limits: {
      mostTasks: limited("mostTasks"),
      longestRunMinutes: limited("longestRunMinutes"),
      mostCostPerRun: limited("mostCostPerRun"),
      mostCostPerMonth: limited("mostCostPerMonth"),
    },
  };
}

// A list without members has one that is empty.
function first(name: ParameterName): string {
  return Fn.select(0, listOf(name));
}

/** The members of a list parameter in one text. */
export function joined(name: ParameterName, separator = ","): string {
  return Fn.join(separator, listOf(name));
}

function listOf(name: ParameterName): string[] {
  return Token.asList(Token.asAny({ Ref: stackParameters[name] }));
}

function addNetworkRule(stack: Stack): void {
  new CfnRule(stack, "ExistingVpcHasSubnets", {
    ruleCondition: Fn.conditionNot(Fn.conditionEquals(parameter("existingVpc"), "")),
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionContains(listOf("existingSubnets"), "")),
        assertDescription: `${stackParameters.existingVpc} needs ${stackParameters.existingSubnets}.`,
      },
    ],
  });
}
