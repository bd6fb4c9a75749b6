import { Type, type Static } from "typebox";
import { Check } from "typebox/value";
import { fileTypes, testTypes, type TestRequest } from "../../core/api/testRequest.ts";
import type { JsonObject } from "../../core/json.ts";
import type { TestId } from "../../core/run/ids.ts";
import type { Store } from "../../fleet/ports.ts";

const Record = Type.Object({
  schema: Type.Literal("loadfleet.test.v1"),
  testId: Type.String(),
  testName: Type.String(),
  testDescription: Type.String(),
  testType: Type.Enum([...testTypes]),
  fileType: Type.Enum([...fileTypes]),
  taskCount: Type.Integer({ minimum: 1 }),
  /** As the client sent it, with amounts as numbers; null when an uploaded file is the whole scenario. */
  testScenario: Type.Union([Type.Null(), Type.Record(Type.String(), Type.Unknown())]),
});

/** What the API keeps of a test beside its runs (`loadfleet.test.v1`, at most 1 MB). Written when it is started, read by GET. */
export type TestRecord = Static<typeof Record>;

/** Key of what the API keeps of a test. */
export function testRecordKey(testId: TestId): string {
  return `tests/${testId}.json`;
}

/** Keeps what a client asked for. */
export async function storeTestRecord(
  { testId: _as, ...request }: TestRequest,
  testId: TestId,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  const record: TestRecord = { schema: "loadfleet.test.v1", testId, ...request };
  await store.put(testRecordKey(testId), encode(record), signal);
}

/** Reads what the API keeps of a test; undefined for one that was never started by it. */
export async function findTestRecord(
  testId: TestId,
  store: Store,
  signal: AbortSignal,
): Promise<TestRecord | undefined> {
  const bytes = await store.get(testRecordKey(testId), signal);
  if (bytes === undefined) return undefined;
  const record: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Check(Record, record) ? record : undefined;
}

/** Encodes a value as JSON text. */
export function encode(value: JsonObject | TestRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
