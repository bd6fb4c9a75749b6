import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStackResourceCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { CodeBuildClient, CreateProjectCommand, StartBuildCommand } from "@aws-sdk/client-codebuild";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeDynamoClient } from "../../src/aws/dynamoClient.ts";
import { DynamoLedger } from "../../src/aws/dynamoLedger.ts";
import { exitCodes, UserError } from "../../src/core/errors.ts";
import { assetBucketName } from "../../src/deploy/assetBucket.ts";
import type { StackAssets } from "../../src/deploy/assets.ts";
import { deployStack, previewStack, type DeployOutcome } from "../../src/deploy/deploy.ts";
import { needStack, readStack } from "../../src/deploy/deployedStack.ts";
import { destroyStack, type Agreement, type Demolition, type DestroyOutcome } from "../../src/deploy/destroy.ts";
import { readImage, updateImage } from "../../src/deploy/image.ts";
import { finish, type Progress } from "../../src/deploy/progress.ts";
import type { Proposal } from "../../src/deploy/propose.ts";
import { readStatus } from "../../src/deploy/status.ts";
import { openTarget, type DeployTarget } from "../../src/deploy/target.ts";
import { systemClock } from "../../src/local/systemClock.ts";
import { makeRun } from "../fleet/records.ts";
import { startEmulator, type Emulator } from "./emulator.ts";
import { bucket, buildSmallStack, setting, table, type Resource } from "./smallStack.ts";

const { signal } = new AbortController();
const admin = { AdminEmail: "admin@example.com" };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

/** A stack of one test, and what was said while it was worked on. */
class Site {
  readonly target: DeployTarget;
  readonly said: Progress[] = [];
  proposal: Proposal | undefined;
  demolition: Demolition | undefined;

  constructor(target: DeployTarget) {
    this.target = target;
  }

  static async open(stack: string): Promise<Site> {
    const { endpoint, region, clientConfig } = emulator;
    const connection = { endpoint, region, credentials: async () => clientConfig.credentials };
    return new Site(await openTarget(connection, stack, { clock: systemClock, pollMs: 100 }, signal));
  }

  build(version: string, resources: Readonly<Record<string, Resource>>, outputs = {}): Promise<StackAssets> {
    return buildSmallStack(join(emulator.folder, this.target.stack), version, resources, outputs);
  }

  deploy(
    assets: StackAssets,
    parameters: Readonly<Record<string, string>> = {},
    { isAgreed = true, onSaid }: { readonly isAgreed?: boolean; readonly onSaid?: (said: Progress) => void } = {},
    until: AbortSignal = signal,
  ): Promise<DeployOutcome> {
    const review = async (proposal: Proposal): Promise<boolean> => {
      this.proposal = proposal;
      return isAgreed;
    };
    return finish(deployStack(this.target, { assets, parameters, review }, until), (said) => {
      this.said.push(said);
      onSaid?.(said);
    });
  }

  destroy(agreement: Agreement = { isAgreed: true }): Promise<DestroyOutcome> {
    const review = async (demolition: Demolition): Promise<Agreement> => {
      this.demolition = demolition;
      return agreement;
    };
    return finish(destroyStack(this.target, review, signal), (said) => this.said.push(said));
  }

  /** Physical id of a resource. */
  async idOf(LogicalResourceId: string): Promise<string> {
    const describeIt = new DescribeStackResourceCommand({ StackName: this.target.stack, LogicalResourceId });
    const { StackResourceDetail } = await this.target.cloudFormation.send(describeIt);
    return StackResourceDetail?.PhysicalResourceId ?? "";
  }

  /** Keys of the assets that are kept. */
  async assetKeys(): Promise<readonly string[]> {
    const list = new ListObjectsV2Command({ Bucket: assetBucketName(this.target) });
    return ((await this.target.s3.send(list)).Contents ?? []).map(({ Key = "" }) => Key);
  }

