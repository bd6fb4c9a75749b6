/** A content as Debug Once keeps it: at most 256 KiB of text; of what is not text only its size. */
export interface DebugBody {
  readonly kind: "text" | "binary";
  /** "" for `binary`. */
  readonly text: string;
  /** Size of the whole content. */
  readonly bytes: number;
  readonly isCut: boolean;
}

/** A header as it was sent or received; several of one name are several pairs. */
export type DebugHeader = readonly [name: string, value: string];

/** How long each phase took, in ms; null for a phase that did not take place, as connecting on an open connection. */
export interface DebugTiming {
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the beginning to the first byte of the answer. */
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

/** One request with its answer; a redirect that was followed is another hop of the same sample. */
export interface DebugHop {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: readonly DebugHeader[];
  readonly requestBody: DebugBody | null;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly statusText: string;
  readonly responseHeaders: readonly DebugHeader[];
  readonly responseBody: DebugBody | null;
  readonly timing: DebugTiming;
  /** Why there was no answer; null when there was one. */
  readonly failure: string | null;
}

/** What an assertion asked for and what it met. */
export interface DebugAssertion {
  readonly name: string;
  readonly isPassed: boolean;
  /** Both null when it passed. */
  readonly expected: string | null;
  readonly actual: string | null;
}

/** One request step of the scenario as it was executed. */
export interface DebugSample {
  readonly scenario: string;
  readonly label: string;
  /** Why it counts as failed; null when it passed. */
  readonly failure: string | null;
  readonly elapsedMs: number;
  readonly hops: readonly DebugHop[];
  readonly assertions: readonly DebugAssertion[];
  /** Variables that were set or changed since the sample before: data rows, extractors, `set-variables`. */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  /** Line of the step in the scenario's file, from 1. */
  readonly line: number;
}

/** Everything that one user did in one iteration (`loadfleet.debug.v1`). Written by Debug Once, read by CLI and editor. */
export interface DebugTrace {
  readonly schema: "loadfleet.debug.v1";
  /** Name of the test. */
  readonly name: string;
  readonly file: string;
  readonly startedAtMs: number;
  readonly samples: readonly DebugSample[];
  readonly notes: readonly string[];
}
