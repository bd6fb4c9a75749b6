import { DeleteTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DynamoLedger } from "../../src/aws/dynamoLedger.ts";
import { makeDynamoClient } from "../../src/aws/dynamoClient.ts";
import { makeS3Client } from "../../src/aws/s3Client.ts";
import { S3Store } from "../../src/aws/s3Store.ts";
import { shareOf } from "../../src/core/run/share.ts";
import type { StartSignal } from "../../src/core/run/wire.ts";
import { describeLedger } from "../contract/ledgerContract.ts";
import { describeStore } from "../contract/storeContract.ts";
import { makePlan, makeRun, makeTask, runIdOf } from "../fleet/records.ts";
import { startEmulator, type Emulator } from "./emulator.ts";
import { createTable } from "./ledgerTable.ts";

const { signal } = new AbortController();
let emulator: Emulator;
let buckets = 0;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

function connection() {
  const { endpoint, region, clientConfig } = emulator;
  return { endpoint, region, credentials: async () => clientConfig.credentials };
}

describeLedger("DynamoDB", async () => {
  const client = makeDynamoClient(connection());
  const table = await createTable(client);
  const open = () => new DynamoLedger({ client, table });
  return {
    handles: [open(), open(), open()],
    dispose: async () => {
      await client.send(new DeleteTableCommand({ TableName: table }));
      client.destroy();
    },
  };
});

describeStore("S3", async () => {
  const client = makeS3Client(connection());
  const bucket = `store-${buckets++}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return { store: new S3Store({ client, bucket }), dispose: async () => client.destroy() };
});

describe("a ledger of a large fleet in DynamoDB", () => {
  const tasks = 1000;
  let client: DynamoDBClient;
  let ledger: DynamoLedger;
  const calls = new Map<string, number>();

  beforeAll(async () => {
    client = makeDynamoClient(connection());
    client.middlewareStack.add(
      (next, context) => (args) => {
        const name = String(context["commandName"]);
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return next(args);
      },
      { step: "initialize" },
    );
    ledger = new DynamoLedger({ client, table: await createTable(client) });
    await ledger.submit(makeRun({ tasks }), signal);
  });
  afterAll(() => client.destroy());

  test("reads the states of a thousand agents in ten calls", async () => {
    const identities = Array.from({ length: tasks }, (_, task) => `AROA:${task}`);
    for (let first = 0; first < tasks; first += 50) {
      const some = identities.slice(first, first + 50);
      await Promise.all(some.map((identity) => ledger.putAgentState(identity, { state: "ready", atMs: 1 }, signal)));
    }
    calls.clear();
    const states = await ledger.getAgentStates([...identities, "AROA:nobody"], signal);
    expect(states.size).toBe(tasks);
    expect(Object.fromEntries(calls)).toEqual({ BatchGetItemCommand: 11 });
  });

  test("hands out a start signal that fits no item, to each task its own part", async () => {
    const plan = makePlan({ tasks });
    const numbers = Array.from({ length: tasks }, (_, task) => task);
    const roster: StartSignal["roster"] = Object.fromEntries(
      numbers.map((task) => {
        const share = shareOf(plan, task, tasks);
        // As long as those of a plan with forty executions.
        const executions = Array.from({ length: 40 }, () => ({ users: 1, firstUser: task, ratePerSecond: null }));
        return [task, { ...share, executions }];
      }),
    );
    const identities = Object.fromEntries(numbers.map((task) => [task, `AROA:${task}`]));
    const start: StartSignal = { startAtMs: 1, deadlineAtMs: 2, roster, identities };
    expect(JSON.stringify(start).length).toBeGreaterThan(400_000);
    expect(await ledger.putStart(runIdOf(0), start, signal)).toBe("written");
    expect(await ledger.getStart(runIdOf(0), signal)).toEqual(start);
    calls.clear();
    expect(await ledger.getStart(runIdOf(0), signal)).toEqual(start);
    expect(calls.size).toBe(0);
  });

  test("lists the records of a thousand tasks in a page or two", async () => {
    for (let first = 0; first < tasks; first += 50) {
      const some = Array.from({ length: 50 }, (_, index) => makeTask({ task: first + index }));
      await Promise.all(some.map((task) => ledger.putTask(runIdOf(0), undefined, task, signal)));
    }
    calls.clear();
    expect((await ledger.listTasks(runIdOf(0), signal)).map(({ task }) => task)).toEqual(
      Array.from({ length: tasks }, (_, task) => task),
    );
    expect(calls.get("QueryCommand")).toBeLessThanOrEqual(2);
  });
});

describe("a store in S3", () => {
  test("lists more than a page, and opens an object as a stream", async () => {
    const client: S3Client = makeS3Client(connection());
    const bucket = `store-${buckets++}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    const store = new S3Store({ client, bucket });
    for (let first = 0; first < 1050; first += 50) {
      const keys = Array.from({ length: 50 }, (_, index) => `many/${String(first + index).padStart(5, "0")}`);
      await Promise.all(keys.map((key) => store.put(key, new Uint8Array(1), signal)));
    }
    expect(await store.list("many/", signal)).toHaveLength(1050);
    const chunks: Buffer[] = [];
    for await (const chunk of (await store.open("many/00007", signal)) ?? []) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks)).toHaveLength(1);
    expect(await store.open("many/none", signal)).toBeUndefined();
    client.destroy();
  });

  test("says in a sentence that a bucket is not there", async () => {
    const client = makeS3Client(connection());
    const store = new S3Store({ client, bucket: "no-such-bucket" });
    await expect(store.get("a", signal)).rejects.toThrow(
      /^Could not read a in the bucket no-such-bucket: what it needs is not there\./,
    );
    client.destroy();
  });
});
