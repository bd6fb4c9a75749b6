import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { CreateClusterCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildImage } from "../../scripts/buildImage.mjs";
import { clientConfig, type Connection } from "../../src/aws/clients.ts";
import { makeDynamoClient } from "../../src/aws/dynamoClient.ts";
import { DynamoLedger } from "../../src/aws/dynamoLedger.ts";
import { DynamoSecrets } from "../../src/aws/dynamoSecrets.ts";
import { makeEcsClient } from "../../src/aws/ecsClient.ts";
import { EcsLauncher } from "../../src/aws/ecsLauncher.ts";
import { makeRunOf } from "../../src/aws/ecsRun.ts";
import { zlibGzip } from "../../src/aws/gzip.ts";
import { awsPace, listMsOf } from "../../src/aws/pace.ts";
import { makeS3Client } from "../../src/aws/s3Client.ts";
import { S3Store } from "../../src/aws/s3Store.ts";
import { makeSecretResolver } from "../../src/aws/secrets.ts";
import { packBundle } from "../../src/core/run/bundleArchive.ts";
import { makeRunId, type RunId } from "../../src/core/run/ids.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { containerName } from "../../src/core/stack/names.ts";
import { driveRun } from "../../src/fleet/drive.ts";
import { withLiveCache } from "../../src/fleet/liveCache.ts";
import { PacedLauncher } from "../../src/fleet/pacedLauncher.ts";
import type { Pace, Ports } from "../../src/fleet/ports.ts";
import { findResult } from "../../src/fleet/result.ts";
import { requestStop } from "../../src/fleet/stop.ts";
import { submitRun } from "../../src/fleet/submit.ts";
import { bundleScenario, openScenario } from "../../src/local/scenarioFiles.ts";
import { systemClock } from "../../src/local/systemClock.ts";
import { makeRun } from "../fleet/records.ts";
import { startServer, type TestServer } from "../servers/testServer.ts";
import { startEmulator, type Emulator } from "./emulator.ts";
import { createTable } from "./ledgerTable.ts";

// Agents of the real image as tasks of ECS, driven by the fleet's steps over the adapters of AWS.

const { signal } = new AbortController();
const pace: Pace = { ...awsPace, pollMs: 500, guideReadyMs: 3000 };
const cluster = "fleet";
const bucket = "scenarios";
let emulator: Emulator;
let server: TestServer;
let folder: string;
let dynamo: { readonly client: ReturnType<typeof makeDynamoClient>; readonly table: string };
let portsFor: (family: string) => Ports;

