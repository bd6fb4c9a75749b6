import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { UserError } from "../core/errors.ts";
import type { RunResult } from "../core/results/result.ts";
import type { RunRecord } from "../core/run/run.ts";
import type { Arguments } from "./arguments.ts";
import type { Context } from "./context.ts";
import { engineFlags, readEngineChoice } from "./engines.ts";
import { findRun } from "./findRun.ts";

/** A run as it stands: its result, or its record while (or because) there is none. */
export type RunOutcome = RunResult | RunRecord;

/**
 * Finds what the first operand names by a run's id, `last`, or the path of a result file (`….json`, `….json.gz`).
 * @throws {UserError} `no-such-run`, `ambiguous-run`, `file-not-found`, `not-a-result`
 */
export async function openOutcome(args: Arguments, context: Context): Promise<RunOutcome> {
  const name = args.operands[0] ?? "";
  if (/\.json(\.gz)?$/i.test(name)) return readResult(name, context.cwd);
  const engine = await context.openEngine(readEngineChoice(args));
  const run = await findRun(engine, name, context.interrupted);
  return (await engine.result(run.runId, context.interrupted)) ?? run;
}

/** As {@link openOutcome}. @throws {UserError} `no-result` while there are no figures, too */
export async function openResult(args: Arguments, context: Context): Promise<RunResult> {
  const outcome = await openOutcome(args, context);
  if (outcome.schema === "loadfleet.result.v1") return outcome;
  const why = outcome.reason === null ? "" : ` ${outcome.reason}`;
  throw new UserError("no-result", `The run ${outcome.runId} is ${outcome.status} and has no figures.${why}`, {
    hint: `Run "loadfleet watch last${engineFlags(args)}" to see it end.`,
    kind: "run",
  });
}

async function readResult(name: string, cwd: string): Promise<RunResult> {
  const bytes = await readFile(resolve(cwd, name)).catch((cause: unknown) => {
    throw new UserError("file-not-found", `Could not read "${name}".`, {
      hint: 'Name a result.json, or a run as "loadfleet runs" lists it.',
      cause,
    });
  });
  return decodeResult(bytes, name);
}

function decodeResult(bytes: Uint8Array, name: string): RunResult {
  const value = parseJson(bytes);
  if (isResult(value)) return value;
  throw new UserError("not-a-result", `"${name}" holds no result of a run.`, {
    hint: "Name the result.json of a run or of a merge.",
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString());
  } catch {
    // Neither gzip nor JSON: as little a result as any other value.
    return undefined;
  }
}

// The form is this program's own, so its name is enough.
function isResult(value: unknown): value is RunResult {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === "loadfleet.result.v1";
}
