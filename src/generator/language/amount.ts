import type { Amount } from "../../core/scenario/model.ts";
import type { Scope } from "./scope.ts";
import { compileText } from "./text.ts";

/** A number that was compiled once: constant, or rendered anew for each use. */
export interface CompiledAmount {
  readonly constant: number | undefined;
  /** 0 for a text that is no number. */
  readonly render: (scope: Scope) => number;
}

/** Compiles a number or an expression that yields one. @throws {LanguageFault} for an unknown function */
export function compileAmount(amount: Amount): CompiledAmount {
  if (typeof amount === "number") return { constant: amount, render: () => amount };
  const text = compileText(amount);
  const toNumber = (value: string): number => {
    const number = Number(value);
    return Number.isFinite(number) ? number : 0;
  };
  return {
    constant: text.constant === undefined ? undefined : toNumber(text.constant),
    render: (scope) => toNumber(text.render(scope)),
  };
}
