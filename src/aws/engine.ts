import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { randomBytes } from "node:crypto";
import type { Clock } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import type { LogTail } from "../core/panel/protocol.ts";
import type { RunResult } from "../core/results/result.ts";
import { packBundle } from "../core/run/bundleArchive.ts";
import type { Forecast, PreflightCheck } from "../core/run/forecast.ts";
import { makeRunId, type RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunOrigin, RunRecord } from "../core/run/run.ts";
import { checkCaps } from "../fleet/caps.ts";
import type { BundleContent } from "../fleet/engine.ts";
import { makeMessageOf } from "../fleet/guide.ts";
import type { Starter } from "../fleet/ports.ts";
import { RunEngine, type KeptPorts, type WatchPace } from "../fleet/runEngine.ts";
import { forecastCost, type Tariff } from "../fleet/spending.ts";
import { needIdleTest, submitRun } from "../fleet/submit.ts";
import { explain } from "./awsErrors.ts";
import { clientConfig, type Connection } from "./clients.ts";
import { makeDynamoClient } from "./dynamoClient.ts";
import { DynamoLedger } from "./dynamoLedger.ts";
import { zlibGzip } from "./gzip.ts";
import { awsPace } from "./pace.ts";
import { preflight } from "./preflight.ts";
import { currentPrices } from "./priceList.ts";
import { hasAllMetrics, metricSubject, readRunMetrics } from "./runMetrics.ts";
import { makeS3Client } from "./s3Client.ts";
import { S3Store } from "./s3Store.ts";
import { findStack, type Stack } from "./stack.ts";
import { makeStepFunctionsClient } from "./stepFunctionsClient.ts";
import { StepFunctionsStarter } from "./stepFunctionsStarter.ts";
import { readTaskLog } from "./taskLog.ts";

/** What the engine of a stack is opened with beside the way to AWS. */
export interface AwsEngineOptions {
  /** Version of this product, which the stack's must go with. */
  readonly toolVersion: string;
  readonly clock: Clock;
  /** Hears what is known of a run just before it is started. */
  readonly onForecast?: (forecast: Forecast) => void;
}

/** Opens the engine of a deployed stack. @throws {UserError} `no-stack`, `stack-unfinished`, `stack-foreign`, and those of credentials and network */
export async function openAwsEngine(
  stackName: string,
  connection: Connection,
  options: AwsEngineOptions,
  signal: AbortSignal,
): Promise<AwsEngine> {
  return new AwsEngine(await findStack(stackName, connection, signal), connection, options);
}

/** A watcher asks the ledger once in this time, and for each task of a fleet a little less often. */
const watchPollMs = 1500;
const watchPollMsPerTask = 10;

/** Runs tests on the fleet of a deployed stack, with the rights of the user's own profile. */
export class AwsEngine extends RunEngine {
  readonly stack: Stack;
  protected readonly place: string;
  protected readonly flags: string;
  protected readonly ports: KeptPorts & { readonly starter: Starter };
  protected readonly clock: Clock;
  readonly #connection: Connection;
  readonly #options: AwsEngineOptions;

  constructor(stack: Stack, connection: Connection, options: AwsEngineOptions) {
    super();
    this.stack = stack;
    this.place = `in the stack "${stack.name}" in ${stack.region}`;
    const profile = connection.profile === undefined ? "" : ` --profile ${connection.profile}`;
    this.flags = ` --on aws${profile} --stack ${stack.name}`;
    this.clock = options.clock;
    this.#connection = connection;
    this.#options = options;
    const store = new S3Store({ client: makeS3Client(connection), bucket: stack.bucket });
    const ledger = new DynamoLedger({ client: makeDynamoClient(connection), table: stack.table });
    this.ports = {
      ledger,
      store,
      gzip: zlibGzip,
      starter: new StepFunctionsStarter({
        client: makeStepFunctionsClient(connection),
        stateMachineArn: stack.stateMachine,
        messageOf: makeMessageOf({ ledger, store }),
      }),
    };
  }

