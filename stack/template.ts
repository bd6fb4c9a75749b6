import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Aws, CfnOutput, LegacyStackSynthesizer, Stack, Tags } from "aws-cdk-lib";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { stackOutputs, stackTag } from "../src/core/stack/names.ts";
import { addRole, allow, allowUnscoped } from "./access.ts";
import { addApi } from "./api.ts";
import type { Assets } from "./assets.ts";
import { capsText } from "./caps.ts";
import { addConditions, type Conditions } from "./conditions.ts";
import { addConsole } from "./console.ts";
import { addData } from "./data.ts";
import { addFleet } from "./fleet.ts";
import { addFunction, functionArnOf, type FunctionParts } from "./functions.ts";
import { addImagePipeline } from "./imagePipeline.ts";
import { addLogGroup } from "./logs.ts";
import { addNetwork } from "./network.ts";
import { addDashboard, addRules } from "./observation.ts";
import { addParameters, parameter } from "./parameters.ts";
import { addPolicies } from "./policies.ts";
import { addSolution } from "./solution.ts";
import { stateMachineDefinition, stepFunctionNames } from "./stateMachine.ts";
import { addUsers } from "./users.ts";

/** The whole stack as a CloudFormation template. */
export function makeTemplate(assets: Assets, version: string): object {
  const outdir = mkdtempSync(join(tmpdir(), "loadfleet-stack-"));
  try {
    // Tests run cfn-lint, which knows more than CDK's own check.
    const app = new App({ analyticsReporting: false, outdir, builtinCloudFormationValidation: false });
    const stack = new Stack(app, "Loadfleet", {
      synthesizer: new LegacyStackSynthesizer(),
      description: `Loadfleet ${version}: distributed load tests on AWS Fargate.`,
    });
    Tags.of(stack).add(stackTag, Aws.STACK_NAME);
    addParameters(stack);
    addAll(stack, assets, version);
    return app.synth().getStackByName("Loadfleet").template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function addAll(stack: Stack, assets: Assets, version: string): void {
  const conditions = addConditions(stack);
  const network = addNetwork(stack, conditions);
  const data = addData(stack);
  const fleet = addFleet(stack, conditions, data);
  const image = addImagePipeline(stack, conditions, data, fleet.repository);
  const consoleUrl = addConsole(stack, data);
  const users = addUsers(stack, consoleUrl);
  const machine = addStateMachine(stack, conditions);
  const parts = { conditions, network, data, fleet, project: image.project, assets, stateMachineArn: machine.ref };

  const api = addFunction(stack, "api", { ...parts, stackUuid: "" });
  const apiUrl = addApi(stack, conditions, api, { userPoolArn: users.pool.attrArn, version });
  const configuration = stack.toJsonString({
    region: Aws.REGION,
    apiUrl,
    userPoolId: users.pool.ref,
    userPoolClientId: users.client.ref,
    version,
  });
  const solution = addSolution(stack, addFunction(stack, "custom-resource", { ...parts, stackUuid: "" }), {
    data,
    assets,
    version,
    configuration,
  });
  // A new pipeline starts by itself, and has to find the container zip.
  image.pipeline.addResourceDependency(solution);
  const stackUuid = solution.getAtt("UUID").toString();
  const closer = addStepFunctions(stack, { ...parts, stackUuid });
  addRules(stack, closer, fleet, machine);
  addDashboard(stack, fleet);
  const policies = addPolicies(stack, { ...parts, pool: users.pool });
  addOutputs(stack, {
    [stackOutputs.apiUrl]: apiUrl,
    [stackOutputs.consoleUrl]: consoleUrl,
    [stackOutputs.consoleBucket]: data.console.ref,
    [stackOutputs.scenariosBucket]: data.scenarios.ref,
    [stackOutputs.table]: data.table.ref,
    [stackOutputs.stateMachine]: machine.ref,
    [stackOutputs.cluster]: fleet.cluster.attrArn,
    [stackOutputs.taskDefinition]: fleet.taskDefinition.ref,
    [stackOutputs.repository]: fleet.repository.ref,
    [stackOutputs.buildProject]: image.project.ref,
    [stackOutputs.logGroup]: fleet.logs.ref,
    [stackOutputs.userPool]: users.pool.ref,
    [stackOutputs.userPoolClient]: users.client.ref,
    [stackOutputs.architecture]: parameter("architecture"),
    [stackOutputs.subnets]: network.subnets,
    [stackOutputs.caps]: capsText(conditions),
    [stackOutputs.version]: version,
    [stackOutputs.uuid]: stackUuid,
    [stackOutputs.readPolicy]: policies.read.ref,
    [stackOutputs.runPolicy]: policies.run.ref,
    [stackOutputs.adminPolicy]: policies.admin.ref,
  });
}

/** Adds the functions of the state machine; gives run-closer. */
function addStepFunctions(stack: Stack, parts: FunctionParts) {
  for (const name of stepFunctionNames) if (name !== "run-closer") addFunction(stack, name, parts);
  return addFunction(stack, "run-closer", parts);
}

function addStateMachine(stack: Stack, conditions: Conditions): CfnStateMachine {
  const logs = addLogGroup(stack, "RunsLogs", `/aws/vendedlogs/states/${Aws.STACK_NAME}-runs`);
  const role = addRole(stack, "RunsRole", "states", {
    conditions,
    statements: [
      allow(["lambda:InvokeFunction"], stepFunctionNames.map(functionArnOf)),
      allowUnscoped([
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ]),
    ],
  });
  return new CfnStateMachine(stack, "Runs", {
    stateMachineName: `${Aws.STACK_NAME}-runs`,
    stateMachineType: "STANDARD",
    roleArn: role.attrArn,
    definitionString: stack.toJsonString(stateMachineDefinition(Aws.PARTITION, functionArnOf)),
    loggingConfiguration: {
      level: "ERROR",
      includeExecutionData: false,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.attrArn } }],
    },
  });
}

function addOutputs(stack: Stack, values: Readonly<Record<string, string>>): void {
  // An output may be called like a parameter, but not for CDK.
  for (const [name, value] of Object.entries(values))
    new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name);
}
