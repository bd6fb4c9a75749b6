import { unzipSync } from "fflate";
import { checkZipEntries, portablePath, type ZipEntry } from "../../core/scenario/bundle.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { formatBytes } from "../../core/units.ts";
import { ApiError } from "./apiError.ts";

/** What the function can hold in memory beside the packed zip. */
const mostUnpackedBytes = 200 * 1024 ** 2;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const linkType = 0o120000;

/** Files of a zip by portable path, or what is wrong with it. */
export type ZipReading =
  | { readonly files: ReadonlyMap<string, Uint8Array>; readonly problems?: undefined }
  | { readonly problems: readonly Problem[] };

/**
 * Unpacks an uploaded zip after its directory has been checked: nothing that leaves the folder, no links, no bombs, no
 * more than the function can hold.
 * @throws {ApiError} 400 when it is no zip, 413 when it is too large
 */
export function readZip(name: string, bytes: Uint8Array): ZipReading {
  const entries = readDirectory(bytes);
  if (entries === undefined) throw noZip(name);
  const problems = checkZipEntries(name, entries);
  if (problems.length > 0) return { problems };
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (total > mostUnpackedBytes) {
    throw new ApiError(
      413,
      "too-large",
      `${name} unpacks to ${formatBytes(total)}; ${formatBytes(mostUnpackedBytes)} are the most.`,
      {
        hint: "Leave out what the run does not need, or start the test with the command line or the editor.",
      },
    );
  }
  const files = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(unpack(name, bytes))) {
    const portable = portablePath(path);
    if ("path" in portable && !path.endsWith("/") && !isLitter(portable.path)) files.set(portable.path, content);
  }
  return { files };
}

// fflate gives each file the room that the directory says, and no more.
function unpack(name: string, bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes);
  } catch {
    throw noZip(name);
  }
}

function noZip(name: string): ApiError {
  return new ApiError(400, "not-a-zip", `${name} is no zip that can be read.`, {
    hint: "Pack the files once more, without a password, and upload the zip again.",
  });
}

// What macOS adds to every zip.
function isLitter(path: string): boolean {
  return path.startsWith("__MACOSX/") || path.endsWith(".DS_Store");
}

/** Lists a zip's entries as its directory has them (PKWARE's APPNOTE, 4.3.12); undefined when there is none. */
function readDirectory(bytes: Uint8Array): readonly ZipEntry[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return undefined;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== entrySignature) return undefined;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const nameEnd = at + 46 + (nameLength ?? 0);
    entries.push({
      path: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
      bytes: view.getUint32(at + 24, true),
      packedBytes: view.getUint32(at + 20, true),
      // The upper half of the external attributes is the mode of Unix.
      isLink: ((view.getUint32(at + 38, true) >>> 16) & 0o170000) === linkType,
    });
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return entries;
}

/** The end of the directory stands at the end of the file, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}
