/** A range in a text file; lines and columns are 1-based, the end is exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = "error" | "warning" | "hint";

/** Text changes that mend a Problem, to be applied together. */
export interface Fix {
  /** Verb phrase for the editor's quick fix: `Change to "hold-for"`. */
  readonly title: string;
  readonly edits: readonly { readonly range: Range; readonly text: string }[];
}

/** A mistake in a person's file: data with a code and a position, never thrown. */
export interface Problem extends Range {
  /** Stable kebab-case name, for example `unknown-key`. */
  readonly code: string;
  readonly severity: Severity;
  /** Portable path of the file that holds the mistake, as the caller named it. */
  readonly file: string;
  /** One sentence that says what is wrong and what would be right. */
  readonly message: string;
  readonly fix?: Fix;
}
