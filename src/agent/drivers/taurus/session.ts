import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../core/errors.ts";
import type { DriverJob, DriverReport, Interval } from "../../driver.ts";
import { secretsOf } from "../../secrets.ts";
import { artifactsName, keepArtifacts } from "./artifacts.ts";
import type { Engine } from "./engine.ts";
import { diagnose } from "./failure.ts";
import { figuresOf, intervalOf, noFigures, noteOnFailures } from "./figures.ts";
import { launchTaurus, type Launch } from "./launch.ts";
import { maskOf } from "./mask.ts";

/** One start of Taurus for one share, from JMeter's wait at the gate to the report. */
export class Session {
  readonly #engine: Engine;
  readonly #job: DriverJob;
  readonly #artifacts: string;
  readonly #secrets: readonly string[];
  readonly #mask: (text: string) => string;

  private constructor(engine: Engine, job: DriverJob) {
    this.#engine = engine;
    this.#job = job;
    this.#artifacts = join(job.folder, artifactsName);
    this.#secrets = secretsOf(job.plan, job.environment);
    this.#mask = maskOf(this.#secrets);
  }

  /**
   * Starts Taurus and waits until every JMeter is up and waits for the start.
   * @throws {UserError} that names what kept it from starting
   */
  static async start(launch: Launch, signal: AbortSignal): Promise<Session> {
    const session = new Session(await launchTaurus(launch), launch.job);
    const engine = session.#engine;
    const kill = (): void => engine.kill();
    signal.addEventListener("abort", kill, { once: true });
    if (signal.aborted) kill();
    const isReady = await engine.ready();
    signal.removeEventListener("abort", kill);
    if (isReady) return session;
    if (!signal.aborted) throw await session.#failure();
    throw new UserError("stopped", "The run was stopped while Taurus was starting.", { kind: "run" });
  }

  /** Lets the load begin at the start instant (epoch ms) and runs it to its end. */
  async run(startAtMs: number, onInterval: (interval: Interval) => void, stop: AbortSignal): Promise<DriverReport> {
    let maxUsers = 0;
    this.#engine.onSecond = (second) => {
      maxUsers = Math.max(maxUsers, second.users);
      onInterval(intervalOf(second, this.#mask));
    };
    const stopEngine = (): void => this.#engine.stop();
    stop.addEventListener("abort", stopEngine, { once: true });
    if (stop.aborted) stopEngine();
    const startedAtMs = Math.max(startAtMs, Date.now());
    await this.#openGate(startAtMs);
    await this.#engine.ended();
    stop.removeEventListener("abort", stopEngine);
    return { ...(await this.#measured(stop.aborted)), startedAtMs, maxUsers, latencyFrom: "send" };
  }

  processes(): readonly number[] {
    return this.#engine.processes();
  }

  /** Ends it without figures. */
  async discard(): Promise<void> {
    this.#engine.kill();
    await this.#engine.ended();
  }

  async #openGate(startAtMs: number): Promise<void> {
    const gate = join(this.#artifacts, "gate");
    await writeFile(join(gate, "start.part"), String(Math.round(startAtMs)));
    // JMeter must not read half a number.
    await rename(join(gate, "start.part"), join(gate, "start"));
  }

  async #measured(isStopped: boolean): Promise<Omit<DriverReport, "startedAtMs" | "maxUsers" | "latencyFrom">> {
    const { figures, failures } = this.#engine;
    const isWhole = figures?.final === true;
    const failure = isStopped || (isWhole && failures.length === 0) ? undefined : await this.#failure();
    const labels = Object.fromEntries(
      Object.entries(figures?.labels ?? {}).map(([label, total]) => [this.#mask(label), figuresOf(total, this.#mask)]),
    );
    const early = "Taurus did not end by itself: the figures are those of its last checkpoint, at most 5 s older.";
    return {
      outcome: isStopped ? "stopped" : failure === undefined ? "finished" : "failed",
      ...(failure === undefined ? {} : { reason: failure.message }),
      firstSampleAtMs: figures?.firstSampleAtMs ?? null,
      lastSampleAtMs: figures?.lastSampleAtMs ?? null,
      notes: [...(figures === undefined || isWhole ? [] : [early]), ...noteOnFailures(labels[""])],
      labels: "" in labels ? labels : { "": noFigures, ...labels },
      artifacts: await keepArtifacts(this.#job.folder, this.#job.plan, this.#secrets),
    };
  }

  async #failure(): Promise<UserError> {
    const { failures, endedBy } = this.#engine;
    const [log, out, err, output] = await Promise.all(
      ["jmeter.log", "jmeter.out", "jmeter.err", "bzt.out"].map((name) => readEnd(join(this.#artifacts, name))),
    );
    const found = diagnose({ failures, endedBy, jmeterLog: [log, out, err].join("\n"), output: output ?? "" });
    const { code, message, hint = "", kind } = found;
    return new UserError(code, this.#mask(message), { kind, hint });
  }
}

async function readEnd(path: string): Promise<string> {
  return existsSync(path) ? (await readFile(path, "utf8")).slice(-50_000) : "";
}
