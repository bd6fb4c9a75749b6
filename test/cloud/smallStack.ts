import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStackAssets, type StackAssets } from "../../src/deploy/assets.ts";

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: object;
  readonly DependsOn?: string;
  readonly DeletionPolicy?: string;
}

/** Writes a small template with one asset as the build writes the real one, and reads it as the product does. */
export function buildSmallStack(
  folder: string,
  version: string,
  resources: Readonly<Record<string, Resource>>,
  outputs: Readonly<Record<string, object>> = {},
): Promise<StackAssets> {
  const place = join(folder, `stack-${version}`);
  mkdirSync(join(place, "assets"), { recursive: true });
  const zip = Buffer.from(`the files of ${version}`);
  const sha256 = createHash("sha256").update(zip).digest("hex");
  const file = `assets/${sha256}.zip`;
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: {
      AdminName: { Type: "String" },
      AdminEmail: { Type: "String", AllowedPattern: String.raw`[^@\s]+@[^@\s]+` },
      AssetBucket: { Type: "String" },
      MostTasks: { Type: "Number", Default: 100, MinValue: 0 },
    },
    Resources: resources,
    Outputs: {
      SolutionVersion: { Value: version },
      ...Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
    },
  };
  const assets = { schema: "loadfleet.assets.v1", version, assets: [{ name: "api", file, sha256 }] };
  writeFileSync(join(place, file), zip);
  writeFileSync(join(place, "template.json"), JSON.stringify(template));
  writeFileSync(join(place, "assets.json"), JSON.stringify(assets));
  return readStackAssets(place);
}

/** A bucket that keeps versions. */
export const bucket: Resource = {
  Type: "AWS::S3::Bucket",
  Properties: { VersioningConfiguration: { Status: "Enabled" } },
};

/** A table with this key; another key makes another table. */
export function table(key: string): Resource {
  return {
    Type: "AWS::DynamoDB::Table",
    Properties: {
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
    },
  };
}

/** A parameter of Systems Manager; a second one of the same name cannot be made. */
export function setting(Name: string, Value: string, DependsOn?: string): Resource {
  const made = { Type: "AWS::SSM::Parameter", Properties: { Name, Type: "String", Value } };
  return DependsOn === undefined ? made : { ...made, DependsOn };
}
