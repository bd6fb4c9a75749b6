import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import type { Store } from "../fleet/ports.ts";
import { explain, isNamed } from "./awsErrors.ts";

/** Where a store is. */
export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
}

/** Keeps named bytes as objects of a bucket. */
export class S3Store implements Store {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ client, bucket }: S3Place) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes });
    await this.#explain("write", key, this.#client.send(command, { abortSignal: signal }));
  }

  async get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const body = await this.#body(key, signal);
    return body && this.#explain("read", key, body.transformToByteArray());
  }

  /** The bytes as they arrive, for what is too big to be held; undefined when there is no such object. */
  async open(key: string, signal: AbortSignal): Promise<Readable | undefined> {
    const body = await this.#body(key, signal);
    // Node's own HTTP client gives one of Node's streams.
    return body instanceof Readable ? body : undefined;
  }

  async list(
    prefix: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
    const found: { key: string; bytes: number }[] = [];
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await this.#explain("list", prefix, this.#client.send(command, { abortSignal: signal }));
      for (const { Key: key, Size: bytes = 0 } of page.Contents ?? [])
        if (key !== undefined) found.push({ key, bytes });
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key });
    await this.#explain("delete", key, this.#client.send(command, { abortSignal: signal }));
  }

  async #body(key: string, signal: AbortSignal): Promise<GetObjectCommandOutput["Body"]> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    try {
      return (await this.#client.send(command, { abortSignal: signal })).Body;
    } catch (error) {
      if (isNamed(error, "NoSuchKey")) return undefined;
      return this.#explain("read", key, Promise.reject(error));
    }
  }

  #explain<T>(doing: string, key: string, call: Promise<T>): Promise<T> {
    return explain(`${doing} ${key} in the bucket ${this.#bucket}`, call);
  }
}
