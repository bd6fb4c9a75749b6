import { ByteWriter, readPairs, writePairs } from "./countCodec.ts";

/** Values of one power of two are 128 with two digits: rows begin and end with one. */
const octave = 128;
/** Beyond every bucket of a histogram with two digits; a damaged one cannot ask for more memory. */
const lastIndex = 32 * octave - 1;

/** The range of indexes that the rows of one label need; new rows have room for it at once. */
export class RowRange {
  first = lastIndex + 1;
  end = 0;

  include(index: number): void {
    const start = index - (index % octave);
    this.first = Math.min(this.first, start);
    this.end = Math.max(this.end, start + octave);
  }
}

/** Counts of one bucket's histogram; 32 bits hold what a million requests a second leave in an hour. */
export class CountRow {
  #first = 0;
  #counts = new Uint32Array(0);

  /** Adds counts written as pairs; broken ones add nothing. */
  add(bytes: Uint8Array, from: number, to: number, range: RowRange): void {
    const pairs = readPairs(bytes, from, to);
    if (pairs === undefined || pairs.length === 0) return;
    const { length, indexes, counts } = pairs;
    // Indexes ascend.
    this.#makeRoom(Math.min(indexes[0] ?? 0, lastIndex), Math.min(indexes[length - 1] ?? 0, lastIndex), range);
    const own = this.#counts;
    const first = this.#first;
    for (let pair = 0; pair < length; pair++) {
      const at = Math.min(indexes[pair] ?? 0, lastIndex) - first;
      // Whole-number arithmetic: it runs a hundred million times for a large fleet.
      own[at] = ((own[at] ?? 0) + ((counts[pair] ?? 0) | 0)) | 0;
    }
  }

  toCounts(): Uint8Array {
    const writer = new ByteWriter();
    writePairs(writer, this.#counts, this.#first);
    return writer.bytes();
  }

  #makeRoom(lowest: number, highest: number, range: RowRange): void {
    if (lowest >= this.#first && highest < this.#first + this.#counts.length) return;
    range.include(lowest);
    range.include(highest);
    const larger = new Uint32Array(range.end - range.first);
    if (this.#counts.length > 0) larger.set(this.#counts, this.#first - range.first);
    this.#first = range.first;
    this.#counts = larger;
  }
}
