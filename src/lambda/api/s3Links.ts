import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { explain, isNamed } from "../../aws/awsErrors.ts";
import { s3Config, type Connection } from "../../aws/clients.ts";
import type { S3Place } from "../../aws/s3Store.ts";
import { linkSeconds, type LinkOptions, type Links } from "./ports.ts";

/** Makes a client of S3 for {@link S3Links}: an address for a part must not hold the checksum of a body that is not there yet. */
export function makeLinkClient(connection: Connection): S3Client {
  return new S3Client({ ...s3Config(connection), requestChecksumCalculation: "WHEN_REQUIRED" });
}

/** Presigned addresses of the scenarios bucket; they carry the rights of the function's role. */
export class S3Links implements Links {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ client, bucket }: S3Place) {
    this.#client = client;
    this.#bucket = bucket;
  }

  read(key: string, { fileName, contentType, contentEncoding }: LinkOptions): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      ...(contentType === undefined ? {} : { ResponseContentType: contentType }),
      ...(contentEncoding === undefined ? {} : { ResponseContentEncoding: contentEncoding }),
    });
    return getSignedUrl(this.#client, command, { expiresIn: linkSeconds });
  }

  async beginUpload(
    key: string,
    parts: number,
    signal: AbortSignal,
  ): Promise<{ readonly uploadId: string; readonly urls: readonly string[] }> {
    const place = { Bucket: this.#bucket, Key: key };
    const begun = this.#client.send(new CreateMultipartUploadCommand(place), { abortSignal: signal });
    const { UploadId = "" } = await explain("begin the upload", begun);
    const numbers = Array.from({ length: parts }, (_, index) => index + 1);
    const urls = await Promise.all(
      numbers.map((PartNumber) => {
        const command = new UploadPartCommand({ ...place, UploadId, PartNumber });
        return getSignedUrl(this.#client, command, { expiresIn: linkSeconds });
      }),
    );
    return { uploadId: UploadId, urls };
  }

  async finishUpload(
    key: string,
    uploadId: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number } | "unknown" | "empty"> {
    const place = { Bucket: this.#bucket, Key: key, UploadId: uploadId };
    try {
      // An upload has at most 7 parts, and a page 1,000.
      const { Parts = [] } = await this.#client.send(new ListPartsCommand(place), { abortSignal: signal });
      if (Parts.length === 0) return "empty";
      const parts = Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
      const command = new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts: parts } });
      await this.#client.send(command, { abortSignal: signal });
      return { bytes: Parts.reduce((sum, { Size = 0 }) => sum + Size, 0) };
    } catch (error) {
      if (isNamed(error, "NoSuchUpload")) return "unknown";
      throw error;
    }
  }
}
