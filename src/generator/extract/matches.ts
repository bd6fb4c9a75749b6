import type { Scope } from "../language/scope.ts";

/** A value that an extractor found, with the groups of a regular expression. */
export interface Match {
  readonly value: string;
  readonly groups?: readonly string[];
}

/** How the values found become variables. */
export interface MatchChoice {
  readonly variable: string;
  /** 1 the first, 0 a random one, -1 all. */
  readonly matchNumber: number;
  /** Sets the plain variable to the first of all matches too, as JMeter's XPath extractor does. */
  readonly namesFirst: boolean;
}

/** Sets variables from what was found; without a match the variable takes the default. */
export type AssignMatches = (scope: Scope, found: readonly Match[], defaultValue: string) => void;

/**
 * Compiles the setting of a variable, and with match number -1 of `name_1`, `name_2`, … and `name_matchNr`, as JMeter's
 * extractors do it; groups become `name_g0`, `name_g1`, …. What an earlier sample left is forgotten.
 */
export function compileMatches({ variable, matchNumber, namesFirst }: MatchChoice): AssignMatches {
  if (matchNumber < 0) return compileAllMatches(variable, namesFirst);
  const groups = new GroupNames(variable);
  return ({ variables }, found, defaultValue) => {
    const index = matchNumber === 0 ? Math.floor(Math.random() * found.length) : matchNumber - 1;
    const match = found[index];
    variables.set(variable, match?.value ?? defaultValue);
    groups.assign(variables, match?.groups);
  };
}

function compileAllMatches(variable: string, namesFirst: boolean): AssignMatches {
  const countName = `${variable}_matchNr`;
  const names: GroupNames[] = [];
  const namesOf = (index: number): GroupNames => (names[index] ??= new GroupNames(`${variable}_${String(index + 1)}`));
  return ({ variables }, found, defaultValue) => {
    const before = Number(variables.get(countName) ?? 0);
    variables.set(countName, String(found.length));
    for (const [index, { value, groups }] of found.entries()) {
      variables.set(namesOf(index).variable, value);
      namesOf(index).assign(variables, groups);
    }
    for (let index = found.length; index < before; index++) {
      variables.delete(namesOf(index).variable);
      namesOf(index).assign(variables, undefined);
    }
    const [first] = found;
    if (first === undefined) variables.set(variable, defaultValue);
    else if (namesFirst) variables.set(variable, first.value);
  };
}

/** Names of the variables that hold a match's groups, made once: they are set for every sample. */
class GroupNames {
  readonly variable: string;
  readonly #count: string;
  readonly #names: string[] = [];

  constructor(variable: string) {
    this.variable = variable;
    this.#count = `${variable}_g`;
  }

  assign(variables: Map<string, string>, groups: readonly string[] | undefined): void {
    const before = this.#names.length;
    if (groups === undefined) {
      if (variables.delete(this.#count)) for (const name of this.#names) variables.delete(name);
      return;
    }
    variables.set(this.#count, digits[groups.length - 1] ?? String(groups.length - 1));
    for (let index = 0; index < groups.length; index++) {
      const name = (this.#names[index] ??= `${this.#count}${String(index)}`);
      variables.set(name, groups[index] ?? "");
    }
    for (let index = groups.length; index < before; index++) variables.delete(this.#names[index] ?? "");
  }
}

const digits: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
