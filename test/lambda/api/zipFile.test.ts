import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/lambda/api/apiError.ts";
import { readZip } from "../../../src/lambda/api/zipFile.ts";

const text = (content: string) => new TextEncoder().encode(content);
const whole = zipSync({ "plan/shop.jmx": text("<plan/>"), "plan/data/users.csv": text("name\nmaria\n".repeat(50)) });

/** What becomes of a zip: the paths of its files, the codes of its problems, or the status of a refusal. */
function outcomeOf(bytes: Uint8Array): string {
  try {
    const { files, problems } = { files: undefined, ...readZip("shop.zip", bytes) };
    return files === undefined ? (problems ?? []).map(({ code }) => code).join() : [...files.keys()].join();
  } catch (error) {
    if (error instanceof ApiError) return String(error.status);
    throw error;
  }
}

describe("readZip", () => {
  it("gives the files by their portable paths, without folders and what macOS adds", () => {
    const zip = zipSync({
      "plan/": new Uint8Array(),
      "plan\\shop.jmx": text("<plan/>"),
      "__MACOSX/._plan": text("litter"),
      "plan/.DS_Store": text("litter"),
    });
    expect(outcomeOf(zip)).toBe("plan/shop.jmx");
  });

  it("reads a zip behind which there is a comment", () => {
    const comment = text("packed by hand");
    const zip = new Uint8Array([...whole, ...comment]);
    zip[whole.length - 2] = comment.length;
    expect(outcomeOf(zip)).toBe("plan/shop.jmx,plan/data/users.csv");
  });

  it("refuses more than the function can hold, though each file is harmless", () => {
    const noise = Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 2_654_435_761) >>> 24);
    const zip = zipSync({ "a.bin": [noise, { level: 0 }] });
    // The directory alone is read before anything is unpacked: it may say what it likes.
    const entry = zip.findLastIndex((_, at) => zip[at] === 0x50 && zip[at + 1] === 0x4b && zip[at + 2] === 1);
    new DataView(zip.buffer).setUint32(entry + 24, 220_000_000, true);
    expect(outcomeOf(zip)).toBe("413");
  });

  it("refuses what damage has made unreadable, and never takes a path that leaves the folder", () => {
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, length) => {
        const zip = whole.slice(0, length % 3 === 0 ? length : whole.length);
        for (const [at, byte] of changes) if (at < zip.length) zip[at] = byte;
        // Anything but a refusal would be thrown on; no path that is taken leads out of the folder.
        expect(outcomeOf(zip)).not.toMatch(/(^|,)(\/|\.\.\/)/);
      }),
      { numRuns: 2000 },
    );
  });
});