  /** @throws {UserError} the first thing that a preflight finds in the way */
  async start(plan: RunPlan, files: readonly BundleContent[], origin: RunOrigin, signal: AbortSignal): Promise<RunId> {
    const forecast = await this.forecast(plan, signal);
    const obstacle = forecast.checks.find(({ severity }) => severity === "error");
    if (obstacle !== undefined) throw refusal(obstacle);
    this.#options.onForecast?.(forecast);
    const now = this.clock.now();
    const runId = makeRunId(now, randomBytes(10));
    const submission = { runId, plan, bundle: packBundle(files), origin };
    await explain("start the run", submitRun(submission, now, this.ports, signal));
    return runId;
  }

  /** Looks whether a run of this plan may begin, and what it will cost. @throws {UserError} when the credentials do not work */
  async forecast(plan: RunPlan, signal: AbortSignal): Promise<Forecast> {
    const { stack, clock } = this;
    const nowMs = clock.now();
    const prices = currentPrices(stack.region, this.#connection, nowMs, signal);
    const tariff = prices.then((current) => ({
      prices: current,
      architecture: stack.architecture,
      hasPublicIp: stack.hasPublicIp,
      longestRunMs: stack.caps.longestRunMs ?? awsPace.longestRunMs,
    }));
    const subject = {
      plan,
      stack,
      connection: this.#connection,
      toolVersion: this.#options.toolVersion,
      nowMs,
      more: [
        (inner: AbortSignal) => this.#checkTest(plan, inner),
        async (inner: AbortSignal) => this.#checkCaps(plan, await tariff, nowMs, inner),
      ],
    };
    const [checks, current] = await Promise.all([preflight(subject, signal), tariff]);
    return { checks, cost: forecastCost(plan, current) };
  }

  /** The result; metrics of the last minutes that CloudWatch did not have yet when it was made are read once more. */
  override async result(runId: RunId, signal: AbortSignal): Promise<RunResult | undefined> {
    const result = await super.result(runId, signal);
    if (result === undefined || hasAllMetrics(result, this.clock.now())) return result;
    const plan = await this.plan(runId, signal);
    const client = new CloudWatchClient(clientConfig(this.#connection));
    const subject = metricSubject(result, plan?.metrics ?? [], this.stack);
    try {
      return { ...result, metrics: await explain("read the metrics", readRunMetrics(subject, client, signal)) };
    } catch (error) {
      // The figures of the run are worth showing without them.
      if (error instanceof UserError) return result;
      throw error;
    } finally {
      client.destroy();
    }
  }

  /** Reads on in the log of a task, from an instant (epoch ms), or its last 1,000 lines. */
  async log(runId: RunId, task: number, from: number | undefined, signal: AbortSignal): Promise<LogTail> {
    await this.need(runId, signal);
    const tasks = await this.ports.ledger.listTasks(runId, signal);
    const arn = tasks.find((record) => record.task === task)?.launcherId;
    if (!arn) return { text: "", next: from ?? 0, isCut: false };
    return readTaskLog(arn, this.stack.logGroup, from, this.#connection, signal);
  }

  /** The stack closes what nothing drives any more itself: by events, and each hour by its sweep. */
  protected async settle(): Promise<void> {}

  protected watchPaceOf({ tasks }: RunRecord): WatchPace {
    return { pollMs: watchPollMs + tasks * watchPollMsPerTask, looksPerSettling: Infinity };
  }

  /** Everything of a run is in table and bucket. */
  protected async forget(): Promise<void> {}

  async #checkTest(plan: RunPlan, signal: AbortSignal): Promise<PreflightCheck> {
    await needIdleTest(plan, this.ports.ledger, signal);
    return { code: "test", severity: "ok", message: `No other run of the test ${plan.testId} is going on.` };
  }

  async #checkCaps(plan: RunPlan, tariff: Tariff, nowMs: number, signal: AbortSignal): Promise<PreflightCheck> {
    await checkCaps({ runId: undefined, plan }, this.stack.caps, tariff, nowMs, this.ports, signal);
    return { code: "caps", severity: "ok", message: "The run keeps within the caps of the stack's owner." };
  }
}

function refusal({ code, message, hint, kind = "environment" }: PreflightCheck): UserError {
  return new UserError(code, message, { kind, ...(hint === undefined ? {} : { hint }) });
}
