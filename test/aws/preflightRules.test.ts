import { describe, expect, it } from "vitest";
import {
  demandOf,
  judgeAddresses,
  judgeSecrets,
  judgeTargets,
  judgeVcpus,
  judgeVersion,
} from "../../src/aws/preflightRules.ts";
import type { Stack } from "../../src/aws/stack.ts";
import { makePlan } from "../fleet/records.ts";

const stack: Stack = {
  name: "loadfleet",
  region: "eu-west-1",
  status: "CREATE_COMPLETE",
  version: "1.4.2",
  table: "table",
  bucket: "bucket",
  stateMachine: "arn:aws:states:eu-west-1:000000000000:stateMachine:m",
  cluster: "arn:aws:ecs:eu-west-1:000000000000:cluster/loadfleet",
  taskDefinition: "arn:aws:ecs:eu-west-1:000000000000:task-definition/loadfleet:3",
  repository: "repository",
  buildProject: "build",
  logGroup: "/loadfleet/loadfleet/tasks",
  architecture: "arm64",
  caps: { mostTasks: null, longestRunMs: null, mostCostPerRunUsd: null, mostCostPerMonthUsd: null, allowedTargets: [] },
  subnets: [],
  hasPublicIp: true,
};

describe("the version of a stack", () => {
  it.each([
    ["1.4.0", "ok", 'The stack "loadfleet" is of version 1.4.2.'],
    ["1.3.9", "error", 'The stack "loadfleet" is of version 1.4.2, newer than this Loadfleet (1.3.9).'],
    ["1.5.0", "error", 'The stack "loadfleet" is of version 1.4.2, older than this Loadfleet (1.5.0).'],
    ["2.0.0", "error", 'The stack "loadfleet" is of version 1.4.2, older than this Loadfleet (2.0.0).'],
  ])("goes with that of the tool (%s): %s", (tool, severity, message) => {
    expect(judgeVersion(stack, tool)).toMatchObject({ severity, message });
  });

  it("is told with a warning while the stack is being changed", () => {
    expect(judgeVersion({ ...stack, status: "UPDATE_IN_PROGRESS" }, "1.4.2")).toMatchObject({
      severity: "warning",
      message: 'The stack "loadfleet" is being changed at this moment (UPDATE_IN_PROGRESS).',
    });
  });
});

describe("the vCPUs that a plan wants", () => {
  const demand = { tasks: 10, vcpu: 20, isSpot: false };

  it("are those of the scenario's size, or of the task definition", () => {
    const plan = makePlan({ tasks: 3 });
    const { settings } = plan.scenario;
    const large = { ...plan.scenario, settings: { ...settings, size: { vcpu: 4, memoryGiB: 8 }, isSpot: true } };
    expect(demandOf(plan)).toEqual({ tasks: 3, vcpu: 6, isSpot: false });
    expect(demandOf({ ...plan, scenario: large })).toEqual({ tasks: 3, vcpu: 12, isSpot: true });
  });

  it("are refused above the quota, with what to do", () => {
    expect(() => judgeVcpus(demand, { limit: 6, inUse: 0 }, "eu-west-1")).toThrow(
      expect.objectContaining({
        code: "vcpu-quota",
        message: "The 10 tasks want 20 vCPUs, and the account may run 6 Fargate On-Demand vCPUs in eu-west-1.",
        hint: 'Ask for more of the quota "Fargate On-Demand vCPU resource count" in Service Quotas, or use fewer or smaller tasks.',
      }),
    );
  });

  it("are doubtful when others use them at the moment", () => {
    expect(judgeVcpus({ ...demand, isSpot: true }, { limit: 30, inUse: 16 }, "eu-west-1")).toMatchObject({
      severity: "warning",
      message:
        "The 10 tasks want 20 vCPUs; 16 of 30 Fargate Spot vCPUs in eu-west-1 are in use, so some of them may not start.",
    });
  });

  it.each([
    [10, "The 10 tasks want 20 vCPUs of 30 Fargate On-Demand vCPUs in eu-west-1, 10 of them in use."],
    [null, "The 10 tasks want 20 vCPUs of 30 Fargate On-Demand vCPUs in eu-west-1."],
  ])("are there with %s in use", (inUse, message) => {
    expect(judgeVcpus(demand, { limit: 30, inUse }, "eu-west-1")).toMatchObject({ severity: "ok", message });
  });
});

describe("the free addresses of the subnets", () => {
  const subnets = [
    { id: "subnet-a", free: 4 },
    { id: "subnet-b", free: 5 },
  ];

  it("are counted together", () => {
    expect(judgeAddresses({ tasks: 9, vcpu: 18, isSpot: false }, subnets)).toMatchObject({
      severity: "ok",
      message: "The subnets subnet-a, subnet-b have 9 free addresses.",
    });
  });

  it("refuse more tasks than there are", () => {
    expect(() => judgeAddresses({ tasks: 10, vcpu: 20, isSpot: false }, subnets)).toThrow(
      "The subnets subnet-a, subnet-b have 9 free addresses, and the run wants 10.",
    );
  });

  it("are not known of a stack that does not tell its subnets", () => {
    expect(judgeAddresses({ tasks: 1, vcpu: 2, isSpot: false }, []).severity).toBe("warning");
  });
});

it("refuses secrets that only this machine has", () => {
  const secrets = { TOKEN: "env:TOKEN", KEY: "ssm:/loadfleet/key" };
  expect(judgeSecrets({ secrets }).map(({ severity, message }) => [severity, message])).toEqual([
    ["error", "The secret TOKEN is kept in this machine's environment (env:TOKEN), where tasks in AWS cannot read it."],
  ]);
});

it.each([
  ["127.0.0.1", 1],
  ["localhost", 1],
  ["[::1]", 1],
  ["shop.example.com", 0],
  ["127.example.com", 0],
])("warns of a target that would be the task itself: %s", (host, warnings) => {
  expect(judgeTargets([host])).toHaveLength(warnings);
});
