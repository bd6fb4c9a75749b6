import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type PutBucketEncryptionCommandInput,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { explain, isNamed } from "../aws/awsErrors.ts";
import { mapConcurrent } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import { stackTag } from "../core/stack/names.ts";
import { hashOf, type StackAssets } from "./assets.ts";
import { emptyBucket } from "../aws/emptyBucket.ts";
import type { DeployTarget } from "./target.ts";

const uploadsAtATime = 4;

/** Name of the bucket with the stack's assets: the same for everybody who deploys this stack. */
export function assetBucketName({
  account,
  region,
  stack,
}: Pick<DeployTarget, "account" | "region" | "stack">): string {
  return `loadfleet-${hashOf(`${account}/${region}/${stack}`).slice(0, 12)}-${account}-${region}`;
}

/** Key of a template in the bucket of assets. */
function templateKey(template: string): string {
  return `${hashOf(template)}.json`;
}

/** Tells whether the bucket of assets is there. @throws {UserError} `asset-bucket-taken` when it is another account's */
export async function hasAssetBucket(target: DeployTarget, signal: AbortSignal): Promise<boolean> {
  const Bucket = assetBucketName(target);
  const head = new HeadBucketCommand({ Bucket, ExpectedBucketOwner: target.account });
  try {
    await target.s3.send(head, { abortSignal: signal });
    return true;
  } catch (error) {
    if (isNamed(error, "NotFound", "NoSuchBucket")) return false;
    // The answer to HEAD has no body: "403" is all that S3 says of a bucket that somebody else has.
    if (isNamed(error, "403", "Forbidden", "AccessDenied")) throw takenBucket(Bucket, target.account, error);
    return explain(`look at the bucket ${Bucket}`, Promise.reject(error));
  }
}

/** Makes the bucket of assets, or brings its settings up to date: private, encrypted, by TLS only, tagged. */
export async function ensureAssetBucket(target: DeployTarget, signal: AbortSignal): Promise<void> {
  const { s3, account, stack } = target;
  const Bucket = assetBucketName(target);
  const options = { abortSignal: signal };
  const owned = { Bucket, ExpectedBucketOwner: account };
  const doing = `make the bucket ${Bucket} for the stack's files`;
  if (!(await hasAssetBucket(target, signal))) await explain(doing, createBucket(target, Bucket, signal));
  const policy = { ...owned, Policy: JSON.stringify(tlsOnly(Bucket, partitionOf(target))) };
  await explain(doing, s3.send(new PutPublicAccessBlockCommand({ ...owned, ...allBlocked }), options));
  await explain(doing, s3.send(new PutBucketEncryptionCommand({ ...owned, ...encrypted }), options));
  await explain(doing, s3.send(new PutBucketPolicyCommand(policy), options));
  const TagSet = [{ Key: stackTag, Value: stack }];
  await explain(doing, s3.send(new PutBucketTaggingCommand({ ...owned, Tagging: { TagSet } }), options));
}

/** Puts the template into the bucket; answers the address under which CloudFormation reads it. */
export async function uploadTemplate(target: DeployTarget, template: string, signal: AbortSignal): Promise<string> {
  const { s3, account } = target;
  const place = { Bucket: assetBucketName(target), Key: templateKey(template), ExpectedBucketOwner: account };
  const put = new PutObjectCommand({ ...place, Body: template, ContentType: "application/json" });
  await explain("upload the template", s3.send(put, { abortSignal: signal }));
  // The client knows how buckets are addressed in this partition or emulator; CloudFormation reads with its user's rights.
  const address = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket: place.Bucket, Key: place.Key })));
  return `${address.origin}${address.pathname}`;
}

/** Uploads the assets that are not there yet; answers how many those were. */
export async function uploadAssets(
  target: DeployTarget,
  { assets }: StackAssets,
  signal: AbortSignal,
): Promise<number> {
  const { s3, account } = target;
  const Bucket = assetBucketName(target);
  const present = new Set(await listKeys(target, signal));
  const missing = [...new Map(assets.map((asset) => [asset.key, asset])).values()].filter(
    ({ key }) => !present.has(key),
  );
  await mapConcurrent(
    missing,
    uploadsAtATime,
    async ({ name, key, bytes }) => {
      const put = new PutObjectCommand({ Bucket, Key: key, Body: bytes, ExpectedBucketOwner: account });
      await explain(`upload ${name}`, s3.send(put, { abortSignal: signal }));
    },
    signal,
  );
  return missing.length;
}

/** Removes what only earlier versions needed; called once an update has succeeded, since a roll-back needs it. */
export async function pruneAssets(target: DeployTarget, current: StackAssets, signal: AbortSignal): Promise<void> {
  const kept = new Set([templateKey(current.template), ...current.assets.map(({ key }) => key)]);
  const old = (await listKeys(target, signal)).filter((key) => !kept.has(key));
  for (let from = 0; from < old.length; from += 1000) {
    const Objects = old.slice(from, from + 1000).map((Key) => ({ Key }));
    const place = { Bucket: assetBucketName(target), ExpectedBucketOwner: target.account };
    const remove = new DeleteObjectsCommand({ ...place, Delete: { Objects, Quiet: true } });
    await explain("remove files of the earlier version", target.s3.send(remove, { abortSignal: signal }));
  }
}

/** Removes the bucket with all that is in it; answers whether there was one. */
export async function removeAssetBucket(target: DeployTarget, signal: AbortSignal): Promise<boolean> {
  if (!(await hasAssetBucket(target, signal))) return false;
  const Bucket = assetBucketName(target);
  await emptyBucket(target.s3, Bucket, signal);
  const remove = new DeleteBucketCommand({ Bucket, ExpectedBucketOwner: target.account });
  await explain(`delete the bucket ${Bucket}`, target.s3.send(remove, { abortSignal: signal }));
  return true;
}

async function listKeys(target: DeployTarget, signal: AbortSignal): Promise<readonly string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const list = new ListObjectsV2Command({
      Bucket: assetBucketName(target),
      ExpectedBucketOwner: target.account,
      ContinuationToken,
    });
    const page = await explain("list the stack's files", target.s3.send(list, { abortSignal: signal }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

async function createBucket({ s3, account }: DeployTarget, Bucket: string, signal: AbortSignal): Promise<void> {
  try {
    // The client adds the region as the bucket's location.
    await s3.send(new CreateBucketCommand({ Bucket }), { abortSignal: signal });
  } catch (error) {
    if (isNamed(error, "BucketAlreadyExists")) throw takenBucket(Bucket, account, error);
    // Another deployment may have made it just now.
    if (!isNamed(error, "BucketAlreadyOwnedByYou")) throw error;
  }
}

const allBlocked = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
};

const encrypted: Pick<PutBucketEncryptionCommandInput, "ServerSideEncryptionConfiguration"> = {
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
  },
};

/** The partition is part of every ARN, so of the caller's. */
function partitionOf({ identity }: DeployTarget): string {
  return identity.split(":")[1] ?? "aws";
}

function tlsOnly(bucket: string, partition: string): object {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`], Condition };
  return { Version: "2012-10-17", Statement: [{ Sid: "TlsOnly", ...statement }] };
}

function takenBucket(bucket: string, account: string, cause: unknown): UserError {
  return new UserError("asset-bucket-taken", `The bucket ${bucket} is not open to you in account ${account}.`, {
    hint: "Either your role lacks rights on S3 (docs/deploy.md lists them), or another account has a bucket of this name.",
    kind: "environment",
    cause,
  });
}
