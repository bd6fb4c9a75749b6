import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { clientConfig, type Connection } from "./clients.ts";

/** Fargate's vCPUs in one account and region: how many may run at once, and how many do. */
export interface VcpuQuota {
  readonly limit: number;
  /** Null when CloudWatch does not tell; its figure is up to ten minutes old. */
  readonly inUse: number | null;
}

/** Codes of Service Quotas, service `fargate`: "Fargate On-Demand vCPU resource count" and "Fargate Spot vCPU resource count". */
const quotaCodes = { onDemand: "L-3032A538", spot: "L-36FBB829" } as const;
/** Values of the dimension `Class` of Fargate's usage metrics. */
const classes = { onDemand: "Standard/OnDemand", spot: "Standard/Spot" } as const;
const usageMinutes = 10;

/** Asks how many vCPUs Fargate may run here, and how many it runs. @throws what Service Quotas answers */
export async function readVcpuQuota(
  isSpot: boolean,
  connection: Connection,
  nowMs: number,
  signal: AbortSignal,
): Promise<VcpuQuota> {
  const kind = isSpot ? "spot" : "onDemand";
  const quotas = new ServiceQuotasClient({ ...clientConfig(connection), maxAttempts: 2 });
  const { Quota } = await quotas.send(
    new GetServiceQuotaCommand({ ServiceCode: "fargate", QuotaCode: quotaCodes[kind] }),
    { abortSignal: signal },
  );
  if (Quota?.Value === undefined) throw new Error("Service Quotas gave no value.");
  return { limit: Quota.Value, inUse: await readUsage(classes[kind], connection, nowMs, signal) };
}

async function readUsage(
  className: string,
  connection: Connection,
  nowMs: number,
  signal: AbortSignal,
): Promise<number | null> {
  const cloudWatch = new CloudWatchClient({ ...clientConfig(connection), maxAttempts: 2 });
  const dimensions = { Service: "Fargate", Type: "Resource", Resource: "vCPU", Class: className };
  const metric = {
    Namespace: "AWS/Usage",
    MetricName: "ResourceCount",
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - usageMinutes * 60_000),
      EndTime: new Date(nowMs),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [{ Id: "vcpus", MetricStat: { Metric: metric, Period: 60, Stat: "Maximum" } }],
    }),
    { abortSignal: signal },
  );
  return MetricDataResults?.[0]?.Values?.[0] ?? null;
}
