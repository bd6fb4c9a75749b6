import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { awsError, explain, isNamed } from "../aws/awsErrors.ts";
import type { Buckets } from "./buckets.ts";

/** Buckets of S3. */
export function makeBuckets(client: S3Client): Buckets {
  return {
    async get({ bucket, key }, signal) {
      const get = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body } = await explain(`read ${key} in ${bucket}`, client.send(get, { abortSignal: signal }));
      if (Body === undefined) throw new Error(`${key} in ${bucket} has no content.`);
      return Body.transformToByteArray();
    },
    async put({ bucket, key }, bytes, contentType, signal) {
      // Files keep their names from version to version, so whoever has one asks whether it is still the same.
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        CacheControl: "no-cache",
      });
      await explain(`write ${key} in ${bucket}`, client.send(put, { abortSignal: signal }));
    },
    async copy(from, to, metadata, signal) {
      const copy = new CopyObjectCommand({
        Bucket: to.bucket,
        Key: to.key,
        CopySource: `${from.bucket}/${encodeURIComponent(from.key)}`,
        Metadata: { ...metadata },
        MetadataDirective: "REPLACE",
      });
      await explain(`copy ${from.key} to ${to.key} in ${to.bucket}`, client.send(copy, { abortSignal: signal }));
    },
    async metadata({ bucket, key }, signal) {
      try {
        const head = new HeadObjectCommand({ Bucket: bucket, Key: key });
        return (await client.send(head, { abortSignal: signal })).Metadata ?? {};
      } catch (error) {
        if (isNamed(error, "NotFound", "NoSuchKey")) return undefined;
        throw awsError(error, `read ${key} in ${bucket}`);
      }
    },
    async list(bucket, signal) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const list = new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token });
        const page = await explain(`list ${bucket}`, client.send(list, { abortSignal: signal }));
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
    async delete({ bucket, key }, signal) {
      const remove = new DeleteObjectCommand({ Bucket: bucket, Key: key });
      await explain(`delete ${key} in ${bucket}`, client.send(remove, { abortSignal: signal }));
    },
    async empty(bucket, signal) {
      try {
        await abortUploads(client, bucket, signal);
        while (await deleteSomeVersions(client, bucket, signal));
      } catch (error) {
        if (!isNamed(error, "NoSuchBucket")) throw awsError(error, `empty ${bucket}`);
      }
    },
  };
}

async function abortUploads(client: S3Client, bucket: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const list = new ListMultipartUploadsCommand({ Bucket: bucket });
    const { Uploads: uploads = [], IsTruncated } = await client.send(list, { abortSignal: signal });
    for (const { Key, UploadId } of uploads) {
      const abort = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
      await client.send(abort, { abortSignal: signal });
    }
    if (IsTruncated !== true || uploads.length === 0) return;
  }
}

/** Deletes up to a thousand versions and delete markers from the beginning; answers whether there were any. */
async function deleteSomeVersions(client: S3Client, bucket: string, signal: AbortSignal): Promise<boolean> {
  const list = new ListObjectVersionsCommand({ Bucket: bucket });
  const { Versions = [], DeleteMarkers = [] } = await client.send(list, { abortSignal: signal });
  const objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (objects.length === 0) return false;
  for (let from = 0; from < objects.length; from += 1000) {
    const batch = objects.slice(from, from + 1000);
    const remove = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: batch, Quiet: true } });
    const { Errors: errors = [] } = await client.send(remove, { abortSignal: signal });
    const [first] = errors;
    if (first !== undefined)
      throw new Error(`${errors.length} objects could not be deleted, such as ${first.Key}: ${first.Message}`);
  }
  return true;
}
