import { UserError } from "../core/errors.ts";
import type { ParseRecord } from "../core/run/records.ts";
import type { RunId, TestId } from "../core/run/ids.ts";
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
  const runId = (name: string): RunId | null => (text(name) as RunId | undefined) ?? null;
  return {
    testId: item.sk as TestId,
    name: text("name") ?? item.sk,
    scenarioPath: text("scenarioPath"),
    activeRunId: runId("activeRunId"),
    lastRunId: runId("lastRunId"),
    baselineRunId: runId("baselineRunId"),
    changedAtMs: Number(item["changedAtMs"] ?? 0),
  };
}
