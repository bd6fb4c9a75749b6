import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { handOver } from "../../engineAccount.ts";
import { readMessage, type Failure, type Figures, type Message } from "./messages.ts";

/** How to start Taurus. */
export interface EngineCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Open file that takes what Taurus prints. */
  readonly output: number;
}

/** How long the engine may take over a graceful end. */
const graceMs = 3500;

/** A Taurus that runs, with everything that it started; whatever happens, it leaves no process behind. */
export class Engine {
  readonly failures: Failure[] = [];
  /** The newest figures. */
  figures: Figures | undefined;
  /** Signal that ended the process, when it was one. */
  endedBy: string | undefined;
  onSecond: (second: Extract<Message, { event: "second" }>) => void = () => undefined;

  readonly #child: ChildProcess;
  readonly #input: Writable;
  /** Each JMeter leads a process group of its own. */
  readonly #groups: number[] = [];
  readonly #waiting = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;
  readonly #killOnExit = (): void => this.kill();
  #forced: NodeJS.Timeout | undefined;

  private constructor(child: ChildProcess, input: Writable, lines: AsyncIterable<string>) {
    this.#child = child;
    this.#input = input;
    process.once("exit", this.#killOnExit);
    if (child.pid !== undefined) this.#groups.push(child.pid);
    this.#ended = this.#follow(lines);
  }

  /** Rejects when the program cannot be started. */
  static async start({ program, args, folder, env, output }: EngineCommand): Promise<Engine> {
    const account = await handOver(folder);
    const child = spawn(program, args, {
      ...account,
      cwd: folder,
      env: { ...env },
      stdio: ["pipe", "pipe", output],
      // A group of its own, so that a Ctrl-C meant for the agent does not end it at once.
      detached: true,
      windowsHide: true,
    });
    await once(child, "spawn");
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error("The engine has no channel.");
    // What is written to a program that has just ended is of no use to anybody.
    stdin.on("error", () => undefined);
    return new Engine(child, stdin, createInterface({ input: stdout }));
  }

  /** Resolves with true when every JMeter waits for the start, with false when the engine ended before. */
  async ready(): Promise<boolean> {
    return Promise.race([this.#waiting.promise.then(() => true), this.#ended.then(() => false)]);
  }

  /** Ids of Taurus and of every JMeter that it started. */
  processes(): readonly number[] {
    return this.#groups;
  }

  /** Asks for a graceful end; an engine that does not obey is killed. */
  stop(): void {
    this.#input.write("stop\n");
    this.#forced ??= setTimeout(() => this.kill(), graceMs);
  }

  /** Ends everything at once. */
  kill(): void {
    for (const group of this.#groups) killGroup(group);
  }

  /** Resolves when nothing of the engine is left. */
  ended(): Promise<void> {
    return this.#ended;
  }

  async #follow(lines: AsyncIterable<string>): Promise<void> {
    const exited = once(this.#child, "exit");
    for await (const line of lines) this.#take(readMessage(line));
    await exited;
    this.endedBy = this.#child.signalCode ?? undefined;
    clearTimeout(this.#forced);
    // A JMeter whose Taurus was killed would go on with the load.
    this.kill();
    process.off("exit", this.#killOnExit);
  }

  #take(message: Message | undefined): void {
    if (message === undefined) return;
    switch (message.event) {
      case "engine":
        this.#groups.push(message.pid);
        return;
      case "waiting":
        return this.#waiting.resolve();
      case "second":
        return this.onSecond(message);
      case "figures":
        this.figures = message;
        return;
      case "failure":
        this.failures.push(message);
        return;
      case "end":
        return;
    }
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, "SIGKILL");
  } catch (error) {
    // It has ended already, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
