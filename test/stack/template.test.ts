import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeCaps } from "../../src/core/stack/caps.ts";
import { functionNames, stackOutputs, stackParameters, stackTag } from "../../src/core/stack/names.ts";
import { objectsIn, readTemplate, resource, resourcesOf, templatePath } from "./readTemplate.ts";

const template = readTemplate();

describe("the template", () => {
  it("has about 90 resources, and is small enough for CloudFormation", () => {
    const count = Object.keys(template.Resources).length;
    const { size } = statSync(templatePath);
    console.log(`${count} resources, ${Math.round(size / 1024)} KB`);
    expect(count).toBeGreaterThanOrEqual(75);
    expect(count).toBeLessThanOrEqual(110);
    // Limit of a template in S3; one in the request itself may have 51,200 bytes.
    expect(size).toBeLessThan(1_000_000);
  });

  it("takes the parameters and gives the outputs that the other parts know", () => {
    expect(new Set(Object.keys(template.Parameters))).toEqual(new Set(Object.values(stackParameters)));
    expect(new Set(Object.keys(template.Outputs))).toEqual(new Set(Object.values(stackOutputs)));
  });

  it("has the defaults of version 1.2, and asks for the administrator and the files' bucket only", () => {
    const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default] as const);
    expect(defaults.filter(([, value]) => value === undefined).map(([name]) => name)).toEqual([
      "AdminName",
      "AdminEmail",
      "AssetBucket",
    ]);
    expect(Object.fromEntries(defaults)).toMatchObject({
      VpcCidr: "192.168.0.0/16",
      SubnetACidr: "192.168.0.0/20",
      SubnetBCidr: "192.168.16.0/20",
      EgressCidr: "0.0.0.0/0",
      Architecture: "arm64",
    });
  });

  it("sends no operational metrics unless the owner edits the mapping and names an endpoint", () => {
    expect(template.Mappings).toEqual({ AnonymousData: { SendAnonymousData: { Data: "No" } } });
    expect(template.Conditions["SendsUsage"]).toEqual({
      "Fn::And": [
        { "Fn::Equals": [{ "Fn::FindInMap": ["AnonymousData", "SendAnonymousData", "Data"] }, "Yes"] },
        { "Fn::Not": [{ "Fn::Equals": [{ Ref: "UsageMetricsEndpoint" }, ""] }] },
      ],
    });
  });

  it("changes nothing that belongs to the whole account or Region", () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    for (const type of [
      "AWS::ApiGateway::Account",
      "AWS::CDK::Metadata",
      "AWS::EC2::VPCDHCPOptionsAssociation",
      "AWS::ECR::RegistryPolicy",
      "AWS::IAM::ServiceLinkedRole",
      "AWS::Logs::ResourcePolicy",
      "AWS::S3::AccountPublicAccessBlock",
    ])
      expect(types).not.toContain(type);
    for (const [, { Properties }] of resourcesOf("AWS::Lambda::Function"))
      expect(Properties).not.toHaveProperty("ReservedConcurrentExecutions");
  });

  it("keeps the logical ids of what holds a person's data", () => {
    const stateful = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::ECR::Repository"];
    const ids = Object.entries(template.Resources).filter(([, { Type }]) => stateful.includes(Type));
    expect(ids.map(([id, { Type }]) => `${id} ${Type}`)).toMatchInlineSnapshot(`
      [
        "ScenariosBucket AWS::S3::Bucket",
        "ConsoleBucket AWS::S3::Bucket",
        "PipelineBucket AWS::S3::Bucket",
        "Table AWS::DynamoDB::Table",
        "Repository AWS::ECR::Repository",
        "UserPool AWS::Cognito::UserPool",
      ]
    `);
  });

  it("loses no data to a replacement, and leaves nothing behind when it is destroyed", () => {
    for (const id of ["Table", "ScenariosBucket", "UserPool"])
      expect(resource(id)).toMatchObject({ DeletionPolicy: "Delete", UpdateReplacePolicy: "Retain" });
    for (const [id, { DeletionPolicy }] of Object.entries(template.Resources))
      expect([undefined, "Delete"], id).toContain(DeletionPolicy);
    expect(resource("Repository").Properties["EmptyOnDelete"]).toBe(true);
  });

  it("deletes its logs with it, and keeps them as long as the owner says", () => {
    const groups = resourcesOf("AWS::Logs::LogGroup");
    expect(groups.length).toBeGreaterThanOrEqual(functionNames.length + 4);
    for (const [id, { DeletionPolicy, Properties }] of groups) {
      expect(DeletionPolicy, id).toBe("Delete");
      expect(Properties["RetentionInDays"], id).toEqual({ Ref: "LogRetentionDays" });
    }
  });

  it("tags everything that can be tagged", () => {
    const tag = { Key: stackTag, Value: { Ref: "AWS::StackName" } };
    for (const type of [
      "AWS::DynamoDB::Table",
      "AWS::EC2::VPC",
      "AWS::ECR::Repository",
      "AWS::ECS::Cluster",
      "AWS::ECS::TaskDefinition",
      "AWS::IAM::Role",
      "AWS::Lambda::Function",
      "AWS::Logs::LogGroup",
      "AWS::S3::Bucket",
      "AWS::StepFunctions::StateMachine",
      "AWS::CloudFront::Distribution",
      "AWS::CodeBuild::Project",
      "AWS::CodePipeline::Pipeline",
      "AWS::ApiGateway::RestApi",
    ]) {
      expect(resourcesOf(type), type).not.toEqual([]);
      for (const [id, { Properties }] of resourcesOf(type)) expect(Properties["Tags"], id).toContainEqual(tag);
    }
    expect(resource("UserPool").Properties["UserPoolTags"]).toEqual({ [stackTag]: tag.Value });
  });

  it("names functions as version 1.2 does", () => {
    const names = resourcesOf("AWS::Lambda::Function").map(([, { Properties }]) => Properties["FunctionName"]);
    expect(names).toHaveLength(functionNames.length);
    for (const name of functionNames)
      expect(names).toContainEqual({ "Fn::Join": ["", [{ Ref: "AWS::StackName" }, `-${name}`]] });
  });
});

