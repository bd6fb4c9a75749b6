import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { UserError } from "../../../core/errors.ts";
import type { Share } from "../../../core/run/plan.ts";
import type { DriverJob, Traffic } from "../../driver.ts";
import type { EngineEnd, EngineExecution } from "../sampled/driver.ts";
import { engineEnvironment } from "../sampled/environment.ts";
import { EngineLog } from "../sampled/log.ts";
import type { SampleMeter } from "../sampled/meter.ts";
import { Program } from "../sampled/program.ts";
import { freeAddress, resume, untilPaused } from "./control.ts";
import { diagnose, readLogLine } from "./failure.ts";
import { scenarioOf, wrapScript } from "./load.ts";
import { RequestReader } from "./requests.ts";
import { RowReader } from "./rows.ts";
import { notesOfSummary } from "./summary.ts";
import { TrafficReader } from "./traffic.ts";

// What k6 keeps by itself; a script that wants fewer tags would take figures away.
const systemTags =
  "proto,subproto,status,method,url,name,group,check,error,error_code,tls_version,scenario,service,expected_response";

// k6 writes no sample of a request that its own end breaks off.
const noteOnStop =
  "k6 does not tell which requests it broke off when it was stopped: they are neither in the figures nor among the aborted.";

/** One k6 for one execution of the plan. */
export class K6Execution implements EngineExecution {
  readonly #index: number;
  readonly #program: Program;
  readonly #address: string;
  readonly #summaryPath: string;
  readonly #log: EngineLog;
  readonly #rows = new RowReader();
  readonly #traffic: TrafficReader | undefined;
  #exceptions = { count: 0, first: "" };

  private constructor(index: number, program: Program, address: string, { folder, keepsTraffic }: DriverJob) {
    this.#index = index;
    this.#program = program;
    this.#address = address;
    this.#traffic = keepsTraffic ? new TrafficReader() : undefined;
    this.#summaryPath = join(folder, summaryName(index));
    this.#log = new EngineLog(join(folder, index === 0 ? "k6.log" : `k6-${index}.log`));
    program.onErrorLine = (line) => this.#take(line);
    // The names of the columns come before the load.
    program.onLine = (line) => this.#rows.read(line);
  }

  /** Starts k6 and waits until its users are there and it waits for the start. @throws {UserError} that says why it does not */
  static async start(job: DriverJob, share: Share, index: number, signal: AbortSignal): Promise<K6Execution> {
    const address = await freeAddress();
    const script = await writeScript(job, share, index);
    const output = ["--quiet", "--no-color", "--log-format", "json", "--out", "csv=-"];
    const summary = ["--summary-export", join(job.folder, summaryName(index)), "--system-tags", systemTags];
    const control = ["--paused", "--address", address, "--no-usage-report"];
    const traffic = job.keepsTraffic ? ["--http-debug=full"] : [];
    const args = ["run", ...control, ...traffic, ...output, ...summary, ...script.args, script.path];
    const env = {
      ...engineEnvironment(job),
      K6_CSV_TIME_FORMAT: "unix_micro",
      K6_CSV_SAVE_INTERVAL: "250ms",
    };
    const hint = "`loadfleet doctor` says which k6 is needed and how to get it.";
    const program = await Program.start({ name: "k6", program: "k6", args, folder: job.folder, env, hint });
    const execution = new K6Execution(index, program, address, job);
    await execution.#untilReady(signal);
    return execution;
  }

