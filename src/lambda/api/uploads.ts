import { testTypes, type FileType, type TestType } from "../../core/api/testRequest.ts";
import type { JsonObject } from "../../core/json.ts";
import type { TestId } from "../../core/run/ids.ts";
import { ApiError, badFields } from "./apiError.ts";
import { objectOf, testIdOf } from "./input.ts";
import { linkSeconds, type ApiAnswer, type ApiPorts, type Operation } from "./ports.ts";
import { endingsOf, keyForUpload } from "./uploadKeys.ts";

const mostBytes = 50 * 1024 ** 2;
/** All parts but the last have this size; S3 takes no smaller ones than 5 MiB. */
const partBytes = 8 * 1024 ** 2;

/** Gives addresses to upload a file in parts, or, with an `uploadId`, puts the parts together. */
export const uploadFile: Operation = async (request, ports, signal) => {
  const testId = testIdOf(request);
  const body = objectOf(request);
  const { key, fileType } = readTarget(body, testId);
  const { uploadId } = body;
  if (uploadId === undefined || uploadId === null) return begin({ testId, key, fileType }, sizeOf(body), ports, signal);
  if (typeof uploadId !== "string" || uploadId === "") {
    throw badFields([{ field: "uploadId", message: "It has to be the uploadId of the answer before." }]);
  }
  return finish({ testId, key, fileType }, uploadId, ports, signal);
};

interface Target {
  readonly testId: TestId;
  readonly key: string;
  readonly fileType: FileType;
}

async function begin(target: Target, bytes: number, { links }: ApiPorts, signal: AbortSignal): Promise<ApiAnswer> {
  const count = Math.max(1, Math.ceil(bytes / partBytes));
  const { uploadId, urls } = await links.beginUpload(target.key, count, signal);
  const parts = urls.map((url, index) => ({
    number: index + 1,
    bytes: Math.min(partBytes, bytes - index * partBytes),
    url,
  }));
  return {
    status: 201,
    body: { ...target, uploadId, partBytes, parts, expiresInSeconds: linkSeconds, isComplete: false },
  };
}

async function finish(target: Target, uploadId: string, { links }: ApiPorts, signal: AbortSignal): Promise<ApiAnswer> {
  const outcome = await links.finishUpload(target.key, uploadId, signal);
  if (outcome === "unknown") {
    throw new ApiError(404, "no-upload", "There is no such upload, or it has been put together already.", {
      hint: "Begin a new one: send the same without uploadId.",
    });
  }
  if (outcome === "empty") {
    throw new ApiError(409, "no-parts", "No part of the upload has arrived.", {
      hint: "PUT each part to its address first.",
    });
  }
  return { status: 200, body: { ...target, uploadId, bytes: outcome.bytes, isComplete: true } };
}

/** @throws {ApiError} 400 */
function readTarget(body: JsonObject, testId: TestId): Pick<Target, "key" | "fileType"> {
  const uploadable = testTypes.filter((type) => type !== "simple");
  const testType: TestType | undefined = uploadable.find((type) => type === body["testType"]);
  const { fileName } = body;
  if (testType === undefined) {
    throw badFields([{ field: "testType", message: `It is one of ${uploadable.join(", ")}.` }]);
  }
  const key = typeof fileName === "string" ? keyForUpload(testType, fileName, testId) : undefined;
  if (key === undefined) {
    const message = `It has to be a file name that ends with ${endingsOf(testType).join(", ")}.`;
    throw badFields([{ field: "fileName", message }]);
  }
  return { key, fileType: key.endsWith(".zip") ? "zip" : "script" };
}

/** @throws {ApiError} 400, 413 */
function sizeOf({ bytes }: JsonObject): number {
  if (typeof bytes !== "number" || !Number.isSafeInteger(bytes) || bytes < 1) {
    throw badFields([{ field: "bytes", message: "It has to be the size of the file in bytes." }]);
  }
  if (bytes <= mostBytes) return bytes;
  throw new ApiError(413, "too-large", "The file is larger than 50 MB.", {
    hint: "Leave out what the run does not need, or start the test with the command line or the editor.",
  });
}