describe("the network", () => {
  it("is made only where none exists", () => {
    const ids = [
      "Vpc",
      "SubnetA",
      "SubnetB",
      "InternetGateway",
      "RouteTable",
      "InternetRoute",
      "S3Endpoint",
      "DynamoDbEndpoint",
    ];
    for (const id of ids) expect(resource(id).Condition, id).toBe("CreatesVpc");
    expect(resource("TaskSecurityGroup").Condition).toBe("CreatesSecurityGroup");
  });

  it("refers to a conditional resource only where its condition holds", () => {
    const conditional = Object.entries(template.Resources).filter(([, { Condition }]) => Condition !== undefined);
    const free = Object.values(template.Resources).filter(({ Condition }) => Condition === undefined);
    for (const [id] of conditional)
      for (const holder of free) expect(JSON.stringify(withoutConditions(holder))).not.toContain(`{"Ref":"${id}"}`);
  });

  it("has subnets in two zones, and gateway endpoints for S3 and DynamoDB", () => {
    expect(resource("SubnetA").Properties["AvailabilityZone"]).not.toEqual(
      resource("SubnetB").Properties["AvailabilityZone"],
    );
    for (const [id, service] of [
      ["S3Endpoint", "s3"],
      ["DynamoDbEndpoint", "dynamodb"],
    ] as const)
      expect(resource(id).Properties).toMatchObject({
        VpcEndpointType: "Gateway",
        ServiceName: { "Fn::Join": ["", ["com.amazonaws.", { Ref: "AWS::Region" }, `.${service}`]] },
        RouteTableIds: [{ Ref: "RouteTable" }],
      });
  });
});

describe("the owner's caps", () => {
  /** Evaluates the functions that the text is made of. */
  const evaluate = (value: unknown, parameters: Readonly<Record<string, string>>): string => {
    const [object] = objectsIn(value);
    if (!object) return String(value);
    const { Ref, "Fn::Join": join, "Fn::If": choice, "Fn::Select": selection } = object;
    if (typeof Ref === "string") return parameters[Ref] ?? "";
    if (Array.isArray(join)) {
      const [separator, parts] = join;
      if (Array.isArray(parts)) return parts.map((part) => evaluate(part, parameters)).join(String(separator));
      return evaluate(parts, parameters).split(",").join(String(separator));
    }
    if (Array.isArray(selection)) return evaluate(selection[1], parameters).split(",")[Number(selection[0])] ?? "";
    if (Array.isArray(choice)) {
      const [condition, then, otherwise] = choice;
      return evaluate(holds(template.Conditions[String(condition)], parameters) ? then : otherwise, parameters);
    }
    throw new Error(`Unknown function: ${JSON.stringify(object)}`);
  };
  const holds = (condition: unknown, parameters: Readonly<Record<string, string>>): boolean => {
    const [object = {}] = objectsIn(condition);
    const { "Fn::Not": not, "Fn::Equals": equals } = object;
    if (Array.isArray(not)) return !holds(not[0], parameters);
    if (Array.isArray(equals)) return evaluate(equals[0], parameters) === evaluate(equals[1], parameters);
    throw new Error(`Unknown condition: ${JSON.stringify(object)}`);
  };
  const defaults = Object.fromEntries(
    Object.entries(template.Parameters).map(([name, parameter]) => [name, `${parameter.Default ?? ""}`]),
  );
  const capsWith = (parameters: Readonly<Record<string, string>>) =>
    decodeCaps(evaluate(template.Outputs["Caps"]?.Value, { ...defaults, ...parameters }));

  it("are the limits of version 1.2 by default", () => {
    expect(capsWith({})).toEqual({
      mostTasks: 100,
      longestRunMs: 4 * 60 * 60 * 1000,
      mostCostPerRunUsd: null,
      mostCostPerMonthUsd: null,
      allowedTargets: [],
    });
  });

  it("are what the parameters say; 0 is no limit", () => {
    const caps = capsWith({
      MostTasks: "0",
      LongestRunMinutes: "0",
      MostCostPerRunUsd: "2.5",
      MostCostPerMonthUsd: "40",
      AllowedTargetHosts: "shop.example.com,*.test.example.com",
    });
    expect(caps).toEqual({
      mostTasks: null,
      longestRunMs: null,
      mostCostPerRunUsd: 2.5,
      mostCostPerMonthUsd: 40,
      allowedTargets: ["shop.example.com", "*.test.example.com"],
    });
  });

  it("reach the function that enforces them", () => {
    expect(resource("TaskRunnerFunction").Properties).toMatchObject({
      Environment: { Variables: { LOADFLEET_CAPS: template.Outputs["Caps"]?.Value } },
    });
  });
});

/** The value without what stands in an Fn::If. */
function withoutConditions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === "Fn::If" ? undefined : part)));
}
