import { UserError } from "../core/errors.ts";
import type { ParseRecord } from "../core/run/records.ts";
import { isRunId, type RunId, type TestId } from "../core/run/ids.ts";
import type { TestEntry } from "../fleet/ports.ts";
import type { Item } from "./dynamoWire.ts";

/** Reads the record of an item. @throws {UserError} `corrupt-item`, naming the item */
export function decodeItem<T>(item: Item, parse: ParseRecord<T>, attribute = "record"): T {
  const text = item[attribute];
  const record = typeof text === "string" ? parse(text) : undefined;
  if (record !== undefined) return record;
  throw new UserError("corrupt-item", `The item ${item.pk} ${item.sk} of the stack's table holds no valid record.`, {
    kind: "environment",
    hint: "Delete the item, or restore the table to a point in time; everything else stays usable.",
  });
}

/** Reads a test's entry; the absent attributes are those that nothing was ever known of. */
export function decodeTest(item: Item): TestEntry {
  const text = (name: string): string | undefined => (typeof item[name] === "string" ? item[name] : undefined);
  const runId = (name: string): RunId | null => {
    const id = text(name);
    return id !== undefined && isRunId(id) ? id : null;
  };
  if (!isTestId(item.sk)) throw new Error("The table has an entry of a test without a name.");
  return {
    testId: item.sk,
    name: text("name") ?? item.sk,
    scenarioPath: text("scenarioPath"),
    activeRunId: runId("activeRunId"),
    lastRunId: runId("lastRunId"),
    baselineRunId: runId("baselineRunId"),
    changedAtMs: Number(item["changedAtMs"] ?? 0),
  };
}

// A sort key of a test's entry was a test's id when it was written.
function isTestId(text: string): text is TestId {
  return text !== "";
}
