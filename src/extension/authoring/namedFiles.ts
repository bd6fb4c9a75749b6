import { workspace, type Disposable, type FileSystemWatcher, type TextDocument, type Uri } from "vscode";
import { isAbsolutePath } from "../../core/scenario/files.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import { fileBeside } from "./positions.ts";

const quietMs = 100;

/** Watches the files that open load tests name, there or missing, for what other programs do with them. */
export class NamedFiles implements Disposable {
  readonly #byDocument = new Map<string, readonly string[]>();
  readonly #onChange: () => void;
  #watcher: FileSystemWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange called a moment after one of the files was made, changed or deleted */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watcher?.dispose();
    this.#watcher = undefined;
  }

  /** Takes in what a document names now. */
  set(document: TextDocument, files: Scenario["files"]): void {
    const paths = files
      .filter(({ path }) => !isAbsolutePath(path) && !path.includes("${"))
      .map(({ path }) => fileBeside(document, path).path);
    if (paths.length === 0) return this.forget(document);
    this.#byDocument.set(document.uri.toString(), paths);
    this.#watcher ??= this.#watch();
  }

  /** Leaves a document's files alone; without any, nothing is watched. */
  forget({ uri }: TextDocument): void {
    this.#byDocument.delete(uri.toString());
    if (this.#byDocument.size === 0) this.dispose();
  }

  #watch(): FileSystemWatcher {
    // The editor watches the workspace anyway; this only listens.
    const watcher = workspace.createFileSystemWatcher("**/*");
    const check = (uri: Uri): void => {
      if (this.#timer === undefined && this.#isNamed(uri.path)) this.#timer = setTimeout(() => this.#tell(), quietMs);
    };
    watcher.onDidCreate(check);
    watcher.onDidChange(check);
    watcher.onDidDelete(check);
    return watcher;
  }

  /** A folder comes and goes with what is in it. */
  #isNamed(path: string): boolean {
    return [...this.#byDocument.values()].some((paths) => paths.some((named) => `${named}/`.startsWith(`${path}/`)));
  }

  #tell(): void {
    this.#timer = undefined;
    this.#onChange();
  }
}
