import { unzlibSync } from "fflate";
import { UserError } from "../errors.ts";
import type { WireHistogram } from "../run/wire.ts";
import { decodeBase64Shared, encodeBase64 } from "./base64.ts";
import { ByteWriter, readCounts, sumCounts, writeCounts, type CountPairs } from "./countCodec.ts";

/** Significant decimal digits that a histogram keeps of a value. */
export type Digits = 1 | 2 | 3;

const encodingCookie = 0x1c849313;
const compressedCookie = 0x1c849314;
const headerBytes = 40;

/** Writes uncompressed HdrHistogram V2 in base64. */
export function writeWire(
  unit: WireHistogram["unit"],
  digits: Digits,
  highest: number,
  counts: ArrayLike<number>,
): WireHistogram {
  const payload = new ByteWriter();
  writeCounts(payload, counts);
  const writer = new ByteWriter();
  // Cookie, payload length, offset 0, digits, lowest 1 and highest in 64 bits, conversion ratio 1.0 as a 64-bit float.
  const head = [encodingCookie, payload.bytes().length, 0, digits, 0, 1, 0, highest, 0x3ff00000, 0];
  for (const word of head) writer.writeUint32(word);
  writer.writeBytes(payload.bytes());
  return { unit, v2: encodeBase64(writer.bytes()) };
}

/**
 * Reads HdrHistogram V2, compressed or not; the counts are reused by the next reading.
 * @throws {UserError} `broken-histogram` when it is not whole
 */
export function readWire(wire: WireHistogram): { readonly digits: Digits; readonly pairs: CountPairs } {
  const { digits, bytes, end } = openWire(wire);
  const pairs = readCounts(bytes, headerBytes, end);
  if (pairs === undefined) throw brokenHistogram("its counts end too early");
  return { digits, pairs };
}

/** Digits of a written histogram. @throws {UserError} `broken-histogram` when it is not whole */
export function digitsOfWire(wire: WireHistogram): Digits {
  return openWire(wire).digits;
}

/** Counts the values of a written histogram without keeping them. @throws {UserError} `broken-histogram` */
export function countOfWire(wire: WireHistogram): number {
  const { bytes, end } = openWire(wire);
  const total = sumCounts(bytes, headerBytes, end);
  if (total === undefined) throw brokenHistogram("its counts end too early");
  return total;
}

interface OpenWire {
  readonly digits: Digits;
  /** Reused by the next opening; the counts stand between the header and `end`. */
  readonly bytes: Uint8Array;
  readonly end: number;
}

function openWire(wire: WireHistogram): OpenWire {
  let bytes = decodeBase64Shared(wire.v2);
  if (bytes === undefined) throw brokenHistogram("it is not base64");
  if (bytes.length >= 8 && uint32At(bytes, 0) === compressedCookie) bytes = inflate(bytes.subarray(8));
  if (bytes.length < headerBytes || uint32At(bytes, 0) !== encodingCookie) {
    throw brokenHistogram("it is not HdrHistogram V2");
  }
  const end = headerBytes + uint32At(bytes, 4);
  if (end > bytes.length) throw brokenHistogram("it is cut short");
  const digits = uint32At(bytes, 12);
  if (digits !== 1 && digits !== 2 && digits !== 3) throw brokenHistogram(`it has ${digits} digits instead of 1 to 3`);
  if (uint32At(bytes, 16) !== 0 || uint32At(bytes, 20) !== 1) throw brokenHistogram("its lowest value is not 1");
  return { digits, bytes, end };
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return unzlibSync(bytes);
  } catch (cause) {
    throw brokenHistogram("its compressed part cannot be read", cause);
  }
}

function uint32At(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** The error of a histogram that cannot be read, for the reason that the sentence part gives. */
export function brokenHistogram(why: string, cause?: unknown): UserError {
  return new UserError("broken-histogram", `A histogram cannot be read: ${why}.`, { kind: "run", cause });
}
