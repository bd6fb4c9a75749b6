import { describe, expect, it } from "vitest";
import type { StackAssets } from "../../src/deploy/assets.ts";
import type { DeployedStack } from "../../src/deploy/deployedStack.ts";
import { chooseParameters } from "../../src/deploy/parameters.ts";

const assets: StackAssets = {
  version: "0.1.0",
  template: "{}",
  assets: [],
  parameters: {
    AdminName: { Type: "String" },
    AdminEmail: { Type: "String", AllowedPattern: String.raw`^[^@\s]+@[^@\s]+$` },
    AssetBucket: { Type: "String" },
    MostTasks: { Type: "Number", Default: 100, MinValue: 0, MaxValue: 5000 },
    AssignPublicIp: { Type: "String", Default: "true", AllowedValues: ["true", "false"] },
    AllowedTargetHosts: { Type: "CommaDelimitedList", Default: "", AllowedPattern: String.raw`^[\w.*-]*$` },
  },
};
const stack: DeployedStack = {
  name: "loadfleet",
  id: "arn",
  status: "UPDATE_COMPLETE",
  statusReason: undefined,
  isOurs: true,
  version: "0.1.0",
  outputs: {},
  parameters: { AdminName: "ada", AdminEmail: "ada@example.com", AssetBucket: "files", MostTasks: "50" },
  createdAtMs: 0,
  changedAtMs: 0,
  drift: "NOT_CHECKED",
};

describe("the parameters of a deployment", () => {
  it("are the given ones and the defaults on the first deployment, the administrator called as the address is", () => {
    const { input, changes } = chooseParameters(assets, { AdminEmail: "ada+x@example.com" }, undefined, "files");
    expect(input).toEqual([
      { ParameterKey: "AdminName", ParameterValue: "ada-x" },
      { ParameterKey: "AdminEmail", ParameterValue: "ada+x@example.com" },
      { ParameterKey: "AssetBucket", ParameterValue: "files" },
    ]);
    expect(changes).toEqual([]);
  });

  it("keep what the stack has on an update, and tell what becomes different or is new", () => {
    const { input, changes } = chooseParameters(assets, { MostTasks: "20" }, stack, "files");
    expect(input).toEqual([
      { ParameterKey: "AdminName", UsePreviousValue: true },
      { ParameterKey: "AdminEmail", UsePreviousValue: true },
      { ParameterKey: "AssetBucket", ParameterValue: "files" },
      { ParameterKey: "MostTasks", ParameterValue: "20" },
    ]);
    expect(changes).toEqual([
      { name: "MostTasks", from: "50", to: "20" },
      { name: "AssignPublicIp", from: undefined, to: "true" },
      { name: "AllowedTargetHosts", from: undefined, to: "" },
    ]);
  });

  it("say nothing of a value that stays the same", () => {
    expect(chooseParameters(assets, { MostTasks: "50" }, stack, "files").changes).not.toContainEqual(
      expect.objectContaining({ name: "MostTasks" }),
    );
  });

  it.each([
    [{ MostTasks: "many" }, 'The value "many" of the parameter MostTasks is no number.'],
    [{ MostTasks: "-1" }, 'The value "-1" of the parameter MostTasks is below 0.'],
    [{ MostTasks: "5001" }, 'The value "5001" of the parameter MostTasks is above 5000.'],
    [{ AssignPublicIp: "yes" }, 'The value "yes" of the parameter AssignPublicIp is none of true, false.'],
    [{ AdminEmail: "ada" }, 'The value "ada" of the parameter AdminEmail is not written as it must be.'],
    [
      { AllowedTargetHosts: "a.example.com, b/c" },
      'The value "a.example.com, b/c" of the parameter AllowedTargetHosts is not written as it must be.',
    ],
    [{ MostTask: "5" }, 'The stack has no parameter "MostTask" that can be chosen.'],
    [{ AssetBucket: "mine" }, 'The stack has no parameter "AssetBucket" that can be chosen.'],
  ])("refuse %j", (given, sentence) => {
    expect(() => chooseParameters(assets, given, stack, "files")).toThrow(sentence);
  });

  it("take a list of hosts", () => {
    const given = { AllowedTargetHosts: "a.example.com, *.b.example.com" };
    expect(chooseParameters(assets, given, stack, "files").changes).toContainEqual({
      name: "AllowedTargetHosts",
      from: undefined,
      to: given.AllowedTargetHosts,
    });
  });
});
