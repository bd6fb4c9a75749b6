import { UserError } from "../../../core/errors.ts";
import { parseJson } from "../../../core/json.ts";

/** Exit codes of k6 after which its figures are those of a load that took place as the script wanted. */
const finished: ReadonlySet<number | null> = new Set([0, 99]);

interface Ending {
  readonly code: string;
  readonly say: (words: string) => string;
  readonly hint: string;
}

const seeLog = "See k6.log among the run's files.";

const endings: Readonly<Record<number, Ending>> = {
  100: { code: "k6-setup", say: () => "The script's setup() took longer than k6 allows.", hint: "Raise setupTimeout." },
  101: {
    code: "k6-teardown",
    say: () => "The script's teardown() took longer than k6 allows.",
    hint: "Raise teardownTimeout.",
  },
  104: { code: "k6-options", say: (words) => `k6 does not accept the script's options: ${words}`, hint: seeLog },
  105: { code: "k6-interrupted", say: () => "k6 was interrupted from outside.", hint: seeLog },
  106: { code: "k6-port", say: (words) => `k6 could not listen for the start: ${words}`, hint: "Start the run again." },
  107: {
    code: "k6-script",
    say: (words) => `k6 cannot run the script: ${words}`,
    hint: "Try it with `k6 run` on this machine.",
  },
  108: { code: "k6-aborted", say: (words) => `The script ended the test itself: ${words}`, hint: seeLog },
  109: { code: "k6-crashed", say: (words) => `k6 crashed: ${words}`, hint: seeLog },
  110: { code: "k6-marked", say: () => "The script marked the test as failed.", hint: seeLog },
};

/** Says why a k6 that ended with this exit code failed; undefined when it did not. */
export function diagnose(exitCode: number | null, lines: readonly string[]): UserError | undefined {
  if (finished.has(exitCode)) return undefined;
  if (exitCode === null || exitCode === 137) {
    const hint = "See whether this machine ran out of memory.";
    return new UserError("engine-killed", "k6 was ended from outside.", { kind: "run", hint });
  }
  const words = lastError(lines);
  const { code, say, hint } = endings[exitCode] ?? {
    code: "k6-failed",
    say: () => `k6 ended with exit code ${exitCode}: ${words}`,
    hint: seeLog,
  };
  return new UserError(code, say(words), { kind: "run", hint });
}

/** What k6 logged, one line of JSON each; undefined for what is none. */
export function readLogLine(
  line: string,
): { readonly level: string; readonly message: string; readonly source: string } | undefined {
  const value = parseJson(line);
  if (typeof value !== "object" || value === null) return undefined;
  const text = (name: string): string => String(Object.entries(value).find(([key]) => key === name)?.[1] ?? "");
  return { level: text("level"), message: text("msg"), source: text("source") };
}

/** First sentence of the last thing that k6 called an error, without the stack. */
function lastError(lines: readonly string[]): string {
  const errors = lines.map(readLogLine).filter((line) => line?.level === "error" || line?.level === "fatal");
  const text = errors.at(-1)?.message ?? lines.at(-1) ?? "it says nothing more";
  const [first = ""] = text.trim().split("\n");
  const short = first.length > 300 ? `${first.slice(0, 300)} …` : first;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
