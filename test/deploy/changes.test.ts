import type { Change } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { decodeChanges } from "../../src/deploy/changes.ts";

/** One change as DescribeChangeSet answers it. */
function change(resource: NonNullable<Change["ResourceChange"]>): Change {
  return { Type: "Resource", ResourceChange: { LogicalResourceId: "It", ...resource } };
}

describe("the changes of a change set", () => {
  it.each<[string, NonNullable<Change["ResourceChange"]>, object]>([
    ["an addition", { Action: "Add", ResourceType: "AWS::DynamoDB::Table" }, { kind: "add", loses: undefined }],
    [
      "a change in place",
      {
        Action: "Modify",
        Replacement: "False",
        ResourceType: "AWS::DynamoDB::Table",
        Scope: ["Properties", "Tags"],
        Details: [
          { Target: { Attribute: "Properties", Name: "TimeToLiveSpecification" } },
          { Target: { Attribute: "Properties", Name: "TimeToLiveSpecification" } },
          { Target: { Attribute: "Tags" } },
        ],
      },
      { kind: "change", properties: ["Tags", "TimeToLiveSpecification"], loses: undefined },
    ],
    [
      "a replacement of a table",
      { Action: "Modify", Replacement: "True", ResourceType: "AWS::DynamoDB::Table" },
      { kind: "replace", loses: "all runs and tests" },
    ],
    [
      "a replacement of a table that is kept aside, which the stack does not see any more",
      { Action: "Modify", Replacement: "True", PolicyAction: "ReplaceAndRetain", ResourceType: "AWS::DynamoDB::Table" },
      { kind: "replace", loses: "all runs and tests" },
    ],
    [
      "a replacement that depends on what other resources become",
      { Action: "Modify", Replacement: "Conditional", ResourceType: "AWS::Cognito::UserPool" },
      { kind: "perhaps-replace", loses: "all users" },
    ],
    [
      "a replacement of what holds nothing",
      { Action: "Modify", Replacement: "True", ResourceType: "AWS::Lambda::Permission" },
      { kind: "replace", loses: undefined },
    ],
    [
      "a removal of a bucket",
      { Action: "Remove", PolicyAction: "Delete", ResourceType: "AWS::S3::Bucket" },
      { kind: "remove", loses: "all files in it" },
    ],
    [
      "a removal of a bucket that is kept",
      { Action: "Remove", PolicyAction: "Retain", ResourceType: "AWS::S3::Bucket" },
      { kind: "remove", loses: undefined },
    ],
  ])("tells %s", (_name, resource, expected) => {
    expect(decodeChanges([change(resource)])).toMatchObject([expected]);
  });

  it("puts what loses data first, then what is replaced or removed, then the rest by name", () => {
    const changes = [
      change({ Action: "Add", LogicalResourceId: "B", ResourceType: "AWS::S3::Bucket" }),
      change({ Action: "Add", LogicalResourceId: "A", ResourceType: "AWS::S3::Bucket" }),
      change({ Action: "Modify", Replacement: "True", LogicalResourceId: "R", ResourceType: "AWS::IAM::Role" }),
      change({ Action: "Remove", LogicalResourceId: "Users", ResourceType: "AWS::Cognito::UserPool" }),
    ];
    expect(decodeChanges(changes).map(({ logicalId }) => logicalId)).toEqual(["Users", "R", "A", "B"]);
  });
});
