import type { Fix, Problem, Range, Severity } from "./problem.ts";

/** Every code of the scenario language with its severity and what it means; docs/problems.md is written from it. */
export const problemCodes = {
  "file-too-large": ["error", "The file is larger than 1 MB and was not read."],
  "yaml-syntax": ["error", "The text is not valid YAML."],
  "nesting-too-deep": ["error", "Lists and mappings are nested deeper than 100 levels."],
  "too-many-aliases": ["error", "Aliases and merges expand to more values than any real scenario holds."],
  "bad-alias": ["error", "An alias names no earlier value, or the value that it stands in."],
  "bad-merge": ["error", "`<<` names something that is no mapping."],
  "bad-key": ["error", "A key is a list or a mapping."],
  "unknown-tag": ["error", "A YAML tag that Taurus does not read."],
  "duplicate-key": ["error", "A key stands twice in a mapping; YAML keeps only the last."],
  "not-a-mapping": ["error", "The file holds no mapping at its top."],
  "unknown-key": ["error", "A key that nobody reads; an error when a known key is meant, else a warning."],
  "misplaced-key": ["error", "A known key in a section that does not read it."],
  "missing-key": ["error", "A section lacks a key that it needs."],
  "empty-value": ["warning", "A key without a value."],
  "wrong-type": ["error", "A value of the wrong kind, for example text instead of a list."],
  "bad-value": ["error", "A value of the right kind that cannot be read, for example a duration."],
  "no-execution": ["error", "Nothing generates load: there is no execution."],
  "unknown-scenario": ["error", "A scenario that the file does not define."],
  "empty-scenario": ["error", "A scenario without requests and without a script."],
  "include-cycle": ["error", "A scenario includes itself."],
  "no-address": ["error", "A relative URL without a default-address."],
  "bad-url": ["error", "A URL that cannot be requested."],
  "zero-users": ["warning", "`concurrency: 0`, with which Taurus still runs one user."],
  "throughput-without-duration": ["warning", "Taurus ignores `throughput` without `ramp-up` or `hold-for`."],
  "steps-without-ramp-up": ["warning", "Taurus ignores `steps` without `ramp-up`."],
  "half-pair": ["warning", "A pair names only one of `local` and `cloud`; the value is used for both."],
  "body-and-file": ["warning", "A request has both `body` and `body-file`; only `body` is sent."],
  "no-upload-name": ["error", "A file of a POST form without a field name."],
  "missing-file": ["error", "A file that does not exist."],
  "absolute-path": ["error", "An absolute path, which no other machine has."],
  "outside-folder": ["error", "A file outside the scenario's folder, which does not travel with the run."],
  "unportable-path": ["error", "A file name that some systems cannot have."],
  "backslash-path": ["warning", "A path with backslashes, which only Windows reads."],
  "dynamic-file": ["warning", "A path with an expression, which is neither checked nor taken along."],
  "remote-config": ["error", "An included configuration at a web address, which is not downloaded."],
  "bad-criterion": ["error", "A pass/fail rule that cannot be read."],
  "untracked-percentile": ["warning", "A percentile that Taurus does not track, so that the rule never fires there."],
  "criterion-trap": ["warning", "A rule that Taurus reads in another way than it looks."],
  "criterion-never-fires": ["warning", "A rule whose condition cannot be met."],
  "unknown-label": ["warning", "A rule names a label that no request has."],
  "ignored-label": ["hint", "A label that Taurus alone leaves out of its figures."],
  "criterion-scope": ["hint", "A rule of one execution or scenario, judged over all of them."],
  "criteria-not-read": ["warning", "Rules under `modules.passfail`, where Taurus does not read them."],
  "too-many-series-labels": ["warning", "More than 5 `series-labels`."],
  "unknown-variable": ["warning", "A variable that nothing sets, so that its name is sent as it stands."],
  "jmx-too-large": ["warning", "A JMX file of more than 1 MB, which is run but not looked into."],
  "jmx-not-xml": ["error", "A JMX file that is not XML."],
  "jmx-not-a-plan": ["error", "An XML file that is no JMeter test plan."],
  "jmx-entities": ["error", "A JMX file with a document type or entities, which could expand without end."],
  "jmx-no-thread-group": ["error", "A test plan without an enabled thread group, so that nothing generates load."],
  "jmx-no-sampler": ["warning", "A test plan without an enabled sampler."],
  "jmx-plugin": ["hint", "A plugin that JMeter needs for this plan."],
  "jmx-unknown-plugin": ["warning", "A class that neither JMeter nor a well-known plugin has."],
  "jmx-endless": ["warning", "A thread group without a planned end."],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

/** The codes of the scenario language's problems. */
export type ProblemCode = keyof typeof problemCodes;

export interface ProblemOptions {
  readonly fix?: Fix | undefined;
  /** Replaces the severity of the table. */
  readonly severity?: Severity | undefined;
}

/** Makes a Problem with the severity that its code has. */
export function makeProblem(
  code: ProblemCode,
  file: string,
  range: Range,
  message: string,
  options: ProblemOptions = {},
): Problem {
  const { line, column, endLine, endColumn } = range;
  const severity = options.severity ?? problemCodes[code][0];
  const fix = options.fix === undefined ? {} : { fix: options.fix };
  return { code, severity, file, message, line, column, endLine, endColumn, ...fix };
}