  /** Lets the load begin and reads its samples to the end. Aborting `stop` ends it gracefully. */
  async run(meter: SampleMeter, mask: (text: string) => string, stop: AbortSignal): Promise<EngineEnd> {
    this.#measure(meter, mask);
    const stopProgram = (): void => this.#program.stop();
    stop.addEventListener("abort", stopProgram, { once: true });
    if (stop.aborted) stopProgram();
    else await this.#begin();
    const exitCode = await this.#program.ended();
    stop.removeEventListener("abort", stopProgram);
    meter.setUsers(this.#index, 0);
    await this.#log.end();
    const { count, first } = this.#exceptions;
    const exceptions = count === 0 ? [] : [`The script threw an exception in ${count} iterations: ${mask(first)}`];
    const failure = stop.aborted ? undefined : diagnose(exitCode, this.#program.errorLines);
    return {
      failure,
      notes: [...exceptions, ...(stop.aborted ? [noteOnStop] : []), ...(await notesOfSummary(this.#summaryPath))],
    };
  }

  get processId(): number | undefined {
    return this.#program.processId;
  }

  async traffic(): Promise<readonly Traffic[]> {
    return this.#traffic?.read() ?? [];
  }

  /** Ends it without figures. */
  async discard(): Promise<void> {
    this.#program.kill();
    await this.#program.ended();
    await this.#log.end();
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const exit = this.#program.ended().finally(() => ended.abort());
    const kill = (): void => this.#program.kill();
    signal.addEventListener("abort", kill, { once: true });
    if (signal.aborted) kill();
    await untilPaused(this.#address, AbortSignal.any([ended.signal, signal]));
    signal.removeEventListener("abort", kill);
    if (!ended.signal.aborted && !signal.aborted) return;
    const failure = diagnose(await exit, this.#program.errorLines);
    await this.#log.end();
    if (signal.aborted || failure === undefined) {
      throw new UserError("stopped", "The run was stopped while k6 was starting.", { kind: "run" });
    }
    throw failure;
  }

  async #begin(): Promise<void> {
    try {
      await resume(this.#address);
    } catch (error) {
      // Its exit code says more than a refused connection.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  #measure(meter: SampleMeter, mask: (text: string) => string): void {
    const requests = new RequestReader();
    this.#program.onLine = (line) => {
      const row = this.#rows.read(line);
      if (row === undefined) return;
      const sample = requests.read(row);
      if (sample !== undefined) {
        const failure = sample.failure === undefined ? undefined : mask(sample.failure);
        meter.record({ ...sample, label: mask(sample.label), failure });
        this.#traffic?.addSample(sample);
      }
      if (row.metric === "vus") meter.setUsers(this.#index, row.value);
      else if (row.metric === "data_received") meter.addBytes(row.value, 0);
      else if (row.metric === "data_sent") meter.addBytes(0, row.value);
    };
  }

  #take(line: string): void {
    this.#log.add(line);
    this.#traffic?.addLine(line);
    const said = readLogLine(line);
    if (said?.level !== "error" || said.source !== "stacktrace") return;
    this.#exceptions = {
      count: this.#exceptions.count + 1,
      first: this.#exceptions.first || (said.message.split("\n")[0] ?? ""),
    };
  }
}

function summaryName(index: number): string {
  return index === 0 ? "k6-summary.json" : `k6-summary-${index}.json`;
}

/** Puts the script with the plan's load beside the person's own, so that paths inside it mean the same. */
async function writeScript(
  { plan, folder }: DriverJob,
  share: Share,
  index: number,
): Promise<{ readonly path: string; readonly args: readonly string[] }> {
  const execution = plan.executions[index];
  const script = plan.scenario.bodies[execution?.scenario ?? ""]?.script;
  if (script === undefined) {
    throw new UserError("k6-needs-script", "k6 runs scripts, and the scenario has requests instead.", {
      hint: "Run it with the embedded generator or with Taurus, or write a k6 script.",
    });
  }
  if (!existsSync(join(folder, script))) {
    throw new UserError("script-missing", `The script ${script} is not among the files of the run.`, {
      hint: "Name it relative to the scenario.",
    });
  }
  const scenario = scenarioOf(plan, share, index);
  if (scenario === undefined) {
    const holdForMs = execution?.holdForMs ?? null;
    return { path: script, args: holdForMs === null ? [] : ["--duration", `${holdForMs}ms`] };
  }
  const path = posix.join(posix.dirname(script), `loadfleet-run-${index}.js`);
  await writeFile(join(folder, path), wrapScript(posix.basename(script), scenario));
  return { path, args: [] };
}
