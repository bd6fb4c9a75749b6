import type { Fix, Problem } from "./problem.ts";
import { makeProblem } from "./problemCodes.ts";
import type { ProblemCode, ProblemOptions } from "./problemCodes.ts";
import { rangeBetween } from "./tree.ts";
import type { MapEntry, SourceText } from "./tree.ts";

/** A stretch of a file. */
export interface Place {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** Notes a mistake at a place; what goes beyond {@link maxProblems} is dropped. */
export interface Report {
  (code: ProblemCode, place: Place, message: string, options?: ProblemOptions): void;
  /** Tells whether further mistakes are dropped, so that nobody needs to look for them. */
  isFull(): boolean;
}

const maxProblems = 200;

/** Makes a reporter that appends to a list, each mistake of a place once. */
export function makeReport(problems: Problem[]): Report {
  const seen = new Set<string>();
  const isFull = (): boolean => problems.length >= maxProblems;
  const report = (code: ProblemCode, place: Place, message: string, options?: ProblemOptions): void => {
    const key = `${code} ${place.source.file} ${place.start} ${message}`;
    if (isFull() || seen.has(key)) return;
    seen.add(key);
    const range = rangeBetween(place.source, place.start, place.end);
    problems.push(makeProblem(code, place.source.file, range, message, options));
  };
  return Object.assign(report, { isFull });
}

/** The place of an entry's key. */
export function placeOfKey(entry: MapEntry): Place {
  return { source: entry.value.source, start: entry.keyStart, end: entry.keyEnd };
}

/** A fix that puts other text at a place. */
export function replaceAt(place: Place, text: string): Fix {
  const title = text === "" ? "Remove it" : `Change to "${text}"`;
  return { title, edits: [{ range: rangeBetween(place.source, place.start, place.end), text }] };
}
