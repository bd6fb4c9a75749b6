import { UserError, errorMessage } from "../core/errors.ts";

/** What Lambda tells a handler of its invocation, as far as it is used here. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** What an invocation may use: how long it may still go on, and a signal that ends what it waits for in time. */
export interface Invocation {
  readonly remainingMs: () => number;
  readonly signal: AbortSignal;
}

/** What the one line that an invocation logs says of it: ids and decisions, never what a scenario or a secret holds. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Kept back of an invocation's time, so that what it waits for ends before Lambda ends it. */
const reservedMs = 10_000;

/**
 * Makes a function's handler: decodes the event, does the work, and logs one line of JSON, whatever comes of it.
 * @param name the function's name in the line
 */
export function makeHandler<Event, Answer>(
  name: string,
  decode: (event: unknown) => Event,
  act: (event: Event, invocation: Invocation) => Promise<Answer>,
  describe: (event: Event, answer: Answer | undefined) => LogFields,
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): (event: unknown, context: InvocationContext) => Promise<Answer> {
  return async (raw, context) => {
    const startedMs = performance.now();
    const log = (fields: LogFields): void =>
      write(JSON.stringify({ function: name, ms: Math.round(performance.now() - startedMs), ...fields }));
    const limit = new AbortController();
    const remainingMs = (): number => context.getRemainingTimeInMillis() - reservedMs;
    const timer = setTimeout(() => limit.abort(timeIsUp(name)), Math.max(0, remainingMs()));
    let event: Event | undefined;
    try {
      event = decode(raw);
      const given = await act(event, { remainingMs, signal: limit.signal });
      log(describe(event, given));
      return given;
    } catch (error) {
      const { code, message } = errorMessage(error);
      log({ ...(event === undefined ? {} : describe(event, undefined)), error: code, message });
      throw retryable(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

const transientCodes: ReadonlySet<string> = new Set(["aws-throttled", "aws-unreachable", "aws-failed"]);

/** An expected failure is final for the state machine, unless AWS may answer better the next time. */
function retryable(error: unknown): unknown {
  if (!(error instanceof UserError) || !transientCodes.has(error.code)) return error;
  const transient = new Error(error.message, { cause: error });
  transient.name = "TransientError";
  return transient;
}

// No UserError: the state machine tries again, and every step may be repeated.
function timeIsUp(name: string): Error {
  return new Error(`The function ${name} was not done in the time that it has.`);
}
