import { createHash } from "node:crypto";
import { Type, type Static } from "typebox";
import { Check } from "typebox/value";
import { parseJson } from "../../core/json.ts";
import { mergeLive } from "../../core/results/live.ts";
import { isFinal, type LivePoint, type RunEvent, type RunRecord, type TaskRecord } from "../../core/run/run.ts";
import { findPlan } from "../../fleet/plan.ts";
import { badFields } from "./apiError.ts";
import { afterOf, runOf } from "./input.ts";
import type { ApiPorts, ApiRequest, Operation } from "./ports.ts";

/** Points of a snapshot: with those of a whole day the answer would not fit, and the result has them all. */
const snapshotSeconds = 900;
/** How far back a late task may still add to a point. */
const reopenedSeconds = 15;
/** How far the clocks of those who write tasks may be apart. */
const clockSkewMs = 5000;

/** What a client has seen so far; it travels in `next` and `after`, so that the function remembers nothing. */
const Cursor = Type.Object({
  status: Type.String(),
  /** When the last of the tasks changed, and a digest of all of them. */
  changedAtMs: Type.Number(),
  tasks: Type.String(),
  second: Type.Integer({ minimum: 0 }),
});
type Cursor = Static<typeof Cursor>;

/**
 * Gets what has changed in a run since the last question. An event may come twice: tasks and points replace those of the
 * same number and second. The result does not come this way: it may be larger than an answer.
 */
export const getEvents: Operation = async (request, ports, signal) => {
  const seen = cursorOf(request);
  const run = await runOf(request, ports, signal);
  const tasks = await ports.ledger.listTasks(run.runId, signal);
  const points = await readPoints(run, tasks, seen, ports, signal);
  const next: Cursor = {
    status: run.status,
    changedAtMs: Math.max(seen?.changedAtMs ?? 0, ...tasks.map(({ changedAtMs }) => changedAtMs)),
    tasks: createHash("sha256").update(JSON.stringify(tasks)).digest("base64url").slice(0, 16),
    second: Math.max(seen?.second ?? 0, ...points.map(({ second }) => second)),
  };
  const events =
    seen === undefined
      ? await snapshot(run, tasks, points, ports, signal)
      : changes(run, next.tasks === seen.tasks ? [] : tasks, points, seen);
  return { status: 200, body: { events, next: encodeCursor(next), isEnded: isFinal(run.status) } };
};

async function snapshot(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  points: readonly LivePoint[],
  { store }: ApiPorts,
  signal: AbortSignal,
): Promise<readonly RunEvent[]> {
  const plan = (await findPlan(run.runId, store, signal)) ?? null;
  return [{ kind: "snapshot", view: { run, plan, tasks, points, result: null } }];
}

function changes(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  points: readonly LivePoint[],
  seen: Cursor,
): readonly RunEvent[] {
  const news = tasks.filter(({ changedAtMs }) => changedAtMs > seen.changedAtMs - clockSkewMs);
  return [
    ...news.map((task) => ({ kind: "task" as const, task })),
    ...points.map((point) => ({ kind: "point" as const, point })),
    // Last, so that whoever waits for the end has seen everything.
    ...(run.status === seen.status ? [] : [{ kind: "run" as const, run }]),
  ];
}

async function readPoints(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  seen: Cursor | undefined,
  { ledger, now }: ApiPorts,
  signal: AbortSignal,
): Promise<readonly LivePoint[]> {
  if (run.startAtMs === null || (isFinal(run.status) && seen === undefined)) return [];
  const elapsed = Math.max(0, Math.floor((now() - run.startAtMs) / 1000));
  const oldest = Math.max(0, elapsed - snapshotSeconds);
  const from = seen === undefined ? oldest : Math.max(oldest, seen.second - reopenedSeconds);
  const identities = tasks.flatMap(({ identity }) => identity ?? []);
  const stored = await ledger.getLive(identities, from, signal);
  // An agent that retried a write may have stored a record twice; the last one counts.
  const records = new Map(stored.map(({ identity, record }) => [`${identity} ${record.second}`, record]));
  return mergeLive(records.values());
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** @throws {ApiError} 400 */
function cursorOf(request: ApiRequest): Cursor | undefined {
  const after = afterOf(request);
  if (after === undefined) return undefined;
  const cursor = parseJson(Buffer.from(after, "base64url").toString("utf8"));
  if (Check(Cursor, cursor)) return cursor;
  throw badFields([{ field: "after", message: "It has to be the `next` of the answer before." }]);
}
