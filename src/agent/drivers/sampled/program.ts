import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { UserError } from "../../../core/errors.ts";
import { handOver } from "../../engineAccount.ts";

/** How to start an engine. */
export interface ProgramCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Work folder of the task, handed over to the engine's account. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What to do when the program cannot be started. */
  readonly hint: string;
}

/** How long an engine may take over a graceful end. */
const graceMs = 1900;
const keptLines = 400;

/** An engine that runs in a process group of its own; whatever happens, it leaves no process behind. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #killOnExit = (): void => this.kill();
  readonly #errors: string[] = [];
  #forced: NodeJS.Timeout | undefined;
  /** Undefined once it could not be started. */
  get processId(): number | undefined {
    return this.#child.pid;
  }
  /** Hears each line of what the program prints. */
  onLine: (line: string) => void = () => undefined;
  /** Hears each line of what it prints about itself. */
  onErrorLine: (line: string) => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    process.once("exit", this.#killOnExit);
    this.#ended = this.#follow();
  }

  /** @throws {UserError} `engine-not-started` */
  static async start({ name, program, args, folder, env, hint }: ProgramCommand): Promise<Program> {
    const account = await handOver(folder);
    try {
      const child = spawn(program, args, {
        cwd: folder,
        env: { ...env },
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
        windowsHide: true,
        ...account,
      });
      await once(child, "spawn");
      // What is written to a program that has just ended is of no use to anybody.
      child.stdin.on("error", () => undefined);
      return new Program(child);
    } catch (cause) {
      throw new UserError("engine-not-started", `Could not start ${name}.`, { kind: "environment", hint, cause });
    }
  }

  /** The first and last lines of what the program printed about itself. */
  get errorLines(): readonly string[] {
    return this.#errors;
  }

  write(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Asks for a graceful end; a program that does not obey in time is killed. */
  stop(): void {
    this.#child.kill("SIGINT");
    this.#forced ??= setTimeout(() => this.kill(), graceMs);
  }

  /** Ends it and all that it started at once. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch (error) {
      // It has ended already, which is what was wanted.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  /** Resolves with the exit code when nothing of the program is left; null when a signal ended it. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async #follow(): Promise<number | null> {
    const exited = once(this.#child, "exit");
    await Promise.all([this.#read(this.#child.stdout, (line) => this.onLine(line)), this.#readErrors(), exited]);
    clearTimeout(this.#forced);
    this.kill();
    process.off("exit", this.#killOnExit);
    return this.#child.exitCode;
  }

  #readErrors(): Promise<void> {
    return this.#read(this.#child.stderr, (line) => {
      this.#errors.push(line);
      // The beginning says what was wrong, the end how it went out.
      if (this.#errors.length > keptLines) this.#errors.splice(keptLines / 2, 1);
      this.onErrorLine(line);
    });
  }

  async #read(stream: ChildProcess["stdout"], onLine: (line: string) => void): Promise<void> {
    if (stream === null) return;
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    lines.on("line", onLine);
    await once(lines, "close");
  }
}
