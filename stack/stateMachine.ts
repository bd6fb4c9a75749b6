/** A state of the Amazon States Language. */
export type State = Readonly<Record<string, unknown>>;

/** A state machine in the Amazon States Language. */
export interface Definition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** The functions that a run passes through. */
export const stepFunctionNames = [
  "ecr-checker",
  "task-runner",
  "task-status-checker",
  "results-parser",
  "run-closer",
] as const;
export type StepFunctionName = (typeof stepFunctionNames)[number];

// The longest run is a week; its execution has to outlive it.
const timeoutSeconds = 8 * 24 * 60 * 60;
// A little more than the functions' own limit.
const functionTimeoutSeconds = 960;

const jitter = { JitterStrategy: "FULL" };
const troubles = [
  "Lambda.AWSLambdaException",
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.SdkClientException",
  "Lambda.ServiceException",
  "Lambda.TooManyRequestsException",
];

/** State that each value of a message's `next` leads to; `wait` asks for the image again. */
const routes = {
  wait: "Check the image",
  start: "Start tasks",
  watch: "Watch the run",
  collect: "Collect results",
  close: "Collect results",
  end: "Close the run",
} as const;

/**
 * The way of a run through the functions: each takes the message, does a step that may be repeated, and answers with the
 * message and what comes next. Whatever fails for good leads to run-closer, so that the run is closed with a sentence.
 */
export function stateMachineDefinition(partition: string, arnOf: (name: StepFunctionName) => string): Definition {
  const call = (name: StepFunctionName, next: string) => callFunction(partition, arnOf(name), next);
  return {
    Comment: "One run of Loadfleet. Messages hold ids only; what is true about the run stands in the table.",
    StartAt: "Check the image",
    TimeoutSeconds: timeoutSeconds,
    States: {
      "Check the image": call("ecr-checker", "Is the image there?"),
      "Is the image there?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.next", StringEquals: "wait", Next: "Wait" },
          { Variable: "$.next", StringEquals: "start", Next: "Ask for other tasks" },
        ],
        Default: "What next?",
      },
      "Ask for other tasks": {
        Type: "Pass",
        Result: "before",
        ResultPath: "$.phase",
        Next: "Check for other tasks",
      },
      "Check for other tasks": call("task-status-checker", "What next?"),
      "Start tasks": call("task-runner", "What next?"),
      "Watch the run": call("task-status-checker", "What next?"),
      "Collect results": call("results-parser", "What next?"),
      "What next?": {
        Type: "Choice",
        Choices: [{ Variable: "$.waitSeconds", IsPresent: true, Next: "Wait" }, ...routeChoices()],
        Default: "Unknown step",
      },
      Wait: { Type: "Wait", SecondsPath: "$.waitSeconds", Next: "Go on" },
      "Go on": { Type: "Choice", Choices: routeChoices(), Default: "Unknown step" },
      "Unknown step": {
        Type: "Pass",
        Result: { Error: "UnknownStep", Cause: "A function answered with a step that does not exist." },
        ResultPath: "$.error",
        Next: "Close the failed run",
      },
      "Close the run": call("run-closer", "Run closed"),
      "Run closed": { Type: "Succeed" },
      // Without a way out of its own: the rule on ended executions calls run-closer again.
      "Close the failed run": {
        ...invoke(partition, arnOf("run-closer")),
        ResultPath: null,
        Next: "Run failed",
      },
      "Run failed": { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" },
    },
  };
}

function routeChoices(): readonly State[] {
  return Object.entries(routes).map(([value, state]) => ({
    Variable: "$.next",
    StringEquals: value,
    Next: state,
  }));
}

function callFunction(partition: string, functionArn: string, next: string): State {
  return {
    ...invoke(partition, functionArn),
    OutputPath: "$.Payload",
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Close the failed run" }],
    Next: next,
  };
}

function invoke(partition: string, functionArn: string): State {
  return {
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: functionArn, "Payload.$": "$" },
    TimeoutSeconds: functionTimeoutSeconds,
    Retry: [
      // What a person has to settle does not settle itself.
      { ErrorEquals: ["UserError"], MaxAttempts: 0 },
      // Lambda's own troubles, above all an account whose functions are all busy.
      { ErrorEquals: troubles, IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 8, MaxDelaySeconds: 60, ...jitter },
      { ErrorEquals: ["States.ALL"], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3, ...jitter },
    ],
  };
}
