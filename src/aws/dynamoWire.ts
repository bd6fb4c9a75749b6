import type { AttributeValue, WriteRequest } from "@aws-sdk/client-dynamodb";
import { tableAttributes } from "../core/stack/names.ts";

/** Where an item stands. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Attributes of an item: texts and numbers are all that the ledger keeps. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An item with its key among its attributes. */
export type Item = ItemKey & Attributes;

/** A condition or an update in DynamoDB's words: `#name` stands for the attribute `name`, `:value` for one of the values. */
export interface Expression {
  readonly text: string;
  readonly values?: Attributes;
}

/** One write of a transaction. */
export type Write =
  | { readonly put: Item; readonly condition?: Expression }
  | { readonly update: ItemKey; readonly change: Expression; readonly condition?: Expression }
  | { readonly remove: ItemKey };

/** What to read of a partition, or of an index. */
export interface Range {
  readonly partition: string;
  readonly index?: { readonly name: string; readonly partition: string; readonly sort: string };
  /** Sort keys from here on, or with this beginning, or below this. */
  readonly from?: string;
  readonly prefix?: string;
  readonly below?: string;
  readonly isNewestFirst?: boolean;
  readonly limit?: number;
  readonly isConsistent?: boolean;
  /** Only these attributes of an item. */
  readonly only?: readonly string[];
}

/** Tells the items of a batch apart. */
export function keyOf(request: WriteRequest): string {
  const item = request.PutRequest?.Item ?? request.DeleteRequest?.Key;
  return `${item?.["pk"]?.S} ${item?.["sk"]?.S}`;
}

/** Attributes as DynamoDB takes them. */
export function toWire(attributes: Attributes): Record<string, AttributeValue> {
  const wire = (value: string | number): AttributeValue =>
    typeof value === "number" ? { N: String(value) } : { S: value };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, wire(value)]));
}

/** The key of an item as DynamoDB takes it. */
export function keyToWire({ pk, sk }: ItemKey): Record<string, AttributeValue> {
  return { [tableAttributes.partition]: { S: pk }, [tableAttributes.sort]: { S: sk } };
}

/** Attributes as the ledger uses them; other kinds than texts and numbers are left out. */
export function fromWire(item: Record<string, AttributeValue>): Item {
  const attributes: Record<string, string | number> = {};
  for (const [name, { S: text, N: number }] of Object.entries(item)) {
    if (text !== undefined) attributes[name] = text;
    else if (number !== undefined) attributes[name] = Number(number);
  }
  return { ...attributes, pk: item["pk"]?.S ?? "", sk: item["sk"]?.S ?? "" };
}

function namesIn(...texts: readonly (string | undefined)[]): Record<string, string> {
  const names = texts.flatMap((text) => text?.match(/#\w+/g) ?? []);
  return Object.fromEntries(names.map((name) => [name, name.slice(1)]));
}

function valuesOf(...expressions: readonly (Expression | undefined)[]): Record<string, AttributeValue> {
  const values = expressions.flatMap((expression) => Object.entries(toWire(expression?.values ?? {})));
  return Object.fromEntries(values.map(([name, value]) => [`:${name}`, value]));
}

function wireExpression(expressions: readonly (Expression | undefined)[]): {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
} {
  const names = namesIn(...expressions.map((expression) => expression?.text));
  const values = valuesOf(...expressions);
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

/** A condition as a part of a command. */
export function wireCondition(condition: Expression | undefined) {
  return condition === undefined ? {} : { ConditionExpression: condition.text, ...wireExpression([condition]) };
}

/** An update with its condition as a part of a command. */
export function wireUpdate(change: Expression, condition: Expression | undefined) {
  return {
    UpdateExpression: change.text,
    ...(condition === undefined ? {} : { ConditionExpression: condition.text }),
    ...wireExpression([change, condition]),
  };
}

/** What to read as a part of a query. */
export function wireRange(range: Range) {
  const { index, from, prefix, below, only } = range;
  const partition = index?.partition ?? tableAttributes.partition;
  const sort = index?.sort ?? tableAttributes.sort;
  const bounds = [
    ...(from === undefined ? [] : [`#${sort} >= :sort`]),
    ...(prefix === undefined ? [] : [`begins_with(#${sort}, :sort)`]),
    ...(below === undefined ? [] : [`#${sort} < :sort`]),
  ];
  const text = [`#${partition} = :partition`, ...bounds].join(" and ");
  const bound = from ?? prefix ?? below;
  const projection = only?.map((name) => `#${name}`).join(", ");
  const values = { partition: range.partition, ...(bound === undefined ? {} : { sort: bound }) };
  return {
    ...(index === undefined ? { ConsistentRead: range.isConsistent ?? true } : { IndexName: index.name }),
    KeyConditionExpression: text,
    ...(projection === undefined ? {} : { ProjectionExpression: projection }),
    ScanIndexForward: range.isNewestFirst !== true,
    ...wireExpression([{ text: `${text} ${projection ?? ""}`, values }]),
  };
}
