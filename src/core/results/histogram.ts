import { UserError } from "../errors.ts";
import type { WireHistogram } from "../run/wire.ts";
import { ByteWriter, readPairs, writePairs, type CountPairs } from "./countCodec.ts";
import { brokenHistogram, readWire, writeWire, type Digits } from "./histogramWire.ts";

/** Unit of a histogram's whole numbers: milliseconds or microseconds. */
export type TimeUnit = "ms" | "us";

/** A range of values that a histogram counts together; both ends are inclusive. */
export interface HistogramBucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** How many of a unit make a millisecond. */
export const unitsPerMs: Readonly<Record<TimeUnit, number>> = { ms: 1, us: 1000 };

const highestOf: Readonly<Record<TimeUnit, number>> = { ms: 3_600_000, us: 3_600_000_000 };

/** Power of two of the values that share a bucket's width, by digits (HdrHistogram's sub-bucket half count). */
const halfMagnitudeOf: Readonly<Record<Digits, number>> = { 1: 4, 2: 7, 3: 10 };

/**
 * Counts of response times in HdrHistogram's buckets: values from 0 to one hour, at most 0.1 % wide with 3 digits.
 * Its wire form is HdrHistogram V2, which the libraries of other languages read and write.
 */
export class Histogram {
  readonly unit: TimeUnit;
  readonly digits: Digits;
  readonly #highest: number;
  readonly #halfMagnitude: number;
  /** Grows in steps as far as the highest value needs. */
  #counts: Float64Array;
  #totalCount = 0;

  constructor(unit: TimeUnit, options: { readonly digits?: Digits; readonly highest?: number } = {}) {
    this.unit = unit;
    this.digits = options.digits ?? 3;
    // Buckets are found with 32-bit arithmetic.
    this.#highest = Math.min(options.highest ?? highestOf[unit], 0xffffffff);
    this.#halfMagnitude = halfMagnitudeOf[this.digits];
    this.#counts = new Float64Array(2 << this.#halfMagnitude);
  }

  /** Reads a histogram with the digits that it was written with. @throws {UserError} `broken-histogram` */
  static fromWire(wire: WireHistogram): Histogram {
    const { digits, pairs } = readWire(wire);
    const histogram = new Histogram(wire.unit, { digits });
    histogram.#addPairs(pairs);
    return histogram;
  }

  get totalCount(): number {
    return this.#totalCount;
  }

  /** Lowest value of the lowest bucket in use, 0 when empty. */
  get min(): number {
    const first = this.#counts.findIndex((count) => count > 0);
    return first < 0 ? 0 : this.#lowOf(first);
  }

  /** Highest value of the highest bucket in use, 0 when empty. */
  get max(): number {
    const last = this.#counts.findLastIndex((count) => count > 0);
    return last < 0 ? 0 : this.#highOf(last);
  }

  /** Adds `count` times a value in the unit; fractions are cut off, values outside the range count at its end. */
  record(value: number, count = 1): void {
    const whole = value > 0 ? (value < this.#highest ? value >>> 0 : this.#highest) : 0;
    this.#addAt(this.#indexOf(whole), count);
  }

  /** Adds all counts of another histogram; with other digits they go where its buckets' lowest values belong. @throws {UserError} `unit-mismatch` */
  add(other: Histogram): void {
    if (other.unit !== this.unit) throw unitMismatch(other.unit, this.unit);
    const counts = other.#counts;
    // At once rather than octave by octave.
    if (other.digits === this.digits && counts.length > this.#counts.length) this.#grow(counts.length - 1);
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index] ?? 0;
      if (count > 0) this.#addAt(other.digits === this.digits ? index : this.#indexOf(other.#lowOf(index)), count);
    }
  }

  /** Takes back what {@link add} added of a histogram with the same unit and digits. */
  subtract(other: Histogram): void {
    for (let index = 0; index < other.#counts.length; index++) {
      const count = other.#counts[index] ?? 0;
      if (count > 0) this.#addAt(index, -count);
    }
  }

