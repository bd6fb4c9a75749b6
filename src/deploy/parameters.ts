import type { Parameter } from "@aws-sdk/client-cloudformation";
import { UserError } from "../core/errors.ts";
import { stackParameters } from "../core/stack/names.ts";
import type { StackAssets, TemplateParameter } from "./assets.ts";
import type { ParameterChange } from "./changes.ts";
import type { DeployedStack } from "./deployedStack.ts";

/** The parameters of a deployment. */
export interface ChosenParameters {
  /** As CloudFormation takes them. */
  readonly input: readonly Parameter[];
  readonly changes: readonly ParameterChange[];
}

/**
 * Chooses the value of every parameter of the template: what is given, else what the stack has, else the default.
 * @throws {UserError} `admin-email-missing`, `parameter-missing`, `unknown-parameter`, `bad-parameter`
 */
export function chooseParameters(
  { parameters }: StackAssets,
  given: Readonly<Record<string, string>>,
  stack: DeployedStack | undefined,
  assetBucket: string,
): ChosenParameters {
  checkGiven(parameters, given);
  const values: Readonly<Record<string, string | undefined>> = {
    ...withAdminName(given, stack),
    [stackParameters.assetBucket]: assetBucket,
  };
  const input: Parameter[] = [];
  const changes: ParameterChange[] = [];
  for (const [name, declared] of Object.entries(parameters)) {
    const before = stack?.parameters[name];
    const value = values[name];
    if (value !== undefined) {
      input.push({ ParameterKey: name, ParameterValue: value });
      // A secret reads as stars, so that nobody can tell whether it changes.
      const [from, to] = declared.NoEcho === true ? [before, "****"] : [before, value];
      if (stack !== undefined && (from !== to || declared.NoEcho === true)) changes.push({ name, from, to });
    } else if (before !== undefined) {
      input.push({ ParameterKey: name, UsePreviousValue: true });
    } else if (declared.Default === undefined) {
      throw missingParameter(name, declared);
    } else if (stack !== undefined) {
      changes.push({ name, from: undefined, to: String(declared.Default) });
    }
  }
  return { input, changes };
}

/** On the first deployment the administrator is called as the e-mail address is, unless a name is given. */
function withAdminName(
  given: Readonly<Record<string, string>>,
  stack: DeployedStack | undefined,
): Readonly<Record<string, string | undefined>> {
  const { adminName, adminEmail } = stackParameters;
  const email = given[adminEmail];
  if (stack !== undefined || email === undefined || given[adminName] !== undefined) return given;
  const name = email
    .split("@")[0]
    ?.replaceAll(/[^\w.-]/g, "-")
    .slice(0, 64);
  return { ...given, [adminName]: name };
}

function missingParameter(name: string, { Description }: TemplateParameter): UserError {
  if (name === stackParameters.adminEmail || name === stackParameters.adminName) {
    return new UserError("admin-email-missing", "A new stack needs the e-mail address of its first administrator.", {
      hint: "Add --admin-email you@example.com; the invitation to the console goes there.",
    });
  }
  return new UserError("parameter-missing", `The parameter ${name} has no value.`, {
    hint: `Add --parameter ${name}=VALUE.${Description === undefined ? "" : ` ${Description}`}`,
  });
}

function checkGiven(parameters: StackAssets["parameters"], given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    const declared = parameters[name];
    if (declared === undefined || name === stackParameters.assetBucket) {
      const names = Object.keys(parameters).filter((other) => other !== stackParameters.assetBucket);
      throw new UserError("unknown-parameter", `The stack has no parameter "${name}" that can be chosen.`, {
        hint: `There are ${names.join(", ")}.`,
      });
    }
    const fault = findFault(declared, value);
    if (fault === undefined) continue;
    throw new UserError("bad-parameter", `The value "${value}" of the parameter ${name} ${fault}.`, {
      hint: declared.Description ?? "The template says what it takes: loadfleet template FOLDER.",
    });
  }
}

function findFault(declared: TemplateParameter, value: string): string | undefined {
  const { AllowedValues, AllowedPattern, MinValue = -Infinity, MaxValue = Infinity } = declared;
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) {
    return `is none of ${AllowedValues.join(", ")}`;
  }
  if (declared.Type === "Number") {
    if (value.trim() === "" || !Number.isFinite(Number(value))) return "is no number";
    if (Number(value) < MinValue) return `is below ${MinValue}`;
    return Number(value) > MaxValue ? `is above ${MaxValue}` : undefined;
  }
  // CloudFormation asks for the whole value to match, each entry of a list by itself.
  const entries = declared.Type === "CommaDelimitedList" ? value.split(",").map((entry) => entry.trim()) : [value];
  const pattern = AllowedPattern === undefined ? undefined : new RegExp(`^(?:${AllowedPattern})$`);
  return pattern === undefined || entries.every((entry) => pattern.test(entry))
    ? undefined
    : "is not written as it must be";
}