  async hasAssetBucket(): Promise<boolean> {
    return this.target.s3.send(new HeadBucketCommand({ Bucket: assetBucketName(this.target) })).then(
      () => true,
      () => false,
    );
  }
}

/** Tells a wait condition that what it waits for is there. */
async function signalSuccess(address: string): Promise<void> {
  const success = JSON.stringify({ Status: "SUCCESS", Reason: "", UniqueId: "1", Data: "" });
  // Bytes, since the address is made for a request without a content type.
  const { status } = await fetch(address, { method: "PUT", body: new TextEncoder().encode(success) });
  expect(status).toBe(200);
}

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof UserError) return error;
  throw new Error("It did not fail with a sentence.", { cause: error });
}

describe("deploy", () => {
  test("makes a stack once its changes are agreed to, with assets in a bucket that is private, encrypted and tagged", async () => {
    const site = await Site.open("made");
    const assets = await site.build("0.1.0", { Files: bucket });
    const { outcome, stack } = await site.deploy(assets, admin);
    expect(outcome).toBe("created");
    expect(site.proposal).toMatchObject({
      action: "create",
      toVersion: "0.1.0",
      changes: [{ kind: "add", logicalId: "Files", type: "AWS::S3::Bucket", loses: undefined }],
    });
    expect(stack).toMatchObject({ status: "CREATE_COMPLETE", version: "0.1.0", isOurs: true });
    expect(stack?.parameters).toMatchObject({ AdminName: "admin", AdminEmail: "admin@example.com", MostTasks: "100" });
    const { s3 } = site.target;
    const Bucket = assetBucketName(site.target);
    expect(await site.assetKeys()).toContain(assets.assets[0]?.key);
    const blocked = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(blocked.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy).Statement).toMatchObject([
      { Effect: "Deny", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules).toHaveLength(1);
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    expect(TagSet).toContainEqual({ Key: "loadfleet:stack", Value: "made" });
    const states = site.said.flatMap((it) => (it.kind === "resource" ? [`${it.logicalId} ${it.status}`] : []));
    expect(states).toEqual(expect.arrayContaining(["Files CREATE_IN_PROGRESS", "Files CREATE_COMPLETE"]));
    expect(states.at(-1)).toBe("made CREATE_COMPLETE");
  });

  test("says that nothing had to change, and leaves no change set", async () => {
    const site = await Site.open("made");
    const { outcome, stack } = await site.deploy(await site.build("0.1.0", { Files: bucket }));
    expect(outcome).toBe("unchanged");
    expect(stack?.status).toBe("CREATE_COMPLETE");
    const { Summaries } = await site.target.cloudFormation.send(new ListChangeSetsCommand({ StackName: "made" }));
    expect((Summaries ?? []).filter(({ ExecutionStatus }) => ExecutionStatus === "AVAILABLE")).toEqual([]);
  });

  test("changes one parameter, keeps the others, and shows which", async () => {
    const site = await Site.open("made");
    const assets = await site.build("0.1.1", { Files: bucket, One: setting("/made/one", "1") });
    const { stack } = await site.deploy(assets, { MostTasks: "7" });
    expect(site.proposal?.parameterChanges).toEqual([{ name: "MostTasks", from: "100", to: "7" }]);
    expect(stack?.parameters).toMatchObject({ AdminEmail: "admin@example.com", MostTasks: "7" });
  });

  test("leaves no trace when the changes are declined or only looked at", async () => {
    const site = await Site.open("declined");
    const assets = await site.build("0.1.0", { Files: bucket });
    expect((await site.deploy(assets, admin, { isAgreed: false })).outcome).toBe("declined");
    expect(await readStack(site.target, signal)).toBeUndefined();
    expect(await site.hasAssetBucket()).toBe(false);
    const preview = previewStack(site.target, { assets, parameters: admin }, signal);
    expect((await finish(preview, () => undefined))?.changes).toHaveLength(1);
    expect(await readStack(site.target, signal)).toBeUndefined();
    expect(await site.hasAssetBucket()).toBe(false);
  });

  test("refuses a first deployment without the administrator's address", async () => {
    const site = await Site.open("nobody");
    const error = await failureOf(site.deploy(await site.build("0.1.0", { Files: bucket })));
    expect(error.code).toBe("admin-email-missing");
    expect(error.hint).toContain("--admin-email");
  });

  test("marks the replacement and the removal of what holds data, and removes the files of the version before", async () => {
    const site = await Site.open("replaced");
    await site.deploy(await site.build("0.1.0", { Files: bucket, Runs: table("a") }), admin);
    const before = await site.assetKeys();
    await site.deploy(await site.build("0.2.0", { Runs: table("b"), One: setting("/replaced/one", "1") }));
    const [first, second, third] = site.proposal?.changes ?? [];
    // A table with another key is always a new one; the emulator says "Conditional" where AWS says "True".
    expect([first, second].map((change) => [change?.logicalId, change?.loses])).toEqual(
      expect.arrayContaining([
        ["Files", "all files in it"],
        ["Runs", "all runs and tests"],
      ]),
    );
    expect(third).toMatchObject({ kind: "add", logicalId: "One", loses: undefined });
    const after = await site.assetKeys();
    expect(after).toHaveLength(2);
    expect(before.filter((key) => after.includes(key))).toEqual([]);
  });

  test("says the first reason of a failed update, which is rolled back with the files that it needs", async () => {
    const site = await Site.open("rolled");
    const good = await site.build("0.1.0", { One: setting("/rolled/one", "1") });
    await site.deploy(good, admin);
    const kept = await site.assetKeys();
    const twice = { One: setting("/rolled/one", "2"), Two: setting("/rolled/one", "3", "One") };
    const error = await failureOf(site.deploy(await site.build("0.2.0", twice)));
    expect(error.code).toBe("deploy-failed");
    expect(error.message).toMatch(
      /^Could not deploy the stack "rolled" in us-east-1: Two \(AWS::SSM::Parameter\): .*exists/,
    );
    expect(error.hint).toMatch(/put everything back as it was/);
    expect(await needStack(site.target, signal)).toMatchObject({
      status: "UPDATE_ROLLBACK_COMPLETE",
      version: "0.1.0",
    });
    expect(await site.assetKeys()).toEqual(expect.arrayContaining([...kept]));
    const repaired = { One: setting("/rolled/one", "2"), Two: setting("/rolled/two", "3") };
    expect((await site.deploy(await site.build("0.2.1", repaired))).outcome).toBe("updated");
    expect(await site.assetKeys()).toHaveLength(2);
  });

  test("says what to do with a stack whose creation was rolled back", async () => {
    const site = await Site.open("unmade");
    const twice = { One: setting("/unmade/one", "1"), Two: setting("/unmade/one", "2", "One") };
    const failed = await failureOf(site.deploy(await site.build("0.1.0", twice), admin));
    expect(failed.message).toContain("Two (AWS::SSM::Parameter)");
    expect(failed.hint).toContain("loadfleet destroy");
    const good = await site.build("0.1.1", { One: setting("/unmade/one", "1") });
    const refused = await failureOf(site.deploy(good, admin));
    expect(refused.code).toBe("stack-not-made");
    expect(refused.message).toContain("Two (AWS::SSM::Parameter)");
    expect((await readStatus(site.target, "0.1.1", signal)).problem?.code).toBe("stack-not-made");
    expect(await site.destroy()).toEqual({ outcome: "destroyed", remains: [] });
    expect((await site.deploy(good, admin)).outcome).toBe("created");
  });

  test("leaves a stack alone that somebody else has made", async () => {
    const site = await Site.open("foreign");
    const TemplateBody = JSON.stringify({ Resources: { One: setting("/foreign/one", "1") } });
    await site.target.cloudFormation.send(new CreateStackCommand({ StackName: "foreign", TemplateBody }));
    await expect.poll(async () => (await readStack(site.target, signal))?.status).toBe("CREATE_COMPLETE");
    const assets = await site.build("0.1.0", { Files: bucket });
    const failures = [site.deploy(assets, admin), site.destroy(), readStatus(site.target, "0.1.0", signal)];
    for (const work of failures) expect((await failureOf(work)).code).toBe("foreign-stack");
    expect((await readStack(site.target, signal))?.status).toBe("CREATE_COMPLETE");
  });

  test("takes over what an interrupted review has left, but not another tool's change set", async () => {
    const site = await Site.open("review");
    const TemplateBody = JSON.stringify({ Resources: { One: setting("/review/one", "1") } });
    const propose = (ChangeSetName: string): Promise<unknown> =>
      site.target.cloudFormation.send(
        new CreateChangeSetCommand({ StackName: "review", ChangeSetName, ChangeSetType: "CREATE", TemplateBody }),
      );
    const assets = await site.build("0.1.0", { Files: bucket });
    await propose("somebody-elses");
    expect((await failureOf(site.deploy(assets, admin))).code).toBe("foreign-stack");
    const mine = await Site.open("reviewed");
    await mine.target.cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: "reviewed",
        ChangeSetName: "loadfleet-1",
        ChangeSetType: "CREATE",
        TemplateBody,
      }),
    );
    expect((await mine.deploy(assets, admin)).outcome).toBe("created");
  });

  test("follows a deployment that went on after the tool was closed", async () => {
    const site = await Site.open("resumed");
    const wait: Readonly<Record<string, Resource>> = {
      Handle: { Type: "AWS::CloudFormation::WaitConditionHandle" },
      Waits: {
        Type: "AWS::CloudFormation::WaitCondition",
        Properties: { Handle: { Ref: "Handle" }, Timeout: "60", Count: 1 },
      },
    };
    const assets = await site.build("0.1.0", { Files: bucket, ...wait });
    const closed = new AbortController();
    const onSaid = (said: Progress): void => {
      if (said.kind === "resource" && said.logicalId === "Waits") closed.abort();
    };
    await expect(site.deploy(assets, admin, { onSaid }, closed.signal)).rejects.toThrow(/abort/i);
    expect((await readStack(site.target, signal))?.status).toBe("CREATE_IN_PROGRESS");
    expect(await site.hasAssetBucket()).toBe(true);
    const again = await Site.open("resumed");
    let isSignalled = false;
    const resumed = again.deploy(assets, admin, {
      onSaid: (said) => {
        if (said.kind !== "resource" || said.logicalId !== "Waits" || isSignalled) return;
        isSignalled = true;
        void again.idOf("Handle").then(signalSuccess);
      },
    });
    expect((await resumed).outcome).toBe("unchanged");
    const notes = again.said.flatMap((it) => (it.kind === "note" ? [it.text] : []));
    expect(notes[0]).toBe("A deployment is under way (CREATE_IN_PROGRESS); following it to its end.");
    expect(again.said).toContainEqual(expect.objectContaining({ logicalId: "resumed", status: "CREATE_COMPLETE" }));
  });

  test("refuses to go back behind the version that is deployed", async () => {
    const site = await Site.open("newer");
    await site.deploy(await site.build("0.10.0", { Files: bucket }), admin);
    const error = await failureOf(site.deploy(await site.build("0.9.0", { Files: bucket })));
    expect(error.code).toBe("stack-newer");
    expect((await readStatus(site.target, "0.9.0", signal)).tool).toBe("older");
    expect((await readStatus(site.target, "0.11.0", signal)).tool).toBe("newer");
  });
});