  /**
   * Value of the nearest rank for a percentage from 0 to 100: the highest value of the bucket in which it lies, as
   * HdrHistogram answers, and the lowest for 0. An empty histogram answers 0.
   */
  percentile(percentage: number): number {
    const exactRank = (Math.min(percentage, 100) / 100) * this.#totalCount;
    // Floating point may put a whole rank a hair too high.
    const rank = Math.max(Math.ceil(exactRank - exactRank * Number.EPSILON), 1);
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank) return percentage === 0 ? this.#lowOf(index) : this.#highOf(index);
    }
    return 0;
  }

  /** Buckets that hold anything, from the lowest. */
  *buckets(): Generator<HistogramBucket> {
    for (const [index, count] of this.#counts.entries()) {
      if (count > 0) yield { low: this.#lowOf(index), high: this.#highOf(index), count };
    }
  }

  /** Standard deviation of the buckets' middle values, in the unit. */
  get deviation(): number {
    let sum = 0;
    let squares = 0;
    for (const { low, high, count } of this.buckets()) {
      const middle = (low + high) / 2;
      sum += middle * count;
      squares += middle * middle * count;
    }
    if (this.#totalCount === 0) return 0;
    const mean = sum / this.#totalCount;
    return Math.sqrt(Math.max(squares / this.#totalCount - mean * mean, 0));
  }

  /** The same counts in another unit; each bucket goes where its middle belongs. */
  inUnit(unit: TimeUnit): Histogram {
    const factor = unitsPerMs[unit] / unitsPerMs[this.unit];
    const converted = new Histogram(unit, { digits: this.digits });
    for (const { low, high, count } of this.buckets()) converted.record(Math.floor((low + high) / 2) * factor, count);
    return converted;
  }

  reset(): void {
    this.#counts.fill(0);
    this.#totalCount = 0;
  }

  /** Writes uncompressed HdrHistogram V2 in base64. */
  toWire(): WireHistogram {
    return writeWire(this.unit, this.digits, this.#highest, this.#counts);
  }

  /** Adds the counts of a written histogram, straight from its bytes. @throws {UserError} `unit-mismatch`, `broken-histogram` */
  addWire(wire: WireHistogram): void {
    if (wire.unit !== this.unit) throw unitMismatch(wire.unit, this.unit);
    const { digits, pairs } = readWire(wire);
    if (digits === this.digits) {
      this.#addPairs(pairs);
      return;
    }
    const other = new Histogram(wire.unit, { digits });
    other.#addPairs(pairs);
    this.add(other);
  }

  /** Writes the counts alone, as {@link addCounts} of a histogram with the same digits reads them. */
  toCounts(): Uint8Array {
    const writer = new ByteWriter();
    writePairs(writer, this.#counts);
    return writer.bytes();
  }

  /** Adds counts written by {@link toCounts}. @throws {UserError} `broken-histogram` */
  addCounts(bytes: Uint8Array): void {
    const pairs = readPairs(bytes, 0, bytes.length);
    if (pairs === undefined) throw brokenHistogram("its counts end too early");
    this.#addPairs(pairs);
  }

  #addPairs({ length, indexes, counts }: CountPairs): void {
    if (length === 0) return;
    const last = this.#indexOf(this.#highest);
    // Indexes ascend.
    const highest = Math.min(indexes[length - 1] ?? 0, last);
    if (highest >= this.#counts.length) this.#grow(highest);
    const own = this.#counts;
    let total = 0;
    for (let pair = 0; pair < length; pair++) {
      const index = indexes[pair] ?? 0;
      const count = counts[pair] ?? 0;
      const at = index < last ? index : last;
      own[at] = (own[at] ?? 0) + count;
      total += count;
    }
    this.#totalCount += total;
  }

  #addAt(index: number, count: number): void {
    if (index >= this.#counts.length) this.#grow(index);
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#totalCount += count;
  }

  #grow(index: number): void {
    const larger = new Float64Array(((index >> this.#halfMagnitude) + 2) << this.#halfMagnitude);
    larger.set(this.#counts);
    this.#counts = larger;
  }

  #indexOf(value: number): number {
    const shift = Math.max(31 - Math.clz32(value) - this.#halfMagnitude, 0);
    return (shift << this.#halfMagnitude) + (value >>> shift);
  }

  #lowOf(index: number): number {
    const shift = Math.max((index >> this.#halfMagnitude) - 1, 0);
    return (index - (shift << this.#halfMagnitude)) * 2 ** shift;
  }

  #highOf(index: number): number {
    return this.#lowOf(index + 1) - 1;
  }
}

function unitMismatch(from: TimeUnit, to: TimeUnit): UserError {
  return new UserError("unit-mismatch", `A histogram in ${from} cannot be added to one in ${to}.`, { kind: "run" });
}
