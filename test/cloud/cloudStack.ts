import { CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { buildImage } from "../../scripts/buildImage.mjs";
import type { Connection } from "../../src/aws/clients.ts";
import { makeDynamoClient } from "../../src/aws/dynamoClient.ts";
import { DynamoLedger } from "../../src/aws/dynamoLedger.ts";
import { openAwsEngine, type AwsEngine } from "../../src/aws/engine.ts";
import { makeS3Client } from "../../src/aws/s3Client.ts";
import { S3Store } from "../../src/aws/s3Store.ts";
import { makeStepFunctionsClient } from "../../src/aws/stepFunctionsClient.ts";
import { StepFunctionsStarter } from "../../src/aws/stepFunctionsStarter.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { packBundle } from "../../src/core/run/bundleArchive.ts";
import type { RunId } from "../../src/core/run/ids.ts";
import type { RunChoice } from "../../src/core/run/plan.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { isFinal, reduceRun, type RunRecord, type RunView } from "../../src/core/run/run.ts";
import { stackOutputs, stackParameters, type FunctionName } from "../../src/core/stack/names.ts";
import { readStackAssets, type StackAssets } from "../../src/deploy/assets.ts";
import { deployStack, type DeployOutcome } from "../../src/deploy/deploy.ts";
import { needStack } from "../../src/deploy/deployedStack.ts";
import { finish } from "../../src/deploy/progress.ts";
import { openTarget, type DeployTarget } from "../../src/deploy/target.ts";
import { makeMessageOf } from "../../src/fleet/guide.ts";
import { submitRun } from "../../src/fleet/submit.ts";
import { bundleScenario, openScenario } from "../../src/local/scenarioFiles.ts";
import { systemClock } from "../../src/local/systemClock.ts";
import { makeRun } from "../fleet/records.ts";
import { startEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";

const stackFolder = fileURLToPath(new URL("../../dist/stack", import.meta.url));
export const stackName = "loadfleet";

/** How `vi.waitFor` waits: unlike `expect.poll` it works in tests that go on side by side. */
export function patience(timeout: number): { readonly timeout: number; readonly interval: number } {
  return { timeout, interval: 200 };
}

/** How a stack is deployed for tests. */
export interface CloudStackOptions extends EmulatorOptions {
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What a run has become, and the events of its way there. */
export interface EndedRun {
  readonly run: RunRecord;
  readonly view: RunView;
  readonly result: RunResult | undefined;
}

/** The product's stack, deployed by the product into an emulator, with the engine that a person's profile has. */
export class CloudStack implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly connection: Connection;
  readonly target: DeployTarget;
  readonly assets: StackAssets;
  /** The image of the tasks. */
  readonly image: string;
  readonly signal = new AbortController().signal;
  readonly lambda: LambdaClient;
  readonly ecs: ECSClient;
  #outputs: Readonly<Record<string, string>> = {};
  #engine: AwsEngine | undefined;

  private constructor(emulator: Emulator, assets: StackAssets, target: DeployTarget, image: string) {
    this.emulator = emulator;
    this.assets = assets;
    this.target = target;
    this.connection = target.connection;
    this.image = image;
    this.lambda = new LambdaClient(emulator.clientConfig);
    this.ecs = new ECSClient(emulator.clientConfig);
  }

  /** Starts an emulator, deploys what the build made, and publishes the image that this machine has. */
  static async open(options: CloudStackOptions = {}): Promise<CloudStack> {
    const { image } = await buildImage();
    const assets = await readStackAssets(stackFolder);
    const emulator = await startEmulator({ waitScale: 0.05, ...options });
    try {
      const { endpoint, region, clientConfig } = emulator;
      const connection = { endpoint, region, credentials: async () => clientConfig.credentials };
      const signal = AbortSignal.timeout(60_000);
      const target = await openTarget(connection, stackName, { clock: systemClock, pollMs: 200 }, signal);
      const stack = new CloudStack(emulator, assets, target, image);
      await stack.deploy(assets, { [stackParameters.adminEmail]: "admin@example.com", ...options.parameters });
      await emulator.publishImage(stack.output("repository"), image);
      return stack;
    } catch (error) {
      await emulator.stop();
      throw error;
    }
  }

  /** Deploys a template by the product's own code, agreeing to every change. */
  async deploy(assets: StackAssets, parameters: Readonly<Record<string, string>> = {}): Promise<DeployOutcome> {
    const request = { assets, parameters, review: () => Promise.resolve(true) };
    const outcome = await finish(deployStack(this.target, request, this.signal), () => undefined);
    this.#outputs = (await needStack(this.target, this.signal)).outputs;
    this.#engine = undefined;
    return outcome;
  }

  /** An output of the stack. */
  output(name: keyof typeof stackOutputs): string {
    const value = this.#outputs[stackOutputs[name]];
    if (value === undefined) throw new Error(`The stack has no output ${stackOutputs[name]}.`);
    return value;
  }

  /** The engine of somebody who may do everything in the account. */
  async engine(): Promise<AwsEngine> {
    this.#engine ??= await this.engineFor(this.connection);
    return this.#engine;
  }

  /** The engine that a person's own way to AWS opens. */
  engineFor(connection: Connection): Promise<AwsEngine> {
    const options = { toolVersion: this.assets.version, clock: systemClock };
    return openAwsEngine(stackName, connection, options, this.signal);
  }

  /** Makes a role of the account with one of the stack's policies; gives the way to AWS of somebody who assumes it. */
  async connectionOf(policy: "readPolicy" | "runPolicy" | "adminPolicy"): Promise<Connection> {
    const StackName = `person-${policy}`;
    const trust = { Effect: "Allow", Principal: { AWS: this.emulator.account }, Action: "sts:AssumeRole" };
    const Properties = {
      ManagedPolicyArns: [this.output(policy)],
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
    };
    const Resources = { Person: { Type: "AWS::IAM::Role", Properties } };
    const Outputs = { Arn: { Value: { "Fn::GetAtt": ["Person", "Arn"] } } };
    const TemplateBody = JSON.stringify({ Resources, Outputs });
    const { cloudFormation } = this.target;
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_IAM"] }));
    const RoleArn = await vi.waitFor(async () => {
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      assert.equal(Stacks[0]?.StackStatus, "CREATE_COMPLETE");
      return Stacks[0]?.Outputs?.[0]?.OutputValue;
    }, patience(20_000));
    const sts = new STSClient(this.emulator.clientConfig);
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "somebody" }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { ...this.connection, credentials: () => Promise.resolve(keys) };
  }

  store(): S3Store {
    return new S3Store({ client: makeS3Client(this.connection), bucket: this.output("scenariosBucket") });
  }

  ledger(): DynamoLedger {
    return new DynamoLedger({ client: makeDynamoClient(this.connection), table: this.output("table") });
  }

  /** Starts a run of a scenario with its files, by the engine, or with an id of one's own as a run of another time. */
  async start(
    name: string,
    files: Readonly<Record<string, string>>,
    choice: Omit<RunChoice, "engine"> = {},
    by: { readonly runId?: RunId; readonly engine?: AwsEngine } = {},
  ): Promise<RunId> {
    const place = join(this.emulator.folder, "scenarios", name);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), content);
    }
    const opened = openScenario(join(place, "test.loadtest.yml"), place);
    if (opened.scenario === undefined) throw new Error(JSON.stringify(opened.problems));
    const { bundle, contents } = await bundleScenario(opened, opened.scenario);
    const { plan, problems } = planRun(opened.scenario, { engine: "aws", ...choice }, bundle);
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    const { origin } = makeRun();
    const { runId, engine } = by;
    if (runId === undefined) return (engine ?? (await this.engine())).start(plan, contents, origin, this.signal);
    const store = this.store();
    const client = makeStepFunctionsClient(this.connection);
    const machine = {
      client,
      stateMachineArn: this.output("stateMachine"),
      messageOf: makeMessageOf({ ledger: this.ledger(), store }),
    };
    const ports = { ledger: this.ledger(), store, starter: new StepFunctionsStarter(machine) };
    await submitRun({ runId, plan, bundle: packBundle(contents), origin }, Date.now(), ports, this.signal);
    return runId;
  }

  /** Follows a run to its end; `onView` sees it after each change. */
  async watch(runId: RunId, onView?: (view: RunView) => Promise<void>): Promise<EndedRun> {
    const engine = await this.engine();
    let view: RunView | undefined;
    for await (const event of engine.watch(runId, this.signal)) {
      view = reduceRun(view, event);
      if (view !== undefined) await onView?.(view);
    }
    if (view === undefined) throw new Error(`There was nothing to see of run ${runId}.`);
    await this.expectClosed(runId);
    return { run: view.run, view, result: await engine.result(runId, this.signal) };
  }

  /** Waits until a run has come so far. */
  async until(runId: RunId, condition: (view: RunView) => boolean): Promise<RunView> {
    let view: RunView | undefined;
    for await (const event of (await this.engine()).watch(runId, this.signal)) {
      view = reduceRun(view, event);
      if (view !== undefined && condition(view)) return view;
    }
    throw new Error(`Run ${runId} ended before the condition was met: ${JSON.stringify(view?.run)}`);
  }

  /** The tasks of a run as ECS knows them. */
  async tasksOf(runId: RunId): Promise<readonly Task[]> {
    const cluster = this.output("cluster");
    const arns: string[] = [];
    for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
      const { taskArns = [] } = await this.ecs.send(new ListTasksCommand({ cluster, desiredStatus }));
      arns.push(...taskArns);
    }
    if (arns.length === 0) return [];
    const { tasks = [] } = await this.ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }));
    return tasks.filter(({ startedBy }) => startedBy === runId);
  }

  /** A run that has ended is final, holds no lock, is not open, and has no task left. */
  async expectClosed(runId: RunId): Promise<void> {
    const ledger = this.ledger();
    const run = await ledger.getRun(runId, this.signal);
    if (run === undefined) throw new Error(`There is no run ${runId}.`);
    assert.ok(isFinal(run.status), `The run is ${run.status}.`);
    assert.notEqual(run.endedAtMs, null);
    if (run.status !== "complete") assert.match(run.reason ?? "", /^\S.*\.$/s);
    assert.notEqual((await ledger.getTest(run.testId, this.signal))?.activeRunId, runId);
    assert.ok(!(await ledger.listOpenRuns(this.signal)).includes(runId), "The run is still open.");
    const running = async (): Promise<readonly string[]> =>
      (await this.tasksOf(runId)).map(({ lastStatus = "" }) => lastStatus).filter((status) => status !== "STOPPED");
    await vi.waitFor(async () => assert.deepEqual(await running(), []), patience(20_000));
  }

  /** Calls a function of the stack; gives what it answers, or its error. */
  async invoke(name: FunctionName, event: unknown): Promise<unknown> {
    const Payload = new TextEncoder().encode(JSON.stringify(event));
    const FunctionName = `${stackName}-${name}`;
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName, Payload }));
    return JSON.parse(new TextDecoder().decode(answer.Payload) || "null");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.stop();
  }
}
