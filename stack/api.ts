import { createHash } from "node:crypto";
import { Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnDeployment, CfnRestApi, CfnStage } from "aws-cdk-lib/aws-apigateway";
import { CfnPermission, type CfnFunction } from "aws-cdk-lib/aws-lambda";
import { makeOpenApi } from "../src/core/api/openapi.ts";
import { arn } from "./access.ts";
import type { Conditions } from "./conditions.ts";
import { addLogGroup } from "./logs.ts";

const throttle = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };

// What says who asked for what; never a token or a body.
const logFormat = {
  requestId: "$context.requestId",
  at: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  user: "$context.authorizer.claims.sub",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  error: "$context.error.message",
};

/** Adds the REST API that the one OpenAPI document describes. Gives its address. */
export function addApi(
  stack: Stack,
  conditions: Conditions,
  handler: CfnFunction,
  references: { readonly userPoolArn: string; readonly version: string },
): string {
  const body = makeOpenApi({
    functionArn: stack.resolve(handler.attrArn),
    userPoolArn: stack.resolve(references.userPoolArn),
    partition: { Ref: "AWS::Partition" },
    region: { Ref: "AWS::Region" },
    title: { "Fn::Sub": "${AWS::StackName}-api" },
    version: references.version,
  });
  const api = new CfnRestApi(stack, "RestApi", {
    body,
    endpointConfiguration: { types: ["REGIONAL"] },
    minimumCompressionSize: 1024,
    failOnWarnings: false,
  });
  // API Gateway serves what was deployed, and deploys anew only what has a new name.
  const hash = createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 10);
  const deployment = new CfnDeployment(stack, `Deployment${hash}`, { restApiId: api.ref });
  const stage = addStage(stack, conditions, api, deployment);
  new CfnPermission(stack, "ApiMayCall", {
    action: "lambda:InvokeFunction",
    functionName: handler.ref,
    principal: "apigateway.amazonaws.com",
    sourceArn: arn("execute-api", `${api.ref}/*/*/*`),
  });
  return `https://${api.ref}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${stage.ref}`;
}

function addStage(stack: Stack, conditions: Conditions, api: CfnRestApi, deployment: CfnDeployment): CfnStage {
  const logs = addLogGroup(stack, "RestApiLogs", `/loadfleet/${Aws.STACK_NAME}/api`);
  // API Gateway writes with a role of the whole account, which a stack among others must not set.
  logs.cfnOptions.condition = conditions.hasAccessLogs;
  const accessLogs = { DestinationArn: arn("logs", `log-group:${logs.ref}`), Format: JSON.stringify(logFormat) };
  return new CfnStage(stack, "Stage", {
    restApiId: api.ref,
    deploymentId: deployment.ref,
    stageName: "prod",
    accessLogSetting: Fn.conditionIf(conditions.hasAccessLogs.logicalId, accessLogs, Aws.NO_VALUE),
    methodSettings: [{ resourcePath: "/*", httpMethod: "*", ...throttle }],
  });
}
