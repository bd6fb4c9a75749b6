import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import type { Prices } from "../core/run/cost.ts";
import type { Architecture } from "../core/stack/names.ts";
import { clientConfig, type Connection } from "./clients.ts";
import { pricesOf } from "./prices.ts";

/** The Price List API has endpoints in a few regions only, each with the prices of all. */
const pricingRegion = "us-east-1";
const patienceMs = 4000;

/** What is read of a product: its usage type, and the price of its one offer on demand. */
const Product = Type.Object({
  product: Type.Object({ attributes: Type.Object({ usagetype: Type.String() }) }),
  terms: Type.Object({
    OnDemand: Type.Record(
      Type.String(),
      Type.Object({
        priceDimensions: Type.Record(Type.String(), Type.Object({ pricePerUnit: Type.Object({ USD: Type.String() }) })),
      }),
    ),
  }),
});

// Outside us-east-1 the region's code stands before the type, as in EUC1-Fargate-GB-Hours.
const usageTypes: readonly (readonly [RegExp, "vcpuHour" | "gbHour", Architecture])[] = [
  [/^(?:\w+-)?Fargate-vCPU-Hours:perCPU$/, "vcpuHour", "x86_64"],
  [/^(?:\w+-)?Fargate-GB-Hours$/, "gbHour", "x86_64"],
  [/^(?:\w+-)?Fargate-ARM-vCPU-Hours:perCPU$/, "vcpuHour", "arm64"],
  [/^(?:\w+-)?Fargate-ARM-GB-Hours$/, "gbHour", "arm64"],
];

/**
 * Gives the prices of a region with those of Fargate as AWS' price list has them today; where it does not answer, not to
 * these credentials or not in time, those of the table.
 */
export async function currentPrices(
  region: string,
  connection: Connection,
  nowMs: number,
  signal: AbortSignal,
): Promise<Prices> {
  // An emulator or a private endpoint has no prices of AWS.
  if (connection.endpoint !== undefined) return pricesOf(region);
  try {
    return withPriceList(region, await readPriceList(region, connection, signal), nowMs);
  } catch (error) {
    if (signal.aborted) throw error;
    return pricesOf(region);
  }
}

async function readPriceList(region: string, connection: Connection, signal: AbortSignal): Promise<readonly string[]> {
  const client = new PricingClient({ ...clientConfig(connection), region: pricingRegion, maxAttempts: 1 });
  const products: string[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new GetProductsCommand({
        ServiceCode: "AmazonECS",
        Filters: [{ Type: "TERM_MATCH", Field: "regionCode", Value: region }],
        MaxResults: 100,
        ...(next === undefined ? {} : { NextToken: next }),
      }),
      { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) },
    );
    products.push(...(page.PriceList ?? []).map(String));
    next = page.NextToken;
  } while (next !== undefined);
  return products;
}

/** Puts the prices of Fargate from products of the price list (JSON texts) into those of the table. */
export function withPriceList(region: string, products: readonly string[], nowMs: number): Prices {
  const table = pricesOf(region);
  const vcpuHour = { ...table.vcpuHour };
  const gbHour = { ...table.gbHour };
  const found = new Set<string>();
  for (const text of products) {
    const product: unknown = JSON.parse(text);
    if (!Value.Check(Product, product)) continue;
    const [, unit, architecture] =
      usageTypes.find(([pattern]) => pattern.test(product.product.attributes.usagetype)) ?? [];
    const usd = priceOf(product.terms.OnDemand);
    if (unit === undefined || architecture === undefined || usd === undefined) continue;
    (unit === "vcpuHour" ? vcpuHour : gbHour)[architecture] = usd;
    found.add(`${unit} ${architecture}`);
  }
  // Half a list would mix prices of two days.
  if (found.size < usageTypes.length) return table;
  return {
    ...table,
    vcpuHour,
    gbHour,
    region,
    standsInFor: null,
    asOf: new Date(nowMs).toISOString().slice(0, 10),
  };
}

function priceOf(offers: Static<typeof Product>["terms"]["OnDemand"]): number | undefined {
  const [offer] = Object.values(offers);
  const [dimension] = Object.values(offer?.priceDimensions ?? {});
  const usd = Number(dimension?.pricePerUnit.USD);
  return usd > 0 ? usd : undefined;
}
