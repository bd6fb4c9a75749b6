import { CfnResource, type Stack } from "aws-cdk-lib";
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { SolutionProperties } from "../src/core/stack/names.ts";
import type { Assets } from "./assets.ts";
import type { Data } from "./data.ts";
import { parameter } from "./parameters.ts";

/**
 * Adds the custom resource: it makes the deployment's id (`UUID`), puts the container zip and the console into their
 * buckets, and empties the buckets before they are deleted.
 */
export function addSolution(
  stack: Stack,
  handler: CfnFunction,
  parts: { readonly data: Data; readonly assets: Assets; readonly version: string; readonly configuration: string },
): CfnResource {
  const { data, assets, version, configuration } = parts;
  const properties: SolutionProperties = {
    AssetBucket: parameter("assetBucket"),
    ContainerAsset: assets.keyOf("container"),
    ConsoleAsset: assets.keyOf("console"),
    ScenariosBucket: data.scenarios.ref,
    ConsoleBucket: data.console.ref,
    PipelineBucket: data.pipeline.ref,
    ConsoleConfiguration: configuration,
    Version: version,
  };
  const resource = new CfnResource(stack, "Solution", {
    type: "Custom::Solution",
    properties: { ServiceToken: handler.attrArn, ServiceTimeout: "900", ...properties },
  });
  for (const policy of data.policies) resource.addResourceDependency(policy);
  return resource;
}
