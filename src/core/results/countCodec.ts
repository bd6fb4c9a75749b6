/** Bytes that grow as they are written; `bytes()` is a view of what has been written so far. */
export class ByteWriter {
  #buffer = new Uint8Array(256);
  #length = 0;

  /** Writes a whole number from 0 to 2^53 as LEB128. */
  writeVarint(value: number): void {
    if (this.#length + 10 > this.#buffer.length) this.#grow(10);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** Writes a 32-bit number, most significant byte first. */
  writeUint32(value: number): void {
    if (this.#length + 4 > this.#buffer.length) this.#grow(4);
    for (let shift = 24; shift >= 0; shift -= 8) this.#buffer[this.#length++] = value >>> shift;
  }

  /** Writes bytes as they are. */
  writeBytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#buffer.length) this.#grow(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What has been written: a view that the next writing may change. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(by: number): void {
    const larger = new Uint8Array(2 * (this.#buffer.length + by));
    larger.set(this.bytes());
    this.#buffer = larger;
  }
}

/**
 * Writes counts as HdrHistogram V2 does: ZigZag LEB128, a positive number is a count and a negative one a run of zeros.
 * Zeros behind the last count are left out.
 */
export function writeCounts(writer: ByteWriter, row: ArrayLike<number>, first = 0): void {
  let zeros = first;
  for (let index = 0; index < row.length; index++) {
    const count = row[index] ?? 0;
    if (count === 0) {
      zeros++;
      continue;
    }
    if (zeros > 0) writer.writeVarint(zeros === 1 ? 0 : 2 * zeros - 1);
    writer.writeVarint(2 * count);
    zeros = 0;
  }
}

/** Counts that have been read; the arrays are reused by the next reading. */
export interface CountPairs {
  readonly length: number;
  readonly indexes: Uint32Array;
  readonly counts: Float64Array;
}

/** Far beyond the buckets of any histogram; what claims more is broken. */
const mostIndexes = 1_000_000;

let indexes = new Uint32Array(4096);
let counts = new Float64Array(4096);

/**
 * Reads the counts that {@link writeCounts} wrote, without the zeros; undefined when the bytes end inside a number.
 * What HdrHistogram's ninth byte could carry is beyond whole numbers here.
 */
export function readCounts(bytes: Uint8Array, from: number, to: number): CountPairs | undefined {
  makeRoom(to - from);
  let length = 0;
  let index = 0;
  for (let at = from; at < to;) {
    const byte = bytes[at++] ?? 0;
    // Nearly every number fits one byte, and whole-number arithmetic makes that case several times as fast.
    if (byte < 128) {
      if ((byte & 1) === 1) {
        index += (byte + 1) >> 1;
      } else {
        if (byte > 0) {
          indexes[length] = index;
          counts[length++] = byte >> 1;
        }
        index++;
      }
      continue;
    }
    let value = byte & 127;
    let next = byte;
    for (let scale = 128; next > 127; scale *= 128) {
      if (at >= to) return undefined;
      next = bytes[at++] ?? 0;
      value += (next & 127) * scale;
    }
    if (value % 2 === 0) {
      indexes[length] = index++;
      counts[length++] = value / 2;
    } else {
      index += (value + 1) / 2;
      if (index > mostIndexes) return undefined;
    }
  }
  return { length, indexes, counts };
}

/** Adds up the counts that {@link writeCounts} wrote; undefined when {@link readCounts} would refuse them. */
export function sumCounts(bytes: Uint8Array, from: number, to: number): number | undefined {
  let sum = 0;
  let index = 0;
  for (let at = from; at < to;) {
    const byte = bytes[at++] ?? 0;
    if (byte < 128) {
      if ((byte & 1) === 0) sum += byte >> 1;
      continue;
    }
    let value = byte & 127;
    let next = byte;
    for (let scale = 128; next > 127; scale *= 128) {
      if (at >= to) return undefined;
      next = bytes[at++] ?? 0;
      value += (next & 127) * scale;
    }
    if (value % 2 === 0) sum += value / 2;
    else if ((index += (value + 1) / 2) > mostIndexes) return undefined;
  }
  return sum;
}

/** Writes counts as pairs of the number of zeros before a count and the count, both varints: faster to read than V2. */
export function writePairs(writer: ByteWriter, row: ArrayLike<number>, first = 0): void {
  let zeros = first;
  for (let index = 0; index < row.length; index++) {
    const count = row[index] ?? 0;
    if (count === 0) {
      zeros++;
      continue;
    }
    writer.writeVarint(zeros);
    writer.writeVarint(count);
    zeros = 0;
  }
}

/** Reads what {@link writePairs} wrote; undefined when it is broken. */
export function readPairs(bytes: Uint8Array, from: number, to: number): CountPairs | undefined {
  makeRoom(to - from);
  let length = 0;
  let index = -1;
  for (let at = from; at < to; length++) {
    let gap = bytes[at++] ?? 0;
    if (gap > 127) {
      gap &= 127;
      for (let scale = 128, next = 128; next > 127; scale *= 128) {
        if (at >= to) return undefined;
        next = bytes[at++] ?? 0;
        gap += (next & 127) * scale;
      }
    }
    if (at >= to) return undefined;
    let count = bytes[at++] ?? 0;
    if (count > 127) {
      count &= 127;
      for (let scale = 128, next = 128; next > 127; scale *= 128) {
        if (at >= to) return undefined;
        next = bytes[at++] ?? 0;
        count += (next & 127) * scale;
      }
    }
    index += gap + 1;
    if (index > mostIndexes) return undefined;
    indexes[length] = index;
    counts[length] = count;
  }
  return { length, indexes, counts };
}

/** Tells whether {@link readPairs} would read the bytes. */
export function arePairs(bytes: Uint8Array, from: number, to: number): boolean {
  let index = -1;
  let isCount = false;
  for (let at = from; at < to; isCount = !isCount) {
    let byte = bytes[at++] ?? 0;
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      if (at >= to) return false;
      byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
    }
    if (!isCount) index += value + 1;
  }
  return !isCount && index <= mostIndexes;
}

function makeRoom(length: number): void {
  if (indexes.length >= length) return;
  indexes = new Uint32Array(2 * length);
  counts = new Float64Array(2 * length);
}
