import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UserError } from "../core/errors.ts";
import { unpackBundle } from "../core/run/bundleArchive.ts";
import type { BundleFile } from "../core/run/plan.ts";

/** The folder of an agent: the unpacked bundle, and whatever its engine writes beside it. */
export class WorkFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Unpacks the bundle. @throws {UserError} `bad-bundle` when a file is missing, differs from the plan or leaves the folder */
  async fill(archive: Uint8Array, expected: readonly BundleFile[]): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const files = unpackBundle(archive, expected);
    for (const { path, sha256 } of expected) {
      const bytes = files.get(path);
      if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== sha256) {
        throw badBundle(`does not hold ${path} as planned`);
      }
      const target = this.#inside(path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes);
    }
  }

  /** Reads a file that the engine wrote. @throws {UserError} `bad-bundle` for a path that leads out of the folder */
  async read(path: string): Promise<Uint8Array> {
    const target = await realpath(this.#inside(path));
    if (isOutside(await realpath(this.path), target)) throw badBundle(`leads out of its folder with ${path}`);
    return readFile(target);
  }

  /** Path inside the folder with `/`, for an artifact given absolute or relative to the folder. */
  nameOf(path: string): string {
    return relative(this.path, this.#inside(path)).split(sep).join("/");
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  #inside(path: string): string {
    const target = isAbsolute(path) ? path : join(this.path, path);
    if (isOutside(this.path, target)) throw badBundle(`leads out of its folder with ${path}`);
    return target;
  }
}

function isOutside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}

function badBundle(what: string): UserError {
  return new UserError("bad-bundle", `The bundle of the run ${what}.`, {
    kind: "run",
    hint: "Start the run again; its files may have changed while they were packed.",
  });
}
