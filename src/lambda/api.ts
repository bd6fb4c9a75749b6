import { randomBytes } from "node:crypto";
import packageJson from "../../package.json" with { type: "json" };
import { makeDynamoClient } from "../aws/dynamoClient.ts";
import { DynamoLedger } from "../aws/dynamoLedger.ts";
import { zlibGzip } from "../aws/gzip.ts";
import { makeS3Client } from "../aws/s3Client.ts";
import { S3Store } from "../aws/s3Store.ts";
import { makeStepFunctionsClient } from "../aws/stepFunctionsClient.ts";
import { StepFunctionsStarter } from "../aws/stepFunctionsStarter.ts";
import { makeMessageOf } from "../fleet/guide.ts";
import { makeApiHandler, type GatewayAnswer } from "./api/handler.ts";
import { makeLinkClient, S3Links } from "./api/s3Links.ts";
import { readVariable } from "./environment.ts";
import type { InvocationContext } from "./invocation.ts";

/** Kept back of the function's time, so that the gateway still gets an answer. */
const reservedMs = 1500;

const bucket = readVariable("bucket");
const ledger = new DynamoLedger({ client: makeDynamoClient({}), table: readVariable("table") });
const store = new S3Store({ client: makeS3Client({}), bucket });
const starter = new StepFunctionsStarter({
  client: makeStepFunctionsClient({}),
  stateMachineArn: readVariable("stateMachine"),
  messageOf: makeMessageOf({ ledger, store }),
});
const answer = makeApiHandler(
  {
    ledger,
    store,
    starter,
    gzip: zlibGzip,
    links: new S3Links({ client: makeLinkClient({}), bucket }),
    now: Date.now,
    random: randomBytes,
    toolVersion: packageJson.version,
  },
  (line) => void process.stdout.write(`${line}\n`),
);

/** Answers a request of the REST API. */
export async function handler(event: unknown, context: InvocationContext): Promise<GatewayAnswer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), Math.max(0, context.getRemainingTimeInMillis() - reservedMs));
  try {
    return await answer(event, limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
