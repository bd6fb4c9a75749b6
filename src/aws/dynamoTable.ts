import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as wait } from "node:timers/promises";
import { mapConcurrent } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import type { WriteOutcome } from "../fleet/ports.ts";
import { explain, isNamed } from "./awsErrors.ts";
import {
  fromWire,
  keyOf,
  keyToWire,
  toWire,
  wireCondition,
  wireRange,
  wireUpdate,
  type Expression,
  type Item,
  type ItemKey,
  type Range,
  type Write,
} from "./dynamoWire.ts";

const readsAtATime = 16;
const keysPerRead = 100;
const keysPerWrite = 25;
const mostRepeats = 12;

/** The few ways in which the ledger uses a table of DynamoDB; failures are user errors that name the table. */
export class DynamoTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** Reads an item as the last write left it, or for half the price as it was a moment ago. */
  async get({ pk, sk }: ItemKey, signal: AbortSignal, isConsistent = true): Promise<Item | undefined> {
    const command = new GetItemCommand({
      TableName: this.#name,
      Key: keyToWire({ pk, sk }),
      ConsistentRead: isConsistent,
    });
    const { Item: item } = await this.#explain("read", this.#client.send(command, { abortSignal: signal }));
    return item && fromWire(item);
  }

  async put(item: Item, signal: AbortSignal, condition?: Expression): Promise<WriteOutcome> {
    const command = new PutItemCommand({ TableName: this.#name, Item: toWire(item), ...wireCondition(condition) });
    return this.#write(() => this.#client.send(command, { abortSignal: signal }), signal);
  }

  async update(
    { pk, sk }: ItemKey,
    change: Expression,
    signal: AbortSignal,
    condition?: Expression,
  ): Promise<WriteOutcome> {
    const command = new UpdateItemCommand({
      TableName: this.#name,
      Key: keyToWire({ pk, sk }),
      ...wireUpdate(change, condition),
    });
    return this.#write(() => this.#client.send(command, { abortSignal: signal }), signal);
  }

  async delete({ pk, sk }: ItemKey, signal: AbortSignal, condition?: Expression): Promise<WriteOutcome> {
    const command = new DeleteItemCommand({
      TableName: this.#name,
      Key: keyToWire({ pk, sk }),
      ...wireCondition(condition),
    });
    return this.#write(() => this.#client.send(command, { abortSignal: signal }), signal);
  }

  /** Writes all or nothing. Gives `written`, or for each write whether its condition failed. */
  async transact(writes: readonly Write[], signal: AbortSignal): Promise<"written" | readonly boolean[]> {
    const command = new TransactWriteItemsCommand({ TransactItems: writes.map((write) => this.#toTransact(write)) });
    for (let repeat = 0; ; repeat++) {
      try {
        await this.#client.send(command, { abortSignal: signal });
        return "written";
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) return this.#explain("write", Promise.reject(error));
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        if (codes.includes("ConditionalCheckFailed")) return codes.map((code) => code === "ConditionalCheckFailed");
        // Someone else writes the same items at this moment, or too much is written.
        if (repeat === mostRepeats) return this.#explain("write", Promise.reject(error));
        await pause(repeat, signal);
      }
    }
  }

  /** Reads all pages, or up to the limit. */
  async query(range: Range, signal: AbortSignal): Promise<readonly Item[]> {
    const items: Item[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const left = range.limit === undefined ? {} : { Limit: range.limit - items.length };
      const command = new QueryCommand({
        TableName: this.#name,
        ...wireRange(range),
        ...left,
        ...(start && { ExclusiveStartKey: start }),
      });
      const page = await this.#explain("read", this.#client.send(command, { abortSignal: signal }));
      items.push(...(page.Items ?? []).map(fromWire));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && items.length < (range.limit ?? Infinity));
    return items;
  }

  /** Reads many items by key, a hundred a call, in any order; those that are not there are left out. */
  async getMany(keys: readonly ItemKey[], signal: AbortSignal): Promise<readonly Item[]> {
    const read = (chunk: readonly ItemKey[]) => this.#getChunk(chunk, signal);
    return (await mapConcurrent(chunksOf(keys, keysPerRead), readsAtATime, read, signal)).flat();
  }

  async putMany(items: readonly Item[], signal: AbortSignal): Promise<void> {
    const requests = items.map((item) => ({ PutRequest: { Item: toWire(item) } }));
    await this.#writeMany(requests, signal);
  }

  async deleteMany(keys: readonly ItemKey[], signal: AbortSignal): Promise<void> {
    const requests = keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: keyToWire({ pk, sk }) } }));
    await this.#writeMany(requests, signal);
  }

  async #getChunk(keys: readonly ItemKey[], signal: AbortSignal): Promise<readonly Item[]> {
    const items: Item[] = [];
    let pending: Record<string, AttributeValue>[] = keys.map(({ pk, sk }) => keyToWire({ pk, sk }));
    for (let repeat = 0; pending.length > 0; repeat++) {
      if (repeat > 0) await this.#pauseOrFail(repeat, signal);
      const command = new BatchGetItemCommand({
        RequestItems: { [this.#name]: { Keys: pending, ConsistentRead: true } },
      });
      const answer = await this.#explain("read", this.#client.send(command, { abortSignal: signal }));
      items.push(...(answer.Responses?.[this.#name] ?? []).map(fromWire));
      pending = answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
    }
    return items;
  }

  async #writeMany(requests: readonly WriteRequest[], signal: AbortSignal): Promise<void> {
    const write = async (chunk: typeof requests): Promise<void> => {
      let pending = [...chunk];
      for (let repeat = 0; pending.length > 0; repeat++) {
        if (repeat > 0) await this.#pauseOrFail(repeat, signal);
        const command = new BatchWriteItemCommand({ RequestItems: { [this.#name]: pending } });
        const answer = await this.#explain("write", this.#client.send(command, { abortSignal: signal }));
        const left = new Set((answer.UnprocessedItems?.[this.#name] ?? []).map((request) => keyOf(request)));
        pending = pending.filter((request) => left.has(keyOf(request)));
      }
    };
    await mapConcurrent(chunksOf(requests, keysPerWrite), readsAtATime, write, signal);
  }

  async #pauseOrFail(repeat: number, signal: AbortSignal): Promise<void> {
    if (repeat <= mostRepeats) return pause(repeat, signal);
    throw new UserError("aws-throttled", `The table ${this.#name} keeps leaving a part of what it was asked undone.`, {
      kind: "environment",
      hint: "Wait a minute and do it again; the table may be used by much more than its share.",
    });
  }

  async #write(send: () => Promise<unknown>, signal: AbortSignal): Promise<WriteOutcome> {
    for (let repeat = 0; ; repeat++) {
      try {
        await send();
        return "written";
      } catch (error) {
        if (isNamed(error, "ConditionalCheckFailedException")) return "conflict";
        // A transaction of someone else holds the item at this moment.
        const isBusy = isNamed(error, "TransactionConflictException");
        if (!isBusy || repeat === mostRepeats) return this.#explain("write", Promise.reject(error));
        await pause(repeat, signal);
      }
    }
  }

  #explain<T>(doing: "read" | "write", call: Promise<T>): Promise<T> {
    return explain(`${doing} the table ${this.#name}`, call);
  }

  #toTransact(write: Write): TransactWriteItem {
    const TableName = this.#name;
    if ("put" in write) return { Put: { TableName, Item: toWire(write.put), ...wireCondition(write.condition) } };
    if ("remove" in write) return { Delete: { TableName, Key: keyToWire(write.remove) } };
    return { Update: { TableName, Key: keyToWire(write.update), ...wireUpdate(write.change, write.condition) } };
  }
}

async function pause(repeat: number, signal: AbortSignal): Promise<void> {
  await wait(Math.random() * Math.min(2000, 25 * 2 ** repeat), undefined, { signal });
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
