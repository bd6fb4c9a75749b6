/** What a template reads and writes while a virtual user renders it. */
export interface Scope {
  readonly variables: Map<string, string>;
  /** Number of the user within its task, from 1. */
  readonly threadNumber: number;
  /** Properties for `${__P(…)}` and `${__env(…)}`. */
  readonly properties: Readonly<Record<string, string>>;
  /** Counters of `${__counter(TRUE)}`, by occurrence. */
  readonly counters: Map<object, number>;
}

/** A template that was compiled once: constant, or rendered anew for each use. */
export interface Text {
  /** The whole text when nothing in it can change. */
  readonly constant: string | undefined;
  readonly render: (scope: Scope) => string;
}

/** Says in one sentence why a template, a pattern or a condition cannot be used. */
export class LanguageFault extends Error {
  override readonly name = "LanguageFault";
}
