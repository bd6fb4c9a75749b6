import { describe, expect, it } from "vitest";
import { stateMachineDefinition, stepFunctionNames } from "../../stack/stateMachine.ts";
import { execute, type Behaviour, type Message } from "./machine.ts";

const definition = stateMachineDefinition("aws", (name) => name);
const input = {
  testId: "shop",
  runId: "run",
  taskCount: 3,
  testType: "simple",
  fileType: "none",
  prefix: "run",
};
const minutes = 60;
const invocationMinutes = 10;

/** A run of this length in which nothing goes wrong. */
function healthy(options: { readonly runMinutes?: number; readonly imageWaits?: number } = {}): Behaviour {
  const watches = Math.ceil((options.runMinutes ?? 20) / invocationMinutes);
  return ({ function: name, payload, nth }) => {
    switch (name) {
      case "ecr-checker":
        return nth < (options.imageWaits ?? 0)
          ? { ...input, next: "wait", waitSeconds: 60 }
          : { ...input, next: "start" };
      case "task-runner":
        return { ...input, next: "watch" };
      case "task-status-checker":
        if (payload["phase"] === "before") return { ...input, next: "start" };
        return { ...input, next: nth < watches ? "watch" : "collect" };
      case "results-parser":
        return { ...input, next: "end" };
      default:
        return { ...input, next: "end" };
    }
  };
}

/** Fails in a function as often as said, and is healthy otherwise. */
function failing(name: string, failure: string, times = Infinity): Behaviour {
  const rest = healthy();
  let failures = 0;
  return (call) => (call.function === name && failures++ < times ? { failure } : rest(call));
}

function callsOf(behave: Behaviour): readonly string[] {
  return execute(definition, input, behave).calls.map((call) => call.function);
}

describe("the way of a run", () => {
  it("passes every function in the order of the implementation guide", () => {
    const { status, calls } = execute(definition, input, healthy({ runMinutes: 20 }));
    expect(status).toBe("SUCCEEDED");
    expect(calls.map((call) => call.function)).toEqual([
      "ecr-checker",
      "task-status-checker",
      "task-runner",
      "task-status-checker",
      "task-status-checker",
      "results-parser",
      "run-closer",
    ]);
  });

  it("asks for tasks of the same test before it starts any", () => {
    const { calls } = execute(definition, input, healthy());
    expect(calls[1]).toEqual({
      function: "task-status-checker",
      payload: { ...input, next: "start", phase: "before" },
    });
    expect(calls[3]?.payload).toEqual({ ...input, next: "watch" });
  });

  it("waits a minute at a time while the image is being built", () => {
    const { status, path } = execute(definition, input, healthy({ imageWaits: 3 }));
    expect(status).toBe("SUCCEEDED");
    expect(path.slice(0, 5)).toEqual(["Check the image", "Is the image there?", "Wait", "Go on", "Check the image"]);
    expect(path.filter((state) => state === "Wait")).toHaveLength(3);
  });

  it("ends a run that was stopped while the image was being built", () => {
    const calls = callsOf((call) => (call.function === "ecr-checker" ? { ...input, next: "end" } : healthy()(call)));
    expect(calls).toEqual(["ecr-checker", "run-closer"]);
  });

  it("calls task-runner again while tasks are left to start", () => {
    const calls = callsOf((call) =>
      call.function === "task-runner" && call.nth < 2 ? { ...input, next: "start" } : healthy()(call),
    );
    expect(calls.filter((name) => name === "task-runner")).toHaveLength(3);
  });

  it.each(["start", "watch", "collect", "close"])(
    "waits before it goes on with %s when a function asks for it",
    (next) => {
      const { status, path } = execute(definition, input, (call) =>
        call.function === "task-runner" && call.nth === 0 ? { ...input, next, waitSeconds: 5 } : healthy()(call),
      );
      expect(status).toBe("SUCCEEDED");
      expect(path.slice(path.indexOf("Wait"), path.indexOf("Wait") + 2)).toEqual(["Wait", "Go on"]);
    },
  );

  it("leaves out what is not needed when the last step is done early", () => {
    const calls = callsOf((call) => (call.function === "task-runner" ? { ...input, next: "end" } : healthy()(call)));
    expect(calls.slice(-2)).toEqual(["task-runner", "run-closer"]);
  });

  it("closes a run whose function answers with a step that does not exist", () => {
    const { status, calls, error } = execute(definition, input, (call) =>
      call.function === "task-runner" ? { ...input, next: "dance" } : healthy()(call),
    );
    expect(status).toBe("FAILED");
    expect(error?.Cause).toBe("A function answered with a step that does not exist.");
    expect(calls.at(-1)?.function).toBe("run-closer");
  });
});

