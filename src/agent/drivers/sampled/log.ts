import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const mostBytes = 20 * 1024 * 1024;

/** Keeps what an engine prints about itself, up to 20 MiB. */
export class EngineLog {
  readonly #file: WriteStream;
  #left = mostBytes;

  constructor(path: string) {
    this.#file = createWriteStream(path, { flags: "a" });
  }

  add(line: string): void {
    if (this.#left <= 0) return;
    this.#left -= line.length + 1;
    this.#file.write(this.#left > 0 ? `${line}\n` : "The rest was left out.\n");
  }

  async end(): Promise<void> {
    this.#file.end();
    await finished(this.#file);
  }
}
