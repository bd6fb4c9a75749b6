import { describe, expect, it } from "vitest";
import { decodeStack } from "../../src/aws/stack.ts";
import { stackOutputs } from "../../src/core/stack/names.ts";

const caps = JSON.stringify({
  mostTasks: 100,
  longestRunMinutes: 240,
  mostCostPerRunUsd: null,
  mostCostPerMonthUsd: null,
  allowedTargets: [],
});

const outputs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(stackOutputs).map((name) => [name, `value-of-${name}`])),
  [stackOutputs.caps]: caps,
  [stackOutputs.architecture]: "x86_64",
  [stackOutputs.subnets]: "subnet-a,subnet-b",
};

function described(status: string, values = outputs, publicIp = "true") {
  return {
    StackStatus: status,
    Outputs: Object.entries(values).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    Parameters: [{ ParameterKey: "AssignPublicIp", ParameterValue: publicIp }],
  };
}

describe("a described stack", () => {
  it("is read from its outputs and parameters", () => {
    expect(decodeStack(described("UPDATE_COMPLETE"), "loadfleet", "eu-west-1")).toMatchObject({
      name: "loadfleet",
      region: "eu-west-1",
      bucket: "value-of-ScenariosBucketName",
      architecture: "x86_64",
      caps: { mostTasks: 100, longestRunMs: 4 * 3_600_000 },
      subnets: ["subnet-a", "subnet-b"],
      hasPublicIp: true,
    });
  });

  it("tells whether tasks have public addresses", () => {
    expect(decodeStack(described("CREATE_COMPLETE", outputs, "false"), "loadfleet", "eu-west-1").hasPublicIp).toBe(
      false,
    );
  });

  it.each(["CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED"])(
    "cannot be used while it is %s",
    (status) => {
      expect(() => decodeStack(described(status), "loadfleet", "eu-west-1")).toThrow(
        `The stack "loadfleet" in eu-west-1 cannot be used: it is ${status}.`,
      );
    },
  );

  it.each(["CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"])(
    "can be used when it is %s",
    (status) => {
      expect(decodeStack(described(status), "loadfleet", "eu-west-1").status).toBe(status);
    },
  );

  it("is refused when it belongs to somebody else", () => {
    const { [stackOutputs.table]: _, ...others } = outputs;
    expect(() => decodeStack(described("CREATE_COMPLETE", others), "web", "eu-west-1")).toThrow(
      'The stack "web" in eu-west-1 is none of Loadfleet\'s: it has no output TableName.',
    );
  });
});
