import { DynamoLedger } from "../aws/dynamoLedger.ts";
import { DynamoSecrets } from "../aws/dynamoSecrets.ts";
import { makeDynamoClient } from "../aws/dynamoClient.ts";
import { makeEcsClient } from "../aws/ecsClient.ts";
import { EcsLauncher } from "../aws/ecsLauncher.ts";
import { makeRunOf } from "../aws/ecsRun.ts";
import { zlibGzip } from "../aws/gzip.ts";
import { awsPace, listMsOf } from "../aws/pace.ts";
import { pricesOf } from "../aws/prices.ts";
import { makeS3Client } from "../aws/s3Client.ts";
import { S3Store } from "../aws/s3Store.ts";
import type { ResolveSecrets } from "../aws/secrets.ts";
import { decodeCaps } from "../core/stack/caps.ts";
import { stackTag, type Caps } from "../core/stack/names.ts";
import { withLiveCache } from "../fleet/liveCache.ts";
import { PacedLauncher } from "../fleet/pacedLauncher.ts";
import type { Ports } from "../fleet/ports.ts";
import type { Tariff } from "../fleet/spending.ts";
import type { TaskCluster } from "./ecsTasks.ts";
import { readList, readVariable } from "./environment.ts";
import { lambdaClock } from "./lambdaClock.ts";

/** What the functions of the state machine share. */
export interface StackParts {
  readonly ports: Ports;
  readonly caps: Caps;
  readonly tariff: Tariff;
  readonly tasks: TaskCluster;
}

// Kept between invocations, with their connections.
const client = makeDynamoClient({});
const s3 = makeS3Client({});
const ecs = makeEcsClient({});

/** Opens ledger, store and launcher of the stack that the function's environment names; open them anew for each invocation. */
export function openStack(resolveSecrets: ResolveSecrets = launchesNothing): StackParts {
  const [table, bucket] = [readVariable("table"), readVariable("bucket")];
  const ledger = withLiveCache(new DynamoLedger({ client, table }));
  const store = new S3Store({ client: s3, bucket });
  const secrets = new DynamoSecrets({ client, table });
  const tasks = { client: ecs, cluster: readVariable("cluster"), taskRoleId: readVariable("taskRoleId") };
  const isPublicIp = readVariable("publicIp") === "ENABLED";
  const launcher = new EcsLauncher({
    ...tasks,
    table,
    bucket,
    taskDefinition: readVariable("taskDefinition"),
    subnets: readList("subnets"),
    securityGroups: readList("securityGroups"),
    isPublicIp,
    tags: { [stackTag]: readVariable("stack") },
    runOf: makeRunOf({ ledger, store, resolveSecrets }),
    keepSecrets: (identity, sealed, signal) => secrets.put(identity, sealed, signal),
  });
  const caps = decodeCaps(readVariable("caps"));
  const longestRunMs = caps.longestRunMs ?? awsPace.longestRunMs;
  const architecture = readVariable("architecture") === "x86_64" ? "x86_64" : "arm64";
  const prices = pricesOf(process.env["AWS_REGION"] ?? "");
  return {
    ports: {
      ledger,
      store,
      launcher: new PacedLauncher(launcher, listMsOf, lambdaClock),
      gzip: zlibGzip,
      pace: { ...awsPace, longestRunMs },
    },
    caps,
    tariff: { prices, architecture, hasPublicIp: isPublicIp, longestRunMs },
    tasks,
  };
}

function launchesNothing(): Promise<never> {
  return Promise.reject(new Error("Only task-runner launches tasks."));
}
