import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { awsError, explain, isNamed } from "../aws/awsErrors.ts";
import { emptyBucket } from "../aws/emptyBucket.ts";
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
      await emptyBucket(client, bucket, signal);
    },
  };
}