describe("the image of the tasks", () => {
  const project = "imaged-build";
  const outputs = {
    ScenariosBucketName: { Ref: "Files" },
    RepositoryName: { Ref: "Images" },
    BuildProjectName: project,
  };
  const images: Resource = { Type: "AWS::ECR::Repository" };

  test("is missing, then built from an uploaded zip while its build is followed", async () => {
    const site = await Site.open("imaged");
    const { stack } = await site.deploy(await site.build("0.1.0", { Files: bucket, Images: images }, outputs), admin);
    if (stack === undefined) throw new Error("There is no stack.");
    expect(await readImage(site.target, stack, signal)).toMatchObject({ state: "missing", build: undefined });
    const builds = new CodeBuildClient(emulator.clientConfig);
    await builds.send(
      new CreateProjectCommand({
        name: project,
        source: { type: "NO_SOURCE", buildspec: "version: 0.2" },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: {
          type: "ARM_CONTAINER",
          image: "aws/codebuild/amazonlinux2-aarch64-standard:3.0",
          computeType: "BUILD_GENERAL1_SMALL",
        },
        serviceRole: "arn:aws:iam::000000000000:role/build",
      }),
    );
    await builds.send(new StartBuildCommand({ projectName: project }));
    const zip = new TextEncoder().encode("a zip");
    // The pipeline, which the emulator lacks, begins a build when the zip has arrived.
    const build = await finish(updateImage(site.target, stack, zip, signal), (said) => {
      if (said.kind === "note" && said.text.startsWith("Uploaded"))
        void builds.send(new StartBuildCommand({ projectName: project }));
    });
    const Bucket = await site.idOf("Files");
    const uploaded = await site.target.s3.send(new GetObjectCommand({ Bucket, Key: "container/container.zip" }));
    expect(await uploaded.Body?.transformToString()).toBe("a zip");
    expect(build).toMatchObject({ status: "SUCCEEDED", reason: undefined });
    const pushed = { repositoryName: await site.idOf("Images"), imageTag: "latest", imageManifest: "{}" };
    await new ECRClient(emulator.clientConfig).send(new PutImageCommand(pushed));
    expect(await readImage(site.target, stack, signal)).toMatchObject({ state: "ready", build: { id: build.id } });
  });
});

