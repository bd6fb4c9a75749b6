import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  type Build,
} from "@aws-sdk/client-codebuild";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { awsError, explain, isNamed } from "../aws/awsErrors.ts";
import { clientConfig } from "../aws/clients.ts";
import { UserError } from "../core/errors.ts";
import { containerKey, stackOutputs } from "../core/stack/names.ts";
import type { DeployedStack } from "./deployedStack.ts";
import { unlessGone } from "./gone.ts";
import { note, type Work } from "./progress.ts";
import type { DeployTarget } from "./target.ts";

/** The newest build of the container image. */
export interface ImageBuild {
  readonly id: string;
  /** As CodeBuild writes it: `IN_PROGRESS`, `SUCCEEDED`, `FAILED`. */
  readonly status: string;
  readonly phase: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  /** Why it failed, in CodeBuild's words. */
  readonly reason: string | undefined;
}

/** Whether tasks have an image to start from. */
export interface ImageState {
  readonly state: "ready" | "building" | "failed" | "missing";
  /** When the image that tasks start from was pushed. */
  readonly pushedAtMs: number | undefined;
  readonly build: ImageBuild | undefined;
}

const startLimitMs = 300_000;
const logLines = 20;

/** Finds out which image tasks start from, and how its newest build went. */
export async function readImage(target: DeployTarget, stack: DeployedStack, signal: AbortSignal): Promise<ImageState> {
  const repository = stack.outputs[stackOutputs.repository];
  const project = stack.outputs[stackOutputs.buildProject];
  const pushedAtMs = repository === undefined ? undefined : await latestPush(target, repository, signal);
  const newest = project === undefined ? undefined : (await listBuilds(target, project, signal))[0];
  const build = newest === undefined ? undefined : describe(newest);
  const state = build?.status === "IN_PROGRESS" ? "building" : stateAtRest(build, pushedAtMs);
  return { state, pushedAtMs, build };
}

function stateAtRest(build: ImageBuild | undefined, pushedAtMs: number | undefined): ImageState["state"] {
  if (build !== undefined && build.status !== "SUCCEEDED") return "failed";
  return pushedAtMs === undefined ? "missing" : "ready";
}

/**
 * Uploads a container zip in place of the stack's own and follows the build of the image from it.
 * @throws {UserError} `image-build-failed` with the last lines of the log, `image-build-not-started`
 */
export async function* updateImage(
  target: DeployTarget,
  stack: DeployedStack,
  zip: Uint8Array,
  signal: AbortSignal,
): Work<ImageBuild> {
  const { s3, clock, pollMs } = target;
  const bucket = need(stack, stackOutputs.scenariosBucket);
  const project = need(stack, stackOutputs.buildProject);
  const known = new Set((await listBuilds(target, project, signal)).map(({ id }) => id));
  const put = new PutObjectCommand({ Bucket: bucket, Key: containerKey, Body: zip, ContentType: "application/zip" });
  await explain("upload the container zip", s3.send(put, { abortSignal: signal }));
  yield note(
    `Uploaded ${(zip.length / 2 ** 20).toFixed(1)} MiB to s3://${bucket}/${containerKey}; the build begins within a minute.`,
  );
  let phase = "";
  for (const limitMs = clock.now() + startLimitMs; ; await clock.sleep(pollMs, signal)) {
    signal.throwIfAborted();
    const found = (await listBuilds(target, project, signal)).find(({ id }) => !known.has(id));
    if (found === undefined) {
      if (clock.now() > limitMs) throw notStarted(project);
      continue;
    }
    const build = describe(found);
    if (build.phase !== phase) yield note(`Build ${build.id}: ${build.phase}.`);
    phase = build.phase;
    if (build.status === "SUCCEEDED") return build;
    if (build.status !== "IN_PROGRESS") throw await failedBuild(target, found, signal);
  }
}

function need(stack: DeployedStack, output: string): string {
  const value = stack.outputs[output];
  if (value !== undefined) return value;
  throw new UserError("stack-incomplete", `The stack "${stack.name}" does not tell its ${output}.`, {
    hint: 'Bring it up to date with "loadfleet deploy".',
    kind: "environment",
  });
}

function notStarted(project: string): UserError {
  return new UserError("image-build-not-started", `No build of ${project} has begun within 5 minutes.`, {
    hint: "Look at the pipeline of the stack in CodePipeline's console: it says what it waits for.",
    kind: "environment",
  });
}

/** Newest first. */
async function listBuilds(target: DeployTarget, projectName: string, signal: AbortSignal): Promise<readonly Build[]> {
  const client = new CodeBuildClient(clientConfig(target.connection));
  const list = new ListBuildsForProjectCommand({ projectName, sortOrder: "DESCENDING" });
  const doing = "look at the builds of the image";
  const { ids = [] } = (await explain(doing, unlessGone(client.send(list, { abortSignal: signal })))) ?? {};
  if (ids.length === 0) return [];
  const get = new BatchGetBuildsCommand({ ids: ids.slice(0, 10) });
  const { builds = [] } = await explain(doing, client.send(get, { abortSignal: signal }));
  return builds.toSorted((a, b) => (b.buildNumber ?? 0) - (a.buildNumber ?? 0));
}

function describe({ id = "", buildStatus, currentPhase = "", startTime, endTime, phases = [] }: Build): ImageBuild {
  const failed = phases.find(({ phaseStatus }) => phaseStatus === "FAILED" || phaseStatus === "FAULT");
  const message = failed?.contexts?.find((context) => context.message)?.message;
  const reason = failed === undefined ? undefined : `${failed.phaseType}: ${message ?? "no reason given"}`;
  return {
    id,
    status: buildStatus ?? "",
    phase: currentPhase,
    startedAtMs: startTime?.getTime() ?? 0,
    endedAtMs: endTime?.getTime(),
    reason,
  };
}

async function failedBuild({ connection }: DeployTarget, build: Build, signal: AbortSignal): Promise<UserError> {
  const { reason = build.buildStatus, id } = describe(build);
  const { groupName: logGroupName, streamName: logStreamName } = build.logs ?? {};
  const client = new CloudWatchLogsClient(clientConfig(connection));
  const read = new GetLogEventsCommand({ logGroupName, logStreamName, limit: logLines });
  const page =
    logGroupName === undefined || logStreamName === undefined
      ? undefined
      : await unlessGone(client.send(read, { abortSignal: signal }));
  const lines = (page?.events ?? []).map(({ message = "" }) => message.trimEnd());
  const log = lines.length === 0 ? "" : `\n${lines.join("\n")}`;
  return new UserError("image-build-failed", `The build ${id} of the image failed: ${reason}${log}`, {
    hint: "Tasks go on starting from the image before it. Mend the zip, then: loadfleet image update ZIP.",
    kind: "environment",
  });
}

async function latestPush(
  { connection }: DeployTarget,
  repositoryName: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const client = new ECRClient(clientConfig(connection));
  const describeLatest = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "latest" }] });
  try {
    const { imageDetails: [image] = [] } = await client.send(describeLatest, { abortSignal: signal });
    return image?.imagePushedAt?.getTime();
  } catch (error) {
    if (isNamed(error, "ImageNotFoundException", "RepositoryNotFoundException")) return undefined;
    throw awsError(error, `look at the images of ${repositoryName}`);
  }
}
