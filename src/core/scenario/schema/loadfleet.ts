import { duration, flag, formed, listOf, mapOf, number, section, text } from "./terms.ts";
import type { Rule } from "./terms.ts";

const metric = section(
  "an entry of loadfleet.metrics",
  {
    namespace: text("CloudWatch namespace, for example AWS/ApplicationELB."),
    name: text("Name of the metric."),
    stat: text("Statistic: Average, Sum, p95 and so on (default Average)."),
    dimensions: mapOf(text("Value."), "Dimensions by name."),
  },
  { required: ["namespace", "name"] },
);

const size = section(
  "loadfleet.size",
  { vcpu: number("vCPUs of each task.", 0.25, 16), "memory-gib": number("Memory of each task in GiB.", 0.5, 120) },
  { required: ["vcpu", "memory-gib"], description: "Size of each task on AWS." },
);

const stopWhen = section(
  "loadfleet.stop-when",
  {
    "error-ratio": number("Share of requests that fail, from 0 to 1 (default 0.9).", 0, 1),
    for: duration("How long it must be so (default 60s)."),
  },
  { description: "Ends a run early when almost everything fails." },
);

/** The top-level section `loadfleet`, which Taurus ignores. */
export const loadfleetSection: Rule = section(
  "loadfleet",
  {
    id: formed(
      "Identifies the test; letters, digits and -.",
      "^[A-Za-z0-9][A-Za-z0-9-]{0,127}$",
      "write letters, digits and -, at most 128",
    ),
    name: text("Name of the test for people."),
    tasks: number("Number of load generators; by default the smallest that keeps each within its limits.", 1, 1000),
    size,
    spot: flag("Use Fargate Spot (default false)."),
    "split-data": flag("Give each task its own rows of every CSV file (default false)."),
    secrets: mapOf(
      formed(
        "ssm:/path, secretsmanager:name or env:NAME.",
        "^(ssm|secretsmanager|env):.+",
        "write ssm:/loadfleet/name, secretsmanager:name or env:NAME",
      ),
      "Environment variables and where their values are kept.",
    ),
    "series-labels": listOf(text("Label."), "Labels with percentiles over time, at most 5."),
    metrics: listOf(metric, "CloudWatch metrics of the system under test, kept with the run."),
    "stop-when": stopWhen,
    baseline: mapOf(
      formed(
        "Allowed change, such as +10%.",
        String.raw`^[+-]?\d+(\.\d+)?\s*%?$`,
        "write an allowed change such as +10%",
      ),
      "How much each figure may differ from the run marked as baseline.",
    ),
    healthy: number("Least share of tasks that must report, from 0 to 1 (default 0.9).", 0, 1),
  },
  { description: "Settings of Loadfleet; Taurus ignores them." },
);
