import { UserError } from "../core/errors.ts";
import { isRunId, type RunId } from "../core/run/ids.ts";
import type { RunRecord } from "../core/run/run.ts";
import type { Engine } from "../fleet/engine.ts";

const pageLength = 500;

/**
 * Finds the run that a person names by `last`, its id, or the beginning of its id.
 * @throws {UserError} `no-such-run`, `ambiguous-run`
 */
export async function findRun(engine: Engine, name: string, signal: AbortSignal): Promise<RunRecord> {
  const hint = 'Run "loadfleet runs" to see what there is.';
  if (name === "last") {
    const { items } = await engine.list({ limit: 1 }, signal);
    const [run] = items;
    if (run === undefined) throw new UserError("no-such-run", "There is no run yet.", { hint: firstRunHint });
    return run;
  }
  const found = await findByPrefix(engine, name.toLowerCase(), signal);
  const [run, second] = found;
  if (run === undefined) throw new UserError("no-such-run", `There is no run "${name}".`, { hint });
  if (second !== undefined) {
    const ids = found.slice(0, 5).map(({ runId }) => runId);
    throw new UserError("ambiguous-run", `"${name}" begins the ids of several runs: ${ids.join(", ")}.`, {
      hint: "Write more of the id.",
    });
  }
  return run;
}

/** What a person without runs does next. */
export const firstRunHint = 'Start one with "loadfleet run FILE".';

async function findByPrefix(engine: Engine, prefix: string, signal: AbortSignal): Promise<readonly RunRecord[]> {
  const found: RunRecord[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: pageLength, ...(after === undefined ? {} : { after }) }, signal);
    found.push(...page.items.filter(({ runId }) => runId.startsWith(prefix)));
    if (found.length > 0 && isRunId(prefix)) break;
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Shortens runs' ids to as many characters as tell these runs apart, at least 10. */
export function shortenRunIds(runIds: readonly RunId[]): readonly string[] {
  const isUnique = (length: number): boolean =>
    new Set(runIds.map((runId) => runId.slice(0, length))).size === runIds.length;
  let length = 10;
  while (length < 26 && !isUnique(length)) length++;
  return runIds.map((runId) => runId.slice(0, length));
}
