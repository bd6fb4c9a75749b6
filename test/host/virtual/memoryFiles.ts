import { EventEmitter, FileSystemError, FileType, type FileStat, type FileSystemProvider, type Uri } from "vscode";

/** Files in one folder that are on no disk: what a virtual workspace is made of. */
export class MemoryFiles implements FileSystemProvider {
  readonly #changes = new EventEmitter<never[]>();
  readonly #files = new Map<string, Uint8Array>();
  readonly onDidChangeFile = this.#changes.event;

  stat(uri: Uri): FileStat {
    if (uri.path === "/") return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).length };
  }

  readFile(uri: Uri): Uint8Array {
    const content = this.#files.get(uri.path);
    if (content === undefined) throw FileSystemError.FileNotFound(uri);
    return content;
  }

  writeFile(uri: Uri, content: Uint8Array): void {
    this.#files.set(uri.path, content);
  }

  readDirectory(): [string, FileType][] {
    return [...this.#files.keys()].map((path) => [path.slice(1), FileType.File]);
  }

  delete(uri: Uri): void {
    this.#files.delete(uri.path);
  }

  rename(from: Uri, to: Uri): void {
    this.#files.set(to.path, this.readFile(from));
    this.#files.delete(from.path);
  }

  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  watch(): { dispose(): void } {
    return { dispose: () => undefined };
  }
}
