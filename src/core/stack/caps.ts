import { Type } from "typebox";
import { Check } from "typebox/value";
import { UserError } from "../errors.ts";
import type { Caps } from "./names.ts";

const limit = Type.Union([Type.Number(), Type.Null()]);

const capsText = Type.Object({
  mostTasks: limit,
  longestRunMinutes: limit,
  mostCostPerRunUsd: limit,
  mostCostPerMonthUsd: limit,
  allowedTargets: Type.Array(Type.String()),
});

/**
 * Reads the caps from the JSON text that the stack's template writes (`functionVariables.caps`, `stackOutputs.caps`); a
 * template cannot multiply, so the longest run stands there in minutes.
 * @throws {UserError} when the text is none of the template's
 */
export function decodeCaps(text: string): Caps {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  if (!Check(capsText, value)) throw unreadable(undefined);
  const { longestRunMinutes, allowedTargets, ...limits } = value;
  return {
    ...limits,
    longestRunMs: longestRunMinutes === null ? null : longestRunMinutes * 60_000,
    allowedTargets: allowedTargets.map((host) => host.trim().toLowerCase()).filter((host) => host !== ""),
  };
}

function unreadable(cause: unknown): UserError {
  return new UserError("caps-unreadable", "The stack's caps cannot be read.", {
    hint: "Update the stack: loadfleet deploy.",
    kind: "environment",
    ...(cause === undefined ? {} : { cause }),
  });
}
