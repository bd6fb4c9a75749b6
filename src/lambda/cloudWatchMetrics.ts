import { PutMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { explain } from "../aws/awsErrors.ts";
import { metrics } from "../core/stack/names.ts";
import type { PutDistributions } from "./liveMetrics.ts";

/** Puts distributions into the stack's namespace of CloudWatch. */
export function makePutDistributions(client: CloudWatchClient): PutDistributions {
  return async (testId, atMs, distributions, signal) => {
    const put = new PutMetricDataCommand({
      Namespace: metrics.namespace,
      MetricData: distributions.map(({ metric, unit, values, counts }) => ({
        MetricName: metric,
        Dimensions: [{ Name: metrics.dimension, Value: testId }],
        Timestamp: new Date(atMs),
        Unit: unit,
        Values: [...values],
        Counts: [...counts],
      })),
    });
    await explain("hand the live figures to CloudWatch", client.send(put, { abortSignal: signal }));
  };
}
