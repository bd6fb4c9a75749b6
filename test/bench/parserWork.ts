import { makeDynamoClient } from "../../src/aws/dynamoClient.ts";
import { zlibGzip } from "../../src/aws/gzip.ts";
import { awsPace } from "../../src/aws/pace.ts";
import { makeS3Client } from "../../src/aws/s3Client.ts";
import { S3Store } from "../../src/aws/s3Store.ts";
import { collectStep } from "../../src/fleet/collect.ts";
import { closeStep } from "../../src/fleet/close.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import { storePlan } from "../../src/fleet/plan.ts";
import type { Ports } from "../../src/fleet/ports.ts";
import { makePlan, makeRun, makeTask, runIdOf } from "../fleet/records.ts";

// What results-parser does with a fleet's uploads, in a process of its own: node parserWork.mjs ENDPOINT TASKS

const [endpoint = "", tasks = "0"] = process.argv.slice(2);
const { signal } = new AbortController();
const credentials = async () => ({ accessKeyId: "any", secretAccessKey: "any" });
const connection = { endpoint, region: "us-east-1", credentials };
const store = new S3Store({ client: makeS3Client(connection), bucket: "bucket" });
const ledger = makeMemoryLedger();
const run = makeRun({ tasks: Number(tasks), status: "collecting", startAtMs: 0 });
// As in the function, where the SDK of the table is loaded too.
makeDynamoClient(connection).destroy();

await ledger.submit(run, signal);
for (let task = 0; task < run.tasks; task++) {
  const identity = `AROA:${task}`;
  await ledger.putTask(run.runId, undefined, makeTask({ task, identity, launcherId: identity, state: "done" }), signal);
}
await storePlan(run.runId, makePlan({ tasks: run.tasks }), store, signal);
const launcher: Ports["launcher"] = {
  launch: () => Promise.reject(new Error("Nothing is launched here.")),
  list: async () => [],
  kill: async () => undefined,
};
const ports: Ports = { ledger, store, launcher, gzip: zlibGzip, pace: awsPace };

const startedAt = performance.now();
const collected = await collectStep(runIdOf(0), 1, ports, signal);
const collectSeconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage();
const peakMiB = process.resourceUsage().maxRSS / 1024;
await closeStep(runIdOf(0), 2, ports, signal);
const seconds = (performance.now() - startedAt) / 1000;
const summary = (await ledger.getRun(runIdOf(0), signal))?.summary;
const cpuSeconds = (user + system) / 1e6;
console.log(
  JSON.stringify({
    next: collected.next,
    reported: summary?.tasksReported ?? 0,
    collectSeconds,
    closeSeconds: seconds - collectSeconds,
    cpuSeconds,
    peakMiB,
  }),
);
process.exit();
