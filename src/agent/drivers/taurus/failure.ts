import { UserError } from "../../../core/errors.ts";
import type { Failure } from "./messages.ts";

/** What is known of an engine that failed. */
export interface Symptoms {
  readonly failures: readonly Omit<Failure, "event">[];
  /** The end of jmeter.log and of what JMeter printed. */
  readonly jmeterLog: string;
  /** The end of what Taurus printed. */
  readonly output: string;
  readonly endedBy: string | undefined;
}

interface Disaster {
  readonly code: string;
  readonly pattern: RegExp;
  readonly say: (found: readonly string[]) => string;
  readonly hint: string;
}

/** The first that fits is the one to name: what follows from it comes later in this list. */
const disasters: readonly Disaster[] = [
  {
    code: "jmeter-out-of-memory",
    pattern: /java\.lang\.OutOfMemoryError(?:: ([^\n]+))?/,
    say: ([, what]) => `JMeter ran out of memory${what === undefined ? "" : ` (${what.trim()})`}.`,
    hint: "Give each task fewer users or more memory (loadfleet.size), or raise modules.jmeter.memory-xmx.",
  },
  {
    code: "jmeter-class-missing",
    pattern: /(?:CannotResolveClassException|ClassNotFoundException|NoClassDefFoundError): ([\w.$/]+)/,
    say: ([, name]) => `JMeter has no class ${name?.replaceAll("/", ".")}, which the script needs.`,
    hint: "Put the plugin's jar into a folder plugins/ beside the scenario.",
  },
  {
    code: "script-unreadable",
    pattern:
      /(?:XML parsing failed for file|Problem loading XML from:?|Error in NonGUIDriver|conversion error|JMX loading problem|XMLSyntaxError)[^\n]*/i,
    say: ([line]) => `JMeter cannot open the script: ${line}.`,
    hint: "Open it in JMeter's own window and save it again; it may be damaged or come from a newer JMeter.",
  },
  {
    code: "script-missing",
    pattern: /(?:Could not find file|doesn't exist|does not exist|not found)[^\n]*?([^\s'"]+\.jmx)/i,
    say: ([, path]) => `Taurus cannot find the script ${path}.`,
    hint: "Name it relative to the scenario.",
  },
  {
    code: "jmeter-killed",
    pattern: /JMeter exited with non-zero code: -9\b/,
    say: () => "JMeter was killed from outside.",
    hint: "See whether this machine ran out of memory.",
  },
  {
    code: "jmeter-missing",
    pattern: /JMeter is not at ([^\n]+)/,
    say: ([, path]) => `There is no JMeter at ${path}.`,
    hint: "Run `loadfleet setup taurus`.",
  },
  {
    code: "java-missing",
    pattern:
      /(?:java: not found|java: command not found|No such file or directory: 'java'|The \S*java\S* .*not found|UnsupportedClassVersionError)/i,
    say: () => "JMeter could not be started: there is no Java, or it is too old.",
    hint: "`loadfleet doctor` says which one is needed and how to get it.",
  },
  {
    code: "taurus-broken",
    pattern: /(?:ModuleNotFoundError|ImportError): ([^\n]+)/,
    say: ([, what]) => `Python cannot load Taurus: ${what}.`,
    hint: "Run `loadfleet setup taurus --remove` and `loadfleet setup taurus`.",
  },
];

const seeLogs = "See bzt.log and jmeter.log among the run's files.";

/** Makes one sentence and a hint of what is known about an engine that failed. */
export function diagnose({ failures, jmeterLog, output, endedBy }: Symptoms): UserError {
  const [first] = failures;
  const evidence = [...failures.flatMap(({ message, detail }) => [message, detail]), jmeterLog, output].join("\n");
  for (const { code, pattern, say, hint } of disasters) {
    const found = pattern.exec(evidence);
    if (found !== null) return failed(code, say(found), hint);
  }
  if (endedBy !== undefined) {
    const hint = "See whether this machine ran out of memory.";
    return failed("engine-killed", `Taurus was ended from outside by ${endedBy}.`, hint);
  }
  if (first?.kind === "TaurusConfigError") {
    return failed(
      "taurus-config",
      `Taurus does not accept the scenario: ${oneLine(first.message)}`,
      "See bzt.log for the whole story.",
    );
  }
  if (first?.message.startsWith("Empty results")) {
    return failed("no-samples", "JMeter ended without a single sample.", "See jmeter.log among the run's files.");
  }
  const [, exitCode] = /^JMeter exited with non-zero code: (-?\d+)/.exec(first?.message ?? "") ?? [];
  if (exitCode !== undefined) {
    const line = first?.detail.split("\n").findLast((one) => /error|exception/i.test(one)) ?? "it says nothing more";
    return failed("jmeter-failed", `JMeter ended with exit code ${exitCode}: ${oneLine(line)}`, seeLogs);
  }
  const what = first === undefined ? lastLine(output) : oneLine(first.message);
  return failed("taurus-failed", `Taurus failed: ${what}`, seeLogs);
}

function failed(code: string, message: string, hint: string): UserError {
  return new UserError(code, message, { kind: "run", hint });
}

function oneLine(text: string): string {
  const line = text.trim().split("\n")[0] ?? "";
  const short = line.length > 300 ? `${line.slice(0, 300)} …` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line === "" ? "it ended without a word." : oneLine(line);
}
