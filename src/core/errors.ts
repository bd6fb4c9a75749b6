/** What kind of failure a {@link UserError} is; it decides the exit code of the CLI. */
export type FailureKind = "input" | "run" | "environment";

/** Exit codes of the CLI: the one table that every command uses. */
export const exitCodes = {
  passed: 0,
  failedVerdict: 1,
  badInput: 2,
  runFailed: 3,
  environment: 4,
  cancelled: 130,
} as const;

export interface UserErrorOptions {
  /** The next step for the person, one sentence. */
  readonly hint?: string;
  readonly kind?: FailureKind;
  readonly cause?: unknown;
}

/**
 * An expected failure that a person can act on: `message` is one sentence that says what failed and with what,
 * `hint` the next step, `code` a stable kebab-case name. Everything else that is thrown is a bug.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly kind: FailureKind;

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.kind = options.kind ?? "input";
  }
}

/** Exit code of the CLI for a failure of this kind. */
export function exitCodeOf(kind: FailureKind): number {
  switch (kind) {
    case "input":
      return exitCodes.badInput;
    case "run":
      return exitCodes.runFailed;
    case "environment":
      return exitCodes.environment;
  }
}

/** What is left of an error when it crosses a process or a window: code, sentence, hint. */
export interface ErrorMessage {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Reduces any thrown value to code, sentence and hint; a value that is no UserError gets the code `bug`. */
export function errorMessage(error: unknown): ErrorMessage {
  if (error instanceof UserError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}
