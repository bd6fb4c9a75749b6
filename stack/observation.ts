import { Aws, type Stack } from "aws-cdk-lib";
import { CfnDashboard } from "aws-cdk-lib/aws-cloudwatch";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnPermission, type CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { metrics } from "../src/core/stack/names.ts";
import type { Fleet } from "./fleet.ts";

/** Adds what calls run-closer when something ended without it: a task, an execution, or nothing at all for an hour. */
export function addRules(stack: Stack, closer: CfnFunction, fleet: Fleet, machine: CfnStateMachine): void {
  const call = (id: string, description: string, trigger: object) => {
    const rule = new CfnRule(stack, id, {
      description,
      ...trigger,
      targets: [{ id: "run-closer", arn: closer.attrArn }],
    });
    new CfnPermission(stack, `${id}MayCall`, {
      action: "lambda:InvokeFunction",
      functionName: closer.ref,
      principal: "events.amazonaws.com",
      sourceArn: rule.attrArn,
    });
  };
  call("TaskStopped", "A task of the cluster has stopped.", {
    eventPattern: {
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: { clusterArn: [fleet.cluster.attrArn], lastStatus: ["STOPPED"] },
    },
  });
  call("ExecutionEnded", "An execution of the state machine has ended.", {
    eventPattern: {
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: { stateMachineArn: [machine.ref], status: ["ABORTED", "FAILED", "SUCCEEDED", "TIMED_OUT"] },
    },
  });
  call("HourlySweep", "Closes runs that nothing drives any more.", { scheduleExpression: "rate(1 hour)" });
}

/** Adds the dashboard: load, answers and errors of every test, processor and memory of the tasks. */
export function addDashboard(stack: Stack, fleet: Fleet): void {
  const widgets = [
    ofTests("Users", [{ metric: metrics.users, stat: "Maximum" }]),
    ofTests("Requests per second", [{ metric: metrics.requestsPerSecond, stat: "Average" }]),
    ofTests("Response time in ms", [
      { metric: metrics.responseTime, stat: "Average" },
      { metric: metrics.responseTime, stat: "p95" },
    ]),
    ofTests("Errors a minute", [{ metric: metrics.errors, stat: "Sum" }]),
    ofTasks("Processor of the tasks in %", "Cpu", fleet),
    ofTasks("Memory of the tasks in %", "Memory", fleet),
  ];
  new CfnDashboard(stack, "Dashboard", {
    dashboardName: `${Aws.STACK_NAME}-${Aws.REGION}`,
    dashboardBody: stack.toJsonString({
      widgets: widgets.map((widget, index) => ({
        type: "metric",
        width: 12,
        height: 6,
        x: (index % 2) * 12,
        y: Math.floor(index / 2) * 6,
        properties: { region: Aws.REGION, view: "timeSeries", stacked: false, period: 60, ...widget },
      })),
    }),
  });
}

function ofTests(title: string, shown: readonly { readonly metric: string; readonly stat: string }[]): object {
  const search = (metric: string, stat: string) =>
    `SEARCH('{${metrics.namespace},${metrics.dimension}} MetricName="${metric}"', '${stat}', 60)`;
  return {
    title,
    metrics: shown.map(({ metric, stat }, index) => [
      { expression: search(metric, stat), id: `s${index}`, label: `\${PROP('Dim.${metrics.dimension}')} ${stat}` },
    ]),
  };
}

function ofTasks(title: string, kind: "Cpu" | "Memory", { cluster }: Fleet): object {
  const metric = (name: string, id: string) => [
    "ECS/ContainerInsights",
    `${kind}${name}`,
    "ClusterName",
    cluster.ref,
    { id, visible: false, stat: "Sum" },
  ];
  return {
    title,
    metrics: [
      [{ expression: "100 * used / reserved", id: "share", label: kind === "Cpu" ? "vCPU" : "Memory" }],
      metric("Utilized", "used"),
      metric("Reserved", "reserved"),
    ],
    yAxis: { left: { min: 0, max: 100 } },
  };
}
