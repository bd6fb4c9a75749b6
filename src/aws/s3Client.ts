import { S3Client } from "@aws-sdk/client-s3";
import { s3Config, type Connection } from "./clients.ts";

/** Makes a client of S3. */
export function makeS3Client(connection: Connection): S3Client {
  return new S3Client(s3Config(connection));
}
