import { Type, type Static } from "typebox";
import { Check } from "typebox/value";
import { arePairs, ByteWriter } from "./countCodec.ts";

/** Digits of the histograms that are kept over time: 0.8 % wide buckets. */
export const seriesDigits = 2;

/** Most figures of a label: eight of its own, and the rest response codes, of which a strange target may send any number. */
const mostColumns = 64;
const otherCodes = "code:other";

/** Names the column for a figure: its own, or once a label has many the one of all other codes. */
export function columnName(columns: ReadonlyMap<string, unknown>, name: string): string {
  return columns.has(name) || columns.size < mostColumns || !name.startsWith("code:") ? name : otherCodes;
}

/** Length of a column in bytes; the columns follow the head in the order in which it names them. */
const ColumnLength = Type.Integer({ minimum: 0 });
const Unit = Type.Union([Type.Literal("ms"), Type.Literal("us")]);

const GridHead = Type.Object({
  bucketSeconds: Type.Integer({ minimum: 1 }),
  users: ColumnLength,
  labels: Type.Array(
    Type.Object({
      label: Type.String(),
      columns: Type.Array(Type.Object({ name: Type.String(), length: ColumnLength })),
      histograms: Type.Optional(Type.Object({ unit: Unit, length: ColumnLength })),
    }),
  ),
});

/**
 * First line of a task's figures over time, JSON; the bytes of the columns follow it (all gzip, at most 8 MiB unpacked).
 * Written by the agent, read by collect.
 */
const SeriesHead = Type.Object({ schema: Type.Literal("loadfleet.series.v1"), buckets: GridHead, seconds: GridHead });
type SeriesHead = Static<typeof SeriesHead>;

/** One label over time. */
export interface WireLabel {
  readonly label: string;
  /** Figures by name: one varint per bucket; shorter columns end with zeros. */
  readonly columns: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Per bucket the length and the counts of its histogram; undefined when the label keeps none. */
  readonly histograms: { readonly unit: "ms" | "us"; readonly bytes: Uint8Array } | undefined;
}

/** Labels over time in buckets of one width, counted from the start instant. */
export interface WireGrid {
  readonly bucketSeconds: number;
  /** One varint per bucket; it says how many buckets there are. */
  readonly users: Uint8Array;
  readonly labels: readonly WireLabel[];
}

/** A task's figures over time: all labels in buckets, and those of short windows second by second. */
export interface WireSeries {
  readonly buckets: WireGrid;
  readonly seconds: WireGrid;
}

/** Writes whole numbers as varints. */
export function encodeColumn(column: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  for (const value of column) writer.writeVarint(value);
  return writer.bytes();
}

/** Adds a column that {@link encodeColumn} wrote, `factor` of its buckets to one of these. */
export function addColumn(target: number[], bytes: Uint8Array, factor: number): void {
  for (let at = 0, bucket = 0; at < bytes.length; bucket++) {
    let byte = bytes[at++] ?? 0;
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
    }
    const index = factor === 1 ? bucket : Math.floor(bucket / factor);
    if (index >= target.length) target.push(value);
    else target[index] = (target[index] ?? 0) + value;
  }
}

/** Reads a column. */
export function decodeColumn(bytes: Uint8Array): readonly number[] {
  const column: number[] = [];
  addColumn(column, bytes, 1);
  return column;
}

/** Tells whether a grid's columns and histograms can be read to their ends, so that none is added in part. */
export function isWholeGrid({ users, labels }: WireGrid): boolean {
  return (
    isWholeColumn(users) &&
    labels.every(
      ({ columns, histograms }) =>
        columns.every(({ bytes }) => isWholeColumn(bytes)) &&
        (histograms === undefined || areWholeHistograms(histograms.bytes)),
    )
  );
}

// A column is nothing but varints: it can only end inside one.
function isWholeColumn(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0) < 128;
}

function areWholeHistograms(bytes: Uint8Array): boolean {
  let areWhole = true;
  const isWalked = walkHistograms(bytes, (_bucket, from, to) => {
    areWhole &&= arePairs(bytes, from, to);
  });
  return isWalked && areWhole;
}

/** Writes one histogram per bucket, an empty one as a length of 0. */
export function encodeHistograms(rows: readonly (Uint8Array | undefined)[]): Uint8Array {
  const writer = new ByteWriter();
  for (const row of rows) {
    writer.writeVarint(row?.length ?? 0);
    if (row !== undefined) writer.writeBytes(row);
  }
  return writer.bytes();
}

/**
 * Walks through what {@link encodeHistograms} wrote, calling `visit` with the stretch of each bucket that is not empty.
 * Answers false when the bytes are broken.
 */
export function walkHistograms(bytes: Uint8Array, visit: (bucket: number, from: number, to: number) => void): boolean {
  for (let at = 0, bucket = 0; at < bytes.length; bucket++) {
    let byte = bytes[at++] ?? 0;
    let length = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++] ?? 0;
      length += (byte & 127) * scale;
    }
    if (at + length > bytes.length) return false;
    if (length > 0) visit(bucket, at, at + length);
    at += length;
  }
  return true;
}

/** Writes a series: a line of JSON and the columns; the caller compresses them. */
export function encodeSeries({ buckets, seconds }: WireSeries): Uint8Array {
  const head: SeriesHead = { schema: "loadfleet.series.v1", buckets: headOf(buckets), seconds: headOf(seconds) };
  const writer = new ByteWriter();
  writer.writeBytes(new TextEncoder().encode(`${JSON.stringify(head)}\n`));
  for (const grid of [buckets, seconds]) {
    writer.writeBytes(grid.users);
    for (const { columns, histograms } of grid.labels) {
      for (const column of columns) writer.writeBytes(column.bytes);
      if (histograms !== undefined) writer.writeBytes(histograms.bytes);
    }
  }
  return writer.bytes();
}

function headOf({ bucketSeconds, users, labels }: WireGrid): SeriesHead["buckets"] {
  return {
    bucketSeconds,
    users: users.length,
    labels: labels.map(({ label, columns, histograms }) => ({
      label,
      columns: columns.map(({ name, bytes }) => ({ name, length: bytes.length })),
      ...(histograms === undefined ? {} : { histograms: { unit: histograms.unit, length: histograms.bytes.length } }),
    })),
  };
}

/** Reads a series; undefined when the bytes are none, or not whole. Its columns are views of the bytes. */
export function decodeSeries(bytes: Uint8Array): WireSeries | undefined {
  const headLength = bytes.indexOf(10);
  const head = parseJson(new TextDecoder().decode(bytes.subarray(0, Math.max(headLength, 0))));
  if (!Check(SeriesHead, head)) return undefined;
  let at = headLength + 1;
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  const series = { buckets: gridOf(head.buckets, take), seconds: gridOf(head.seconds, take) };
  return at === bytes.length ? series : undefined;
}

function gridOf(head: SeriesHead["buckets"], take: (length: number) => Uint8Array): WireGrid {
  return {
    bucketSeconds: head.bucketSeconds,
    users: take(head.users),
    labels: head.labels.map(({ label, columns, histograms }) => ({
      label,
      columns: columns.map(({ name, length }) => ({ name, bytes: take(length) })),
      histograms: histograms && { unit: histograms.unit, bytes: take(histograms.length) },
    })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
