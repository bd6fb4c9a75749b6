import { formatCount, formatDuration } from "../results/figures.ts";
import type { Architecture, TaskSize } from "../stack/names.ts";
import type { RunPlan } from "./plan.ts";

/** What a region charges, in US dollars. */
export interface Prices {
  /** The region whose prices these are. */
  readonly region: string;
  /** The region that was asked for, when its own prices are not known. */
  readonly standsInFor: string | null;
  /** Day on which they were read, ISO 8601. */
  readonly asOf: string;
  readonly vcpuHour: Readonly<Record<Architecture, number>>;
  /** Of memory; AWS' GB is 2^30 bytes here. */
  readonly gbHour: Readonly<Record<Architecture, number>>;
  /** Price of Fargate Spot as a share of the price on demand; it changes from day to day. */
  readonly spotRatio: number;
  readonly publicIpHour: number;
  readonly logGb: number;
  readonly metricMonth: number;
  readonly writesPerMillion: number;
  readonly readsPerMillion: number;
  readonly putsPerThousand: number;
  readonly lambdaGbSecond: number;
  readonly transitionsPerThousand: number;
  /** To the internet, for each GB; data that comes in is free. */
  readonly egressGb: number;
}

/** What a run occupies: everything that its cost depends on. */
export interface FleetUse {
  /** One entry for each task that was launched: how long it was there, from the pull of its image to its stop. */
  readonly taskSeconds: readonly number[];
  readonly size: TaskSize;
  readonly architecture: Architecture;
  readonly isSpot: boolean;
  readonly hasPublicIp: boolean;
}

/** What a run costs, in parts that add up to the whole. */
export interface RunCost {
  readonly usd: number;
  readonly lines: readonly { readonly name: string; readonly usd: number; readonly detail: string }[];
  /** Sentences on what is assumed and what is not in it. */
  readonly notes: readonly string[];
}

/** A task is paid from the pull of its image: a minute until it is ready, half a minute to upload and end. */
const startSeconds = 60;
const endSeconds = 30;
/** A task is paid for at least this long. */
const leastSeconds = 60;
const logBytesPerMinute = 20_000;
const hoursPerMonth = 730;

/** Seconds that each task of a plan is expected to be there; of a plan without a planned end, at most. */
export function expectedTaskSeconds({ plannedMs }: Pick<RunPlan, "plannedMs">, longestRunMs: number): number {
  return startSeconds + Math.ceil((plannedMs ?? longestRunMs) / 1000) + endSeconds;
}

/** Works out what a run costs at these prices: before it with the expected seconds, after it with the real ones. */
export function costOfRun(use: FleetUse, prices: Prices): RunCost {
  const { size, architecture, isSpot, taskSeconds } = use;
  const paid = taskSeconds.map((seconds) => Math.max(leastSeconds, Math.ceil(seconds)));
  const hours = sum(paid) / 3600;
  const longest = Math.max(0, ...paid);
  const hourly =
    (size.vcpu * prices.vcpuHour[architecture] + size.memoryGiB * prices.gbHour[architecture]) *
    (isSpot ? prices.spotRatio : 1);
  const logGb = (sum(paid) / 60 / 1e9) * logBytesPerMinute;
  const tasks = `${formatCount(paid.length)} ${paid.length === 1 ? "task" : "tasks"}`;
  const lines = [
    {
      name: isSpot ? "Fargate Spot" : "Fargate",
      usd: hours * hourly,
      detail: `${tasks} × ${size.vcpu} vCPU, ${size.memoryGiB} GB (${architecture}), up to ${formatDuration(longest * 1000)} each`,
    },
    ...(use.hasPublicIp
      ? [{ name: "Public addresses", usd: hours * prices.publicIpHour, detail: `one IPv4 address for each task` }]
      : []),
    { name: "Logs", usd: logGb * prices.logGb, detail: `about ${Math.max(1, Math.round(logGb * 1000))} MB` },
    {
      name: "Control",
      usd: controlUsd(paid.length, longest, prices),
      detail: "Lambda, Step Functions, DynamoDB, S3, metrics",
    },
  ];
  return { usd: sum(lines.map(({ usd }) => usd)), lines, notes: notesOf(use, prices) };
}

/** What a run causes beside its tasks: amounts assumed on the safe side of what `npm run bench -- ledger-traffic` shows. */
function controlUsd(tasks: number, seconds: number, prices: Prices): number {
  if (tasks === 0) return 0;
  const writes = seconds * Math.min(tasks, 250) + 20 * tasks + 50;
  const reads = seconds * (1.5 * tasks + 2);
  const puts = 6 * tasks + 10;
  const transitions = 20 + (2 * seconds) / 600;
  const metrics = (4 * seconds) / 3600 / hoursPerMonth;
  return (
    (writes * prices.writesPerMillion) / 1e6 +
    (reads * prices.readsPerMillion) / 1e6 +
    (puts * prices.putsPerThousand) / 1000 +
    // One function of one GB watches all the time.
    seconds * prices.lambdaGbSecond +
    (transitions * prices.transitionsPerThousand) / 1000 +
    metrics * prices.metricMonth
  );
}

function notesOf({ isSpot, hasPublicIp }: FleetUse, prices: Prices): readonly string[] {
  const { egressGb, spotRatio, region, standsInFor, asOf } = prices;
  return [
    `Prices of ${region} as of ${asOf}, without free tiers, discounts and taxes.`,
    ...(standsInFor === null ? [] : [`Those of ${standsInFor} are not in the table; ${region} is the nearest there.`]),
    ...(isSpot
      ? [`The price of Fargate Spot changes; ${Math.round(spotRatio * 100)} % of the price on demand is assumed.`]
      : []),
    `Data that the tasks send is not in it: $${egressGb.toFixed(2)} for each GB that leaves AWS; what they receive is free` +
      (hasPublicIp ? "." : ", but a NAT gateway charges for both ways."),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Writes an amount of money: `$12.34`; below a cent `< $0.01`. */
export function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.01) return "< $0.01";
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