describe("failures", () => {
  const steps = stepFunctionNames.map((name) => [name] as const);

  it.each(steps)("goes on when %s fails once", (name) => {
    const { status } = execute(definition, input, failing(name, "TypeError", 1));
    expect(status).toBe("SUCCEEDED");
  });

  it.each(steps.filter(([name]) => name !== "run-closer"))("closes the run when %s fails for ever", (name) => {
    const { status, calls, error } = execute(definition, input, failing(name, "TypeError"));
    expect(status).toBe("FAILED");
    expect(error?.Error).toBe("TypeError");
    expect(calls.filter((call) => call.function === name)).toHaveLength(4);
    expect(calls.at(-1)).toMatchObject({
      function: "run-closer",
      payload: { runId: "run", error: { Error: "TypeError" } },
    });
  });

  it.each(steps)("does not repeat what %s refuses with a sentence", (name) => {
    const { calls } = execute(definition, input, failing(name, "UserError", 1));
    const last = calls.filter((call) => call.function === name);
    expect(last).toHaveLength(name === "run-closer" ? 2 : 1);
  });

  it("tries for minutes while all functions of the account are busy", () => {
    const { status, calls } = execute(definition, input, failing("task-runner", "Lambda.TooManyRequestsException", 8));
    expect(status).toBe("SUCCEEDED");
    expect(calls.filter((call) => call.function === "task-runner")).toHaveLength(9);
  });

  it("fails when run-closer fails for ever, so that the rule on ended executions calls it again", () => {
    const { status, path } = execute(definition, input, failing("run-closer", "TypeError"));
    expect(status).toBe("FAILED");
    expect(path.at(-1)).toBe("Close the failed run");
  });
});

describe("history", () => {
  // Step Functions ends an execution of 25,000 events; the goal leaves room for retries.
  it.each([
    ["1 h", 1],
    ["4 h", 4],
    ["24 h", 24],
    ["7 days", 7 * 24],
  ])("stays within 10,000 events in a run of %s", (name, hours) => {
    const { status, events } = execute(definition, input, healthy({ runMinutes: hours * minutes, imageWaits: 30 }));
    console.log(`${name}: ${events} events`);
    expect(status).toBe("SUCCEEDED");
    expect(events).toBeLessThanOrEqual(10_000);
  });

  it("outlives the longest run", () => {
    expect(definition.TimeoutSeconds).toBeGreaterThan(7 * 24 * 60 * 60 + 30 * 60);
  });
});

it("gives every state a way in, and names none that is missing", () => {
  const named = JSON.stringify(definition).matchAll(/"(?:Next|Default|StartAt)":"([^"]+)"/g);
  const reached = new Set([...named].map(([, state]) => state));
  expect(reached).toEqual(new Set(Object.keys(definition.States)));
});

it("carries ids only", () => {
  const { calls } = execute(definition, input, healthy());
  const keys = new Set(calls.flatMap(({ payload }: { payload: Message }) => Object.keys(payload)));
  expect(keys).toEqual(new Set([...Object.keys(input), "next", "phase"]));
});
