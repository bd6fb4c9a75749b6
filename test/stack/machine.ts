import type { Definition } from "../../stack/stateMachine.ts";

/** What a function of the state machine does when it is called: answers, or fails with an error of this name. */
export type Behaviour = (call: {
  readonly function: string;
  readonly payload: Message;
  /** How often this function was called before. */
  readonly nth: number;
}) => Message | { readonly failure: string };

/** What runs through the machine. */
export type Message = Readonly<Record<string, unknown>>;

/** How an execution went. */
export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED";
  /** States in the order in which they were entered. */
  readonly path: readonly string[];
  readonly calls: readonly { readonly function: string; readonly payload: Message }[];
  /** Events of the history as Step Functions counts them. */
  readonly events: number;
  readonly error?: { readonly Error: string; readonly Cause: string };
}

interface State {
  readonly Type: "Task" | "Choice" | "Wait" | "Pass" | "Succeed" | "Fail";
  readonly Next: string;
  readonly Parameters: { readonly FunctionName: string };
  readonly Retry: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ResultPath?: string | null;
  readonly Result: unknown;
  readonly Choices: readonly {
    readonly Variable: string;
    readonly StringEquals?: string;
    readonly IsPresent?: boolean;
    readonly Next: string;
  }[];
  readonly Default: string;
  readonly SecondsPath: string;
}

/**
 * Runs a definition by the rules of the Amazon States Language, as far as this machine uses it, and counts the events of
 * its history (developer guide of Step Functions, "Execution history event types"). Functions are named by their ARN.
 */
export function execute(definition: Definition, input: Message, behave: Behaviour): Execution {
  const states: Readonly<Record<string, State>> = JSON.parse(JSON.stringify(definition.States));
  const path: string[] = [];
  const calls: { function: string; payload: Message }[] = [];
  let events = 1;
  let message = input;
  let name = definition.StartAt;
  for (;;) {
    const state = states[name];
    if (!state) throw new Error(`There is no state ${name}.`);
    path.push(name);
    switch (state.Type) {
      case "Succeed":
        return { status: "SUCCEEDED", path, calls, events: events + 3 };
      case "Fail":
        return { status: "FAILED", path, calls, events: events + 2, error: errorOf(message) };
      case "Choice":
        events += 2;
        name = choose(state, message);
        break;
      case "Wait":
        if (typeof message[keyOf(state.SecondsPath)] !== "number") throw new Error(`${name} has nothing to wait for.`);
        events += 2;
        name = state.Next;
        break;
      case "Pass":
        events += 2;
        message = { ...message, [keyOf(state.ResultPath ?? "")]: state.Result };
        name = state.Next;
        break;
      case "Task": {
        const outcome = perform(state, message, calls, behave);
        events += 2 + 3 * outcome.attempts;
        if (outcome.failure === undefined) {
          message = state.ResultPath === null ? message : outcome.message;
          name = state.Next;
          break;
        }
        const error = { Error: outcome.failure, Cause: "{}" };
        const [caught] = state.Catch ?? [];
        if (!caught) return { status: "FAILED", path, calls, events, error };
        message = { ...message, error };
        name = caught.Next;
      }
    }
  }
}

interface Performed {
  readonly attempts: number;
  readonly message: Message;
  readonly failure?: string;
}

function perform(
  state: State,
  message: Message,
  calls: { function: string; payload: Message }[],
  behave: Behaviour,
): Performed {
  const called = state.Parameters.FunctionName;
  const retried = new Map<object, number>();
  for (let attempts = 1; ; attempts++) {
    const nth = calls.filter((call) => call.function === called).length;
    calls.push({ function: called, payload: message });
    const answer = behave({ function: called, payload: message, nth });
    if (typeof answer["failure"] !== "string") return { attempts, message: answer };
    const failure = answer["failure"];
    const retrier = state.Retry.find(
      ({ ErrorEquals }) => ErrorEquals.includes(failure) || ErrorEquals.includes("States.ALL"),
    );
    const before = retrier ? (retried.get(retrier) ?? 0) : 0;
    if (!retrier || before >= retrier.MaxAttempts) return { attempts, message, failure };
    retried.set(retrier, before + 1);
  }
}

function choose(state: State, message: Message): string {
  const chosen = state.Choices.find(({ Variable, StringEquals, IsPresent }) => {
    const key = keyOf(Variable);
    if (IsPresent !== undefined) return key in message === IsPresent;
    // Step Functions fails an execution that compares what is not there.
    if (!(key in message)) throw new Error(`${Variable} is not there.`);
    return message[key] === StringEquals;
  });
  return chosen?.Next ?? state.Default;
}

function keyOf(path: string): string {
  if (!/^\$\.\w+$/.test(path)) throw new Error(`The path ${path} is more than this machine knows.`);
  return path.slice(2);
}

function errorOf(message: Message): { readonly Error: string; readonly Cause: string } {
  const { error } = message;
  if (typeof error !== "object" || error === null || !("Error" in error) || !("Cause" in error))
    throw new Error("The execution fails without an error.");
  return { Error: String(error.Error), Cause: String(error.Cause) };
}