beforeAll(async () => {
  const { image } = await buildImage();
  folder = await mkdtemp(join(tmpdir(), "loadfleet-cloud-run-"));
  server = await startServer(({ headers }, response) => {
    response.statusCode = headers["authorization"] === "Bearer s3cret" ? 200 : 401;
    response.end("hello");
  });
  emulator = await startEmulator();
  const { endpoint, region, clientConfig: config } = emulator;
  const connection: Connection = { endpoint, region, credentials: async () => config.credentials };
  dynamo = { client: makeDynamoClient(connection), table: await createTable(makeDynamoClient(connection)) };
  const ledger = withLiveCache(new DynamoLedger(dynamo));
  const s3 = makeS3Client(connection);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const store = new S3Store({ client: s3, bucket });
  const ssm = new SSMClient(clientConfig(connection));
  await ssm.send(new PutParameterCommand({ Name: "/loadfleet/token", Value: "s3cret", Type: "SecureString" }));
  const secretsManager = new SecretsManagerClient(clientConfig(connection));
  const secrets = new DynamoSecrets(dynamo);
  const ecs = makeEcsClient(connection);
  await ecs.send(new CreateClusterCommand({ clusterName: cluster, capacityProviders: ["FARGATE", "FARGATE_SPOT"] }));
  const ecr = new ECRClient(emulator.clientConfig);
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: "image" }));
  await emulator.publishImage("image", image);
  const guideScript = `
    const { S3_BUCKET: bucket, TEST_ID: test, PREFIX: prefix, AWS_ENDPOINT_URL: endpoint } = process.env;
    const group = "<Group label=''><concurrency value='3'/><succ value='40'/><fail value='2'/><avg_rt value='0.01'/>" +
      "<perc param='50.0' value='0.01'/><perc param='100.0' value='0.02'/></Group>";
    const body = "<?xml version='1.0'?><FinalStatus><TestDuration>4</TestDuration>" + group + "</FinalStatus>";
    setTimeout(async () => {
      const path = bucket + "/results/" + test + "/" + prefix + "-" + crypto.randomUUID() + ".xml";
      await fetch(endpoint + "/" + path, { method: "PUT", body });
    }, 5000);`;
  const entryPoints = { agent: undefined, guide: ["node", "--eval", guideScript] };
  for (const [family, entryPoint] of Object.entries(entryPoints)) {
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "512",
        memory: "1024",
        volumes: [{ name: "work" }, { name: "tmp" }],
        containerDefinitions: [
          {
            name: containerName,
            image: `${repository?.repositoryUri}:latest`,
            entryPoint,
            readonlyRootFilesystem: true,
            mountPoints: [
              { sourceVolume: "work", containerPath: "/task" },
              { sourceVolume: "tmp", containerPath: "/tmp" },
            ],
            stopTimeout: 20,
          },
        ],
      }),
    );
  }
  portsFor = (family) => {
    const launcher = new EcsLauncher({
      client: ecs,
      cluster,
      taskDefinition: family,
      subnets: ["subnet-1"],
      securityGroups: ["sg-1"],
      isPublicIp: true,
      taskRoleId: "AROATEST",
      table: dynamo.table,
      bucket,
      tags: {},
      runOf: makeRunOf({ ledger, store, resolveSecrets: makeSecretResolver({ ssm, secretsManager }) }),
      keepSecrets: (identity, sealed) => secrets.put(identity, sealed, signal),
    });
    return { ledger, store, launcher: new PacedLauncher(launcher, listMsOf, systemClock), gzip: zlibGzip, pace };
  };
});
afterAll(async () => {
  await emulator.stop();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function submit(holdFor: string, ports: Ports): Promise<RunId> {
  const file = join(folder, "shop.loadtest.yml");
  await writeFile(
    file,
    `
execution:
  - concurrency: 4
    hold-for: ${holdFor}
    scenario: shop
scenarios:
  shop:
    default-address: http://127.0.0.1:${server.port}
    think-time: 50ms
    headers: { Authorization: "Bearer \${__env(TOKEN)}" }
    requests:
      - url: /products
        label: Products
loadfleet:
  secrets: { TOKEN: "ssm:/loadfleet/token" }
`,
  );
  const opened = openScenario(file, folder);
  if (opened.scenario === undefined) throw new Error(JSON.stringify(opened.problems));
  const { bundle, contents } = await bundleScenario(opened, opened.scenario);
  const { plan, problems } = planRun(opened.scenario, { engine: "aws", tasks: 2 }, bundle);
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  const runId = makeRunId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  const starter = { start: async () => undefined, isAlive: async () => true };
  const submission = { runId, plan, bundle: packBundle(contents), origin: makeRun().origin };
  await submitRun(submission, Date.now(), { ...ports, starter }, signal);
  return runId;
}

async function drive(runId: RunId, ports: Ports) {
  const failures: unknown[] = [];
  await driveRun(runId, ports, systemClock, signal, (error) => failures.push(error));
  const run = await ports.ledger.getRun(runId, signal);
  const result = run && (await findResult(run, ports, signal));
  return { run, result, failures, tasks: await ports.ledger.listTasks(runId, signal) };
}

test("two tasks of the image carry the load, with a secret that nobody else reads", async () => {
  const ports = portsFor("agent");
  const runId = await submit("4s", ports);
  const { run, result, failures, tasks } = await drive(runId, ports);
  expect(failures).toEqual([]);
  expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
  const all = result?.labels[""];
  expect(all?.failed).toBe(0);
  expect((all?.count ?? 0) + (all?.aborted ?? 0)).toBe(server.requests.length);
  const identities = tasks.map(({ identity }) => identity ?? "");
  expect(await new DynamoSecrets(dynamo).get(identities[0] ?? "", signal)).toBeUndefined();
  const live = await ports.ledger.getLive(identities, 0, signal);
  expect(live.reduce((sum, { record }) => sum + (record.labels[""]?.count ?? 0), 0)).toBe(all?.count);
  expect(await ports.store.list("inbox/", signal)).toEqual([]);
  await expect.poll(() => emulator.containers(), { timeout: 10_000 }).toEqual([]);
});

test("stopped under load, it keeps its figures, soon", async () => {
  const ports = portsFor("agent");
  const runId = await submit("60s", ports);
  const driving = drive(runId, ports);
  await expect
    .poll(async () => (await ports.ledger.getRun(runId, signal))?.status, { timeout: 40_000 })
    .toBe("running");
  const askedAtMs = Date.now();
  await requestStop(runId, { atMs: askedAtMs, by: "person", reason: "Enough." }, ports.ledger, signal);
  const { run, result } = await driving;
  expect(run).toMatchObject({ status: "cancelled", isPartial: true, reason: "Enough." });
  expect(result?.labels[""]?.count).toBeGreaterThan(0);
  expect((run?.endedAtMs ?? Infinity) - askedAtMs).toBeLessThan(20_000);
});

test("a task that AWS tells to end uploads what it measured, and says why", async () => {
  const ports = portsFor("agent");
  const runId = await submit("12s", ports);
  const driving = drive(runId, ports);
  await expect
    .poll(async () => (await ports.ledger.getRun(runId, signal))?.status, { timeout: 40_000 })
    .toBe("running");
  const [task] = await ports.launcher.list(runId, signal);
  if (task === undefined) throw new Error("There is no task.");
  await ports.launcher.kill(runId, task, signal);
  const { run, result } = await driving;
  expect(run).toMatchObject({ status: "complete" });
  expect(run?.reason).toContain("told to end");
  expect(result?.tasks.reported).toBe(2);
});

test("an image of the guide's own kind is understood by its results.xml", async () => {
  const ports = portsFor("guide");
  const runId = await submit("4s", ports);
  const { run, result } = await drive(runId, ports);
  expect(run).toMatchObject({ status: "complete", isPartial: false });
  expect(result).toMatchObject({ isApproximate: true, tasks: { wanted: 2, reported: 2 } });
  expect(result?.labels[""]).toMatchObject({ count: 84, failed: 4 });
});
