import { readFileSync } from "node:fs";
import { resolve, sep } from "node:path";
import { UserError } from "../../core/errors.ts";

/** Gives the content of a file that a scenario names. */
export interface FileSource {
  /** @throws {UserError} when it cannot be read */
  read(path: string): Buffer;
}

/** Reads files of the unpacked bundle, each once. */
export class Bundle implements FileSource {
  readonly #folder: string;
  readonly #files = new Map<string, Buffer>();

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** Reads a file by its portable path. @throws {UserError} `file-outside`, `file-unreadable` */
  read(path: string): Buffer {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const absolute = resolve(this.#folder, path);
    if (!absolute.startsWith(this.#folder + sep)) {
      throw new UserError("file-outside", `The file ${path} lies outside the scenario's folder.`, {
        hint: "Put it beside the scenario and name it with a relative path.",
      });
    }
    const bytes = readFile(absolute, path);
    this.#files.set(path, bytes);
    return bytes;
  }
}

function readFile(absolute: string, path: string): Buffer {
  try {
    return readFileSync(absolute);
  } catch (cause) {
    throw new UserError("file-unreadable", `The file ${path} cannot be read.`, {
      hint: "Check that it exists beside the scenario and that the scenario names it.",
      cause,
    });
  }
}
