import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../core/errors.ts";
import type { Share } from "../../../core/run/plan.ts";
import { supportFolder } from "../../../local/taurusSetup/support.ts";
import type { DriverJob, Traffic } from "../../driver.ts";
import type { EngineEnd, EngineExecution } from "../sampled/driver.ts";
import { engineEnvironment } from "../sampled/environment.ts";
import { EngineLog } from "../sampled/log.ts";
import type { SampleMeter } from "../sampled/meter.ts";
import { Program } from "../sampled/program.ts";
import { makeConfiguration } from "./configuration.ts";
import { readMessage, type Message } from "./messages.ts";
import { readTraffic } from "./traffic.ts";

/** One Locust for one execution of the plan. */
export class LocustExecution implements EngineExecution {
  readonly #index: number;
  readonly #program: Program;
  readonly #log: EngineLog;
  readonly #trafficPath: string;
  readonly #waiting = Promise.withResolvers<void>();
  readonly #exceptions = { count: 0, first: "" };
  #failure: string | undefined;
  #hasEnded = false;

  private constructor(index: number, program: Program, log: EngineLog, trafficPath: string) {
    this.#index = index;
    this.#trafficPath = trafficPath;
    this.#program = program;
    this.#log = log;
    program.onErrorLine = (line) => log.add(line);
    program.onLine = (line) => this.#take(readMessage(line));
  }

  /**
   * Starts Locust and waits until it is ready to start its users.
   * @param python Python that has Locust among its packages
   * @throws {UserError} that says why it does not
   */
  static async start(
    job: DriverJob,
    { share, index, python }: { readonly share: Share; readonly index: number; readonly python: string },
    signal: AbortSignal,
  ): Promise<LocustExecution> {
    const { folder } = job;
    const configuration = makeConfiguration(job.plan, share, index);
    const script = configuration["script"];
    if (typeof script === "string" && !existsSync(join(folder, script))) {
      throw new UserError("script-missing", `The script ${script} is not among the files of the run.`, {
        hint: "Name it relative to the scenario.",
      });
    }
    const path = join(folder, `loadfleet-run-${index}.json`);
    const trafficPath = join(folder, `loadfleet-traffic-${index}.ndjson`);
    const traffic = job.keepsTraffic ? trafficPath : null;
    await writeFile(path, JSON.stringify({ ...configuration, traffic }));
    const modules = ["locust", "reporter"].map((name) => join(supportFolder(), name));
    const env = {
      ...engineEnvironment(job),
      PYTHONPATH: modules.join(process.platform === "win32" ? ";" : ":"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const args = [join(supportFolder(), "locust", "loadfleet_locust.py"), path];
    const hint = "`loadfleet doctor` says what is missing.";
    const program = await Program.start({ name: "Locust", program: python, args, folder, env, hint });
    const log = new EngineLog(join(folder, index === 0 ? "locust.log" : `locust-${index}.log`));
    const execution = new LocustExecution(index, program, log, trafficPath);
    await execution.#untilReady(signal);
    return execution;
  }

  /** Lets the load begin and takes its samples to the end. Aborting `stop` ends it gracefully. */
  async run(meter: SampleMeter, mask: (text: string) => string, stop: AbortSignal): Promise<EngineEnd> {
    this.#program.onLine = (line) => this.#measure(readMessage(line), meter, mask);
    const stopProgram = (): void => this.#program.stop();
    stop.addEventListener("abort", stopProgram, { once: true });
    if (stop.aborted) stopProgram();
    else this.#program.write("start");
    const exitCode = await this.#program.ended();
    stop.removeEventListener("abort", stopProgram);
    meter.setUsers(this.#index, 0);
    await this.#log.end();
    const { count, first } = this.#exceptions;
    const notes = count === 0 ? [] : [`The script threw ${count} exceptions, the first of them: ${mask(first)}`];
    return { failure: stop.aborted || this.#hasEnded ? undefined : this.#diagnose(exitCode), notes };
  }

  get processId(): number | undefined {
    return this.#program.processId;
  }

  async traffic(): Promise<readonly Traffic[]> {
    return existsSync(this.#trafficPath) ? readTraffic(await readFile(this.#trafficPath, "utf8")) : [];
  }

  /** Ends it without figures. */
  async discard(): Promise<void> {
    this.#program.kill();
    await this.#program.ended();
    await this.#log.end();
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    const kill = (): void => this.#program.kill();
    signal.addEventListener("abort", kill, { once: true });
    if (signal.aborted) kill();
    const ended = await Promise.race([this.#waiting.promise, this.#program.ended()]);
    signal.removeEventListener("abort", kill);
    if (ended === undefined) return;
    await this.#log.end();
    if (signal.aborted) {
      throw new UserError("stopped", "The run was stopped while Locust was starting.", { kind: "run" });
    }
    throw this.#diagnose(ended);
  }

  #measure(message: Message | undefined, meter: SampleMeter, mask: (text: string) => string): void {
    if (message?.event === "users") meter.setUsers(this.#index, message.count);
    if (message?.event !== "request") return this.#take(message);
    const { label, endedAtMs, elapsedMs, bytes, code, failure } = message;
    meter.record({
      label: mask(label),
      endedAtMs,
      elapsedMs,
      // Locust tells neither apart from the whole.
      connectMs: 0,
      latencyMs: 0,
      bytesIn: bytes,
      code,
      failure: failure === null ? undefined : mask(failure),
    });
  }

  #take(message: Message | undefined): void {
    if (message?.event === "waiting") this.#waiting.resolve();
    else if (message?.event === "failure") this.#failure = message.message;
    else if (message?.event === "end") this.#hasEnded = true;
    else if (message?.event === "exception") {
      this.#exceptions.count++;
      this.#exceptions.first ||= message.message;
    }
  }

  #diagnose(exitCode: number | null): UserError {
    if (this.#failure !== undefined) {
      const hint = "Try the script with Locust on this machine; see locust.log among the run's files.";
      return new UserError("locust-script", `Locust cannot run the scenario: ${this.#failure}.`, { kind: "run", hint });
    }
    if (exitCode === null) {
      const hint = "See whether this machine ran out of memory.";
      return new UserError("engine-killed", "Locust was ended from outside.", { kind: "run", hint });
    }
    const words = this.#program.errorLines.at(-1) ?? "it says nothing more";
    const hint = "See locust.log among the run's files.";
    return new UserError("locust-failed", `Locust ended with exit code ${exitCode}: ${words}.`, { kind: "run", hint });
  }
}
