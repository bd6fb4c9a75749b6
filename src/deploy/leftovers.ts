import { DeleteLogGroupCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { BatchDeleteImageCommand, ECRClient, ListImagesCommand, type ImageIdentifier } from "@aws-sdk/client-ecr";
import { DeleteTaskDefinitionsCommand, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import { awsError, explain } from "../aws/awsErrors.ts";
import { clientConfig } from "../aws/clients.ts";
import { makeEcsClient } from "../aws/ecsClient.ts";
import { isGone } from "./gone.ts";
import type { DeployTarget } from "./target.ts";

const definitionsPerCall = 10;
const imagesPerCall = 100;

/** Images of a repository; undefined when the repository is not there. */
export async function listImages(
  { connection }: DeployTarget,
  repositoryName: string,
  signal: AbortSignal,
): Promise<readonly ImageIdentifier[] | undefined> {
  const client = new ECRClient(clientConfig(connection));
  const images: ImageIdentifier[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const list = new ListImagesCommand({ repositoryName, nextToken });
      const page = await client.send(list, { abortSignal: signal });
      images.push(...(page.imageIds ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw awsError(error, `list the images of ${repositoryName}`);
  }
  return images;
}

/** Deletes every image of a repository; answers how many there were. */
export async function deleteImages(target: DeployTarget, repositoryName: string, signal: AbortSignal): Promise<number> {
  const images = (await listImages(target, repositoryName, signal)) ?? [];
  const client = new ECRClient(clientConfig(target.connection));
  for (let from = 0; from < images.length; from += imagesPerCall) {
    const imageIds = images.slice(from, from + imagesPerCall);
    const remove = new BatchDeleteImageCommand({ repositoryName, imageIds });
    await explain(`delete the images of ${repositoryName}`, client.send(remove, { abortSignal: signal }));
  }
  return images.length;
}

/** Deletes log groups, as far as they are there; answers how many were. */
export async function deleteLogGroups(
  { connection }: DeployTarget,
  names: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const client = new CloudWatchLogsClient(clientConfig(connection));
  let deleted = 0;
  for (const logGroupName of names) {
    try {
      await client.send(new DeleteLogGroupCommand({ logGroupName }), { abortSignal: signal });
      deleted++;
    } catch (error) {
      if (!isGone(error)) throw awsError(error, `delete the log group ${logGroupName}`);
    }
  }
  return deleted;
}

/** Deletes the revisions of task definitions that CloudFormation has only deregistered; they would stay for ever. */
export async function deleteTaskDefinitions(
  { connection }: DeployTarget,
  families: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const client = makeEcsClient(connection);
  let deleted = 0;
  for (const familyPrefix of families) {
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const list = new ListTaskDefinitionsCommand({ familyPrefix, status: "INACTIVE", nextToken });
      const page = await explain("list task definitions", client.send(list, { abortSignal: signal }));
      arns.push(...(page.taskDefinitionArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    for (let from = 0; from < arns.length; from += definitionsPerCall) {
      const remove = new DeleteTaskDefinitionsCommand({ taskDefinitions: arns.slice(from, from + definitionsPerCall) });
      await explain("delete task definitions", client.send(remove, { abortSignal: signal }));
    }
    deleted += arns.length;
  }
  return deleted;
}
