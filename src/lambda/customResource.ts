import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { makeS3Client } from "../aws/s3Client.ts";
import { answerRequest, sendAnswer } from "./cloudFormation.ts";
import { makeHandler } from "./invocation.ts";
import { makeBuckets } from "./s3Buckets.ts";
import { applyRequest, decodeRequest } from "./solution.ts";

const buckets = makeBuckets(makeS3Client({}));

/** The function custom-resource: fills the stack's buckets, and empties them before they are deleted. */
export const handler = makeHandler(
  "custom-resource",
  decodeRequest,
  async (request, { signal }) => {
    const answer = await answerRequest(request, () => applyRequest(request, buckets, signal), randomUUID);
    await sendAnswer(request.ResponseURL, answer, (ms) => wait(ms));
    return answer;
  },
  ({ RequestType }, answer) => ({ request: RequestType, status: answer?.Status, reason: answer?.Reason }),
);
