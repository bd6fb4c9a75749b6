import { UserError } from "../core/errors.ts";
import { functionVariables } from "../core/stack/names.ts";

type VariableName = keyof typeof functionVariables;
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a variable of the function's environment. @throws {UserError} `bad-environment` when it is missing or empty */
export function readVariable(name: VariableName, env: Environment = process.env): string {
  const value = env[functionVariables[name]];
  if (value) return value;
  throw new UserError("bad-environment", `The function's environment has no ${functionVariables[name]}.`, {
    hint: "Update the stack: loadfleet deploy.",
    kind: "environment",
  });
}

/** Reads a comma-separated variable. @throws {UserError} `bad-environment` when it is missing or empty */
export function readList(name: VariableName, env: Environment = process.env): readonly string[] {
  return readVariable(name, env)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
