import type { Prices } from "../core/run/cost.ts";
import type { Architecture } from "../core/stack/names.ts";

/**
 * The day of the newest quotation that the table was checked against (Fargate in us-east-1). It was put together on
 * 2026-11-24 from public quotations of AWS' price pages, not from AWS itself; those of other regions are older, and no
 * change since is known. Where the Price List API answers, its prices of Fargate take the place of these.
 */
export const pricesAsOf = "2026-09-09";

/** The price of a vCPU hour and of a GB hour of Fargate on Linux for x86_64, and of a GB of log; Graviton costs 20 % less. */
interface RegionPrices {
  readonly vcpuHour: number;
  readonly gbHour: number;
  readonly logGb: number;
  readonly egressGb: number;
}

const regions: Readonly<Record<string, RegionPrices>> = {
  "us-east-1": { vcpuHour: 0.04048, gbHour: 0.004445, logGb: 0.5, egressGb: 0.09 },
  "us-east-2": { vcpuHour: 0.04048, gbHour: 0.004445, logGb: 0.5, egressGb: 0.09 },
  "us-west-1": { vcpuHour: 0.04656, gbHour: 0.00511, logGb: 0.5, egressGb: 0.09 },
  "us-west-2": { vcpuHour: 0.04048, gbHour: 0.004445, logGb: 0.5, egressGb: 0.09 },
  "ca-central-1": { vcpuHour: 0.04456, gbHour: 0.004865, logGb: 0.55, egressGb: 0.09 },
  "eu-west-1": { vcpuHour: 0.04048, gbHour: 0.004445, logGb: 0.57, egressGb: 0.09 },
  "eu-west-2": { vcpuHour: 0.04656, gbHour: 0.00511, logGb: 0.5985, egressGb: 0.09 },
  "eu-central-1": { vcpuHour: 0.04656, gbHour: 0.00511, logGb: 0.63, egressGb: 0.09 },
  "ap-southeast-1": { vcpuHour: 0.05056, gbHour: 0.00553, logGb: 0.7, egressGb: 0.12 },
  "ap-southeast-2": { vcpuHour: 0.04856, gbHour: 0.00532, logGb: 0.67, egressGb: 0.114 },
  "ap-northeast-1": { vcpuHour: 0.05056, gbHour: 0.00553, logGb: 0.76, egressGb: 0.114 },
  "ap-northeast-2": { vcpuHour: 0.04656, gbHour: 0.00511, logGb: 0.76, egressGb: 0.126 },
  "sa-east-1": { vcpuHour: 0.0696, gbHour: 0.0076, logGb: 0.9, egressGb: 0.15 },
};

/** What differs between regions by cents of a run only; the figures are those of us-east-1. */
const everywhere = {
  spotRatio: 0.3,
  publicIpHour: 0.005,
  metricMonth: 0.3,
  writesPerMillion: 0.625,
  readsPerMillion: 0.125,
  putsPerThousand: 0.005,
  lambdaGbSecond: 0.0000133334,
  transitionsPerThousand: 0.025,
} as const;

const gravitonRatio = 0.8;

/** Gives the prices of a region; of one that the table does not have, those of the nearest that it has. */
export function pricesOf(region: string): Prices {
  const known = nearestRegion(region);
  const prices = regions[known];
  if (prices === undefined) throw new RangeError(`The table has no prices of ${known}.`);
  const { vcpuHour, gbHour, logGb, egressGb } = prices;
  return {
    ...everywhere,
    region: known,
    standsInFor: known === region ? null : region,
    asOf: pricesAsOf,
    vcpuHour: byArchitecture(vcpuHour),
    gbHour: byArchitecture(gbHour),
    logGb,
    egressGb,
  };
}

function byArchitecture(x86: number): Readonly<Record<Architecture, number>> {
  // The lists have five decimals.
  return { x86_64: x86, arm64: Math.round(x86 * gravitonRatio * 1e5) / 1e5 };
}

/** The same part of the world, its dearest region first, so that an estimate errs on the safe side. */
function nearestRegion(region: string): string {
  if (Object.hasOwn(regions, region)) return region;
  const [continent = "", part = ""] = region.split("-");
  const dearestFirst = Object.keys(regions).toSorted(
    (a, b) => (regions[b]?.vcpuHour ?? 0) - (regions[a]?.vcpuHour ?? 0),
  );
  return (
    dearestFirst.find((known) => known.startsWith(`${continent}-${part}-`)) ??
    dearestFirst.find((known) => known.startsWith(`${continent}-`)) ??
    "ap-northeast-1"
  );
}
