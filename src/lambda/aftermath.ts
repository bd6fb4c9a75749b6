import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { clientConfig } from "../aws/clients.ts";
import { readRunMetrics } from "../aws/runMetrics.ts";
import type { Ports } from "../fleet/ports.ts";
import { makeCompleteResult } from "./completeResult.ts";
import { makeTimesOf } from "./ecsTasks.ts";
import { readVariable } from "./environment.ts";
import { lambdaClock } from "./lambdaClock.ts";
import { warn } from "./logLine.ts";
import type { StackParts } from "./stackPorts.ts";

const cloudWatch = new CloudWatchClient(clientConfig({}));

/** Ports with which a run is closed: its result also says what it cost and what CloudWatch measured. */
export function withAftermath(name: string, { ports, tariff, tasks }: StackParts): Ports {
  const cluster = readVariable("cluster").split("/").at(-1) ?? "";
  const family = readVariable("taskDefinition").split("/").at(-1)?.replace(/:\d+$/, "") ?? "";
  const completeResult = makeCompleteResult(ports, {
    tariff,
    clock: lambdaClock,
    timesOf: makeTimesOf(tasks),
    readMetrics: ({ startAtMs, endedAtMs }, plan, signal) =>
      readRunMetrics(
        { named: plan.metrics, cluster, family, fromMs: startAtMs ?? endedAtMs, toMs: endedAtMs },
        cloudWatch,
        signal,
      ),
    onFailure: (sentence) => warn(name, sentence),
  });
  return { ...ports, completeResult };
}
