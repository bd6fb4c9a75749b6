import { isRunId, type RunId, type TestId } from "../core/run/ids.ts";
import { parseRun } from "../core/run/records.ts";
import { isFinal, runStatuses, type RunRecord } from "../core/run/run.ts";
import { tableIndexes } from "../core/stack/names.ts";
import type { Page, WriteOutcome } from "../fleet/ports.ts";
import { monthOf, openKey, partitions, runKey, signalKey, testKey } from "./dynamoKeys.ts";
import { decodeItem } from "./dynamoRecords.ts";
import type { DynamoTable } from "./dynamoTable.ts";
import type { Expression, Item, Range, Write } from "./dynamoWire.ts";

const finalStatuses = runStatuses.filter(isFinal);

/** The runs of the table, and the locks that they hold on their tests. */
export class DynamoRuns {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async submit(run: RunRecord, signal: AbortSignal): Promise<WriteOutcome> {
    const isNew: Expression = { text: "attribute_not_exists(#pk)" };
    const { runId } = run;
    const outcome = await this.#table.transact(
      [
        { put: toItem(run), condition: isNew },
        lockTest(run),
        { put: { ...openKey(runId) } },
        { put: { ...signalKey(runId) }, condition: isNew },
        { put: { pk: partitions.months, sk: monthOf(runId) } },
      ],
      signal,
    );
    if (outcome === "written") return outcome;
    // The same submission again, by someone who never heard the answer.
    const entry = await this.#table.get(testKey(run.testId), signal);
    return entry?.["activeRunId"] === runId ? "written" : "conflict";
  }

  async get(runId: RunId, signal: AbortSignal): Promise<RunRecord | undefined> {
    const item = await this.#table.get(runKey(runId), signal);
    return item && decodeItem(item, parseRun);
  }

  async advance(from: RunRecord, to: RunRecord, signal: AbortSignal): Promise<WriteOutcome> {
    if (runStatuses.indexOf(to.status) < runStatuses.indexOf(from.status)) return "conflict";
    return this.#table.put(toItem(to), signal, { text: "#status = :from", values: { from: from.status } });
  }

  async close(run: RunRecord, signal: AbortSignal): Promise<WriteOutcome> {
    const end: Write = { put: toItem(run), condition: notFinal };
    const open: Write = { remove: openKey(run.runId) };
    const outcome = await this.#table.transact([end, unlockTest(run), open], signal);
    if (outcome === "written") return outcome;
    const [isFinalAlready] = outcome;
    // Its test has passed to a newer run, whose lock must stay.
    if (isFinalAlready !== true)
      return (await this.#table.transact([end, open], signal)) === "written" ? "written" : "conflict";
    // Whoever closed it may have left its lock: all of this may be repeated.
    const { update, change, condition } = unlockTest(run);
    await this.#table.update(update, change, signal, condition);
    await this.#table.delete(openKey(run.runId), signal);
    return "conflict";
  }

  async list(
    { testId, limit, after }: { readonly testId?: TestId; readonly limit: number; readonly after?: string },
    signal: AbortSignal,
  ): Promise<Page<RunRecord>> {
    // One more than asked for tells whether there are more.
    const wanted = { isNewestFirst: true, limit: limit + 1, ...(after === undefined ? {} : { below: after }) };
    const found =
      testId === undefined
        ? await this.#listByMonth(wanted, signal)
        : await this.#table.query({ ...wanted, partition: testId, index: byTest }, signal);
    const items = found.slice(0, limit).map((item) => decodeItem(item, parseRun));
    return { items, next: found.length > limit ? items.at(-1)?.runId : undefined };
  }

  async listOpen(signal: AbortSignal): Promise<readonly RunId[]> {
    const items = await this.#table.query({ partition: partitions.open }, signal);
    return items.map(({ sk }) => sk).filter(isRunId);
  }

  async #listByMonth(
    wanted: Pick<Range, "below" | "isNewestFirst"> & { readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly Item[]> {
    const months = await this.#table.query({ partition: partitions.months, isNewestFirst: true }, signal);
    const newest = wanted.below !== undefined && isRunId(wanted.below) ? monthOf(wanted.below) : undefined;
    const found: Item[] = [];
    for (const { sk: month } of months) {
      if (newest !== undefined && month > newest) continue;
      const limit = wanted.limit - found.length;
      if (limit === 0) break;
      found.push(...(await this.#table.query({ ...wanted, limit, partition: month, index: byMonth }, signal)));
    }
    return found;
  }
}

const byTest = { name: tableIndexes.byTest, partition: "testId", sort: "runId" };
const byMonth = { name: tableIndexes.byMonth, partition: "month", sort: "runId" };

const notFinal: Expression = {
  text: `attribute_exists(#pk) and not #status in (${finalStatuses.map((_, index) => `:final${index}`).join(", ")})`,
  values: Object.fromEntries(finalStatuses.map((status, index) => [`final${index}`, status])),
};

function toItem(run: RunRecord): Item {
  const { runId, testId, status } = run;
  return { ...runKey(runId), record: JSON.stringify(run), status, testId, month: monthOf(runId), runId };
}

function lockTest({ testId, runId, name, origin, createdAtMs }: RunRecord): Write {
  const path = origin.scenarioPath === undefined ? {} : { path: origin.scenarioPath };
  const setPath = origin.scenarioPath === undefined ? "" : ", #scenarioPath = :path";
  return {
    update: testKey(testId),
    change: {
      text: `set #name = :name, #activeRunId = :run, #lastRunId = :run, #changedAtMs = :now${setPath}`,
      values: { name, run: runId, now: createdAtMs, ...path },
    },
    condition: { text: "attribute_not_exists(#activeRunId) or #activeRunId = :run" },
  };
}

function unlockTest({ testId, runId, endedAtMs, createdAtMs }: RunRecord): Extract<Write, { update: unknown }> {
  return {
    update: testKey(testId),
    change: {
      text: "set #changedAtMs = :now remove #activeRunId",
      values: { now: endedAtMs ?? createdAtMs, run: runId },
    },
    condition: { text: "#activeRunId = :run" },
  };
}