const ledgerTable: Resource = {
  Type: "AWS::DynamoDB::Table",
  Properties: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["pk", "sk", "testId", "month", "runId"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      ["byTest", "testId"],
      ["byMonth", "month"],
    ].map(([IndexName, hash]) => ({
      IndexName,
      KeySchema: [
        { AttributeName: hash, KeyType: "HASH" },
        { AttributeName: "runId", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["record"] },
    })),
  },
};

describe("destroy", () => {
  test("stops runs, keeps results, empties versioned buckets, deletes late log groups, and proves that nothing remains", async () => {
    const site = await Site.open("ending");
    const outputs = { ScenariosBucketName: { Ref: "Files" }, TableName: { Ref: "Runs" } };
    await site.deploy(await site.build("0.1.0", { Files: bucket, Runs: ledgerTable }, outputs), admin);
    const { s3, connection } = site.target;
    const Bucket = await site.idOf("Files");
    const Key = "results/shop/run-1/result.json.gz";
    for (const Body of ["first", "second"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "inbox/agent/report", Body: "report" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "inbox/agent/report" }));
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "half" }));
    const logGroupName = "/aws/lambda/ending-api";
    const logs = new CloudWatchLogsClient(emulator.clientConfig);
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const other = new CreateLogGroupCommand({ logGroupName: "/aws/lambda/ending-two-api" });
    await logs.send(other);
    const ledger = new DynamoLedger({ client: makeDynamoClient(connection), table: await site.idOf("Runs") });
    const run = makeRun();
    await ledger.submit(run, signal);
    // What a run's state machine does when it is asked to stop.
    const closer = (async () => {
      await expect
        .poll(async () => ledger.getStop(run.runId, signal), { timeout: 20_000 })
        .toMatchObject({ by: "person" });
      await ledger.closeRun(
        { ...run, status: "cancelled", endedAtMs: run.createdAtMs + 1, reason: "Stopped." },
        signal,
      );
    })();
    const folder = join(emulator.folder, "kept");
    const [outcome] = await Promise.all([site.destroy({ isAgreed: true, keepResultsIn: folder }), closer]);
    expect(site.demolition).toMatchObject({
      runs: [{ runId: run.runId }],
      buckets: [{ name: Bucket, versions: 4 }, { name: assetBucketName(site.target) }],
      canKeepResults: true,
    });
    expect(outcome).toEqual({ outcome: "destroyed", remains: [] });
    expect(readFileSync(join(folder, Key), "utf8")).toBe("second");
    expect(existsSync(join(folder, "inbox"))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, "runs.json"), "utf8"))).toMatchObject({
      runs: [{ runId: run.runId, status: "cancelled" }],
    });
    expect(await site.hasAssetBucket()).toBe(false);
    expect(await readStack(site.target, signal)).toBeUndefined();
    // A stack whose name only begins the same keeps what it has.
    await expect(logs.send(other)).rejects.toThrow(/exist/);
    expect(await site.destroy()).toEqual({ outcome: "absent", remains: [] });
  });

  test("ends by force what does not end by itself", async () => {
    const site = await Site.open("forced");
    const DefinitionString = JSON.stringify({ StartAt: "W", States: { W: { Type: "Wait", Seconds: 900, End: true } } });
    const RoleArn = "arn:aws:iam::000000000000:role/runs";
    const Machine = { Type: "AWS::StepFunctions::StateMachine", Properties: { DefinitionString, RoleArn } };
    await site.deploy(await site.build("0.1.0", { Files: bucket, Machine }), admin);
    const client = new SFNClient(emulator.clientConfig);
    await client.send(new StartExecutionCommand({ stateMachineArn: await site.idOf("Machine"), name: "lost" }));
    expect(await site.destroy()).toEqual({ outcome: "destroyed", remains: [] });
    expect(site.said).toContainEqual({
      kind: "note",
      text: "Ended executions of the state machine by force: 1.",
    });
  });

  test("lists what CloudFormation was told to keep", async () => {
    const site = await Site.open("keeping");
    await site.deploy(await site.build("0.1.0", { Kept: { ...bucket, DeletionPolicy: "Retain" } }), admin);
    const id = await site.idOf("Kept");
    // No time passes between two looks for remains, but on the clock.
    let skippedMs = 0;
    const clock = {
      now: () => systemClock.now() + skippedMs,
      sleep: async (ms: number, until: AbortSignal) => {
        await systemClock.sleep(ms, until);
        skippedMs += 10_000;
      },
    };
    const patient = new Site({ ...site.target, clock });
    const { outcome, remains } = await patient.destroy();
    expect(outcome).toBe("destroyed");
    // AWS names it in CloudFormation's list already; the emulator forgets it there, so that its name finds it.
    expect(remains).toMatchObject([{ id }]);
  });

  test("goes on where it was interrupted", async () => {
    const site = await Site.open("halfway");
    await site.deploy(await site.build("0.1.0", { Files: bucket, Runs: table("a") }), admin);
    const interrupted = new AbortController();
    const work = destroyStack(site.target, async () => ({ isAgreed: true }), interrupted.signal);
    await expect(
      finish(work, (said) => {
        if (said.kind === "resource") interrupted.abort();
      }),
    ).rejects.toThrow(/abort/i);
    expect(await site.hasAssetBucket()).toBe(true);
    expect(await site.destroy()).toEqual({ outcome: "destroyed", remains: [] });
    expect(await site.hasAssetBucket()).toBe(false);
  });

  test("deletes nothing unless it is agreed to", async () => {
    const site = await Site.open("spared");
    await site.deploy(await site.build("0.1.0", { Files: bucket }), admin);
    expect((await site.destroy({ isAgreed: false })).outcome).toBe("declined");
    expect((await readStack(site.target, signal))?.status).toBe("CREATE_COMPLETE");
    expect(await site.hasAssetBucket()).toBe(true);
  });
});

