import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type _Error as S3Error,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { awsError, explain, isNamed } from "./awsErrors.ts";
import { UserError } from "../core/errors.ts";

/** What a bucket holds. */
export interface BucketContent {
  /** Versions of objects, and delete markers. */
  readonly versions: number;
  readonly bytes: number;
}

/** Counts what a bucket holds; undefined when the bucket is not there. */
export async function measureBucket(
  s3: S3Client,
  Bucket: string,
  signal: AbortSignal,
): Promise<BucketContent | undefined> {
  let versions = 0;
  let bytes = 0;
  try {
    for await (const page of listVersions(s3, Bucket, signal)) {
      versions += page.length;
      for (const { Size = 0 } of page) bytes += Size;
    }
  } catch (error) {
    if (isNamed(error, "NoSuchBucket", "NotFound")) return undefined;
    throw awsError(error, `count what is in the bucket ${Bucket}`);
  }
  return { versions, bytes };
}

/**
 * Deletes every version, every delete marker and every unfinished upload of a bucket; harmless when it is not there.
 * Answers how many versions and markers it deleted.
 */
export async function emptyBucket(s3: S3Client, Bucket: string, signal: AbortSignal): Promise<number> {
  const doing = `empty the bucket ${Bucket}`;
  let deleted = 0;
  try {
    await abortUploads(s3, Bucket, signal);
    // Always the first page again: what was on it is gone, and a marker of a deleted page would lead nowhere.
    for (;;) {
      const { value: page } = await listVersions(s3, Bucket, signal).next();
      if (page === undefined || page.length === 0) return deleted;
      const Objects = page.map(({ Key, VersionId }) => ({ Key, VersionId }));
      const remove = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
      const { Errors: [refused] = [] } = await s3.send(remove, { abortSignal: signal });
      if (refused !== undefined) throw keptObject(Bucket, refused);
      deleted += page.length;
    }
  } catch (error) {
    if (isNamed(error, "NoSuchBucket")) return deleted;
    return explain(doing, Promise.reject(error));
  }
}

interface Version {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly Size?: number | undefined;
}

async function* listVersions(
  s3: S3Client,
  Bucket: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Version[], undefined> {
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const list = new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker });
    const page: ListObjectVersionsCommandOutput = await s3.send(list, { abortSignal: signal });
    const versions = (page.Versions ?? []).map(({ Key, VersionId, Size }) => ({ Key, VersionId, Size }));
    yield [...versions, ...(page.DeleteMarkers ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }))];
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  return undefined;
}

async function abortUploads(s3: S3Client, Bucket: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }), { abortSignal: signal });
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal: signal });
    }
  }
}

function keptObject(bucket: string, { Key, Code, Message }: S3Error): UserError {
  return new UserError("object-kept", `Could not delete ${Key} of the bucket ${bucket}: ${Code} ${Message}.`, {
    hint: "Look at the bucket's policy and object lock, then do it again.",
    kind: "environment",
  });
}