/** Runs a command of the CLI as a program in a pipe does: with the emulator's profile and nobody to ask. */
async function command(
  stack: string,
  version: string,
  ...argv: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { runCli } = await import("../../src/cli/cli.ts");
  const answer = { code: 0, stdout: "", stderr: "" };
  const output = { isTTY: false, columns: 100, hasColor: false };
  answer.code = await runCli([...argv, "--stack", stack], {
    stdout: { ...output, write: (text) => void (answer.stdout += text) },
    stderr: { ...output, write: (text) => void (answer.stderr += text) },
    env: process.env,
    cwd: emulator.folder,
    version,
    now: Date.now,
    openEngine: () => Promise.reject(new Error("There is no engine in this test.")),
    readReportAssets: () => Promise.reject(new Error("There is no report in this test.")),
    stackFolder: join(emulator.folder, stack, `stack-${version}`),
    interrupted: signal,
    aborted: signal,
  });
  return answer;
}

describe("the commands", () => {
  // The providers of credentials read the environment of their process.
  beforeAll(() => {
    for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
  });
  afterAll(() => vi.unstubAllEnvs());

  test("deploy, show, compare and destroy the stack of a profile, for other programs", async () => {
    const site = await Site.open("commanded");
    await site.build("0.1.0", { Files: bucket });
    const run = async (...argv: string[]): Promise<{ code: number; json: unknown; stderr: string }> => {
      const { code, stdout, stderr } = await command("commanded", "0.1.0", ...argv, "--format", "json");
      return { code, json: stdout === "" ? undefined : JSON.parse(stdout), stderr };
    };
    const missing = await run("status");
    expect(missing.code).toBe(exitCodes.environment);
    expect(missing.stderr).toContain('There is no stack "commanded" in us-east-1.');
    const unasked = await run("deploy", "--admin-email", "a@example.com");
    expect(unasked.stderr).toContain("Nobody is here to agree to the changes, so nothing was deployed.");
    expect(await readStack(site.target, signal)).toBeUndefined();
    const deployed = await run("deploy", "--yes", "--admin-email", "a@example.com");
    expect(deployed.json).toMatchObject({ schema: "loadfleet.deploy.v1", outcome: "created", version: "0.1.0" });
    expect((await run("preview")).json).toMatchObject({ action: "none", changes: [], parameterChanges: [] });
    expect((await run("status")).json).toMatchObject({
      version: "0.1.0",
      tool: "same",
      runs: [],
      drift: "NOT_CHECKED",
    });
    const wrong = await run("deploy", "--yes", "--parameter", "MostTasks=-1");
    expect(wrong.stderr).toContain('The value "-1" of the parameter MostTasks is below 0.');
    const destroyed = await run("destroy", "--yes");
    expect(destroyed).toMatchObject({ code: exitCodes.passed, json: { outcome: "destroyed", remains: [] } });
  });

  test("do not take --yes for an agreement to lose data", async () => {
    const site = await Site.open("lossy");
    await site.deploy(await site.build("0.1.0", { Files: bucket, Runs: table("a") }), admin);
    await site.build("0.2.0", { Files: bucket });
    const refused = await command("lossy", "0.2.0", "deploy", "--yes");
    expect(refused.code).toBe(exitCodes.badInput);
    expect(refused.stderr).toContain("LOSES ALL RUNS AND TESTS");
    expect(refused.stderr).toContain("The deployment would lose data (Runs), and nobody is here to agree.");
    expect((await readStack(site.target, signal))?.version).toBe("0.1.0");
    expect((await command("lossy", "0.2.0", "deploy", "--yes", "--allow-loss")).code).toBe(exitCodes.passed);
  });
});
