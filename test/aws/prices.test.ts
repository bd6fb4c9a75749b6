import { describe, expect, it } from "vitest";
import { currentPrices, withPriceList } from "../../src/aws/priceList.ts";
import { pricesAsOf, pricesOf } from "../../src/aws/prices.ts";

const nowMs = Date.UTC(2026, 10, 24);

/** A product as GetProducts writes it. */
function product(usagetype: string, usd: string): string {
  const priceDimensions = { "ABC.JRTC.6YS6": { unit: "hours", pricePerUnit: { USD: usd } } };
  return JSON.stringify({
    serviceCode: "AmazonECS",
    product: { attributes: { usagetype, regionCode: "eu-central-1" } },
    terms: { OnDemand: { "ABC.JRTC": { priceDimensions } } },
  });
}

const fargate = [
  product("EUC1-Fargate-vCPU-Hours:perCPU", "0.05"),
  product("EUC1-Fargate-GB-Hours", "0.006"),
  product("EUC1-Fargate-ARM-vCPU-Hours:perCPU", "0.04"),
  product("EUC1-Fargate-ARM-GB-Hours", "0.005"),
];

describe("the price table", () => {
  it.each([
    ["us-east-1", 0.04048, 0.004445, 0.03238, 0.00356],
    ["eu-central-1", 0.04656, 0.00511, 0.03725, 0.00409],
    ["ap-southeast-2", 0.04856, 0.00532, 0.03885, 0.00426],
    ["ap-northeast-1", 0.05056, 0.00553, 0.04045, 0.00442],
  ])("has the list prices of %s", (region, vcpu, gb, armVcpu, armGb) => {
    expect(pricesOf(region)).toMatchObject({
      region,
      standsInFor: null,
      asOf: pricesAsOf,
      vcpuHour: { x86_64: vcpu, arm64: armVcpu },
      gbHour: { x86_64: gb, arm64: armGb },
    });
  });

  it.each([
    ["eu-south-2", "eu-west-2"],
    ["ap-southeast-4", "ap-southeast-1"],
    ["us-gov-west-1", "us-west-1"],
    ["af-south-1", "ap-northeast-1"],
  ])("stands in for %s with the dearest region near it", (region, near) => {
    expect(pricesOf(region)).toMatchObject({ region: near, standsInFor: region });
  });
});

describe("the price list of AWS", () => {
  it("takes the place of the table's prices of Fargate, with its day", () => {
    const others = [
      product("EUC1-Fargate-EphemeralStorage-GB-Hours", "0.0001"),
      product("EUC1-Fargate-Windows-vCPU-Hours:perCPU", "0.09"),
      product("EUC1-ECS-Anywhere-Instance-hours", "0.01025"),
    ];
    expect(withPriceList("eu-central-1", [...others, ...fargate], nowMs)).toMatchObject({
      asOf: "2026-11-24",
      vcpuHour: { x86_64: 0.05, arm64: 0.04 },
      gbHour: { x86_64: 0.006, arm64: 0.005 },
      logGb: 0.63,
    });
  });

  it("is not mixed with the table when a price is missing", () => {
    expect(withPriceList("eu-central-1", fargate.slice(1), nowMs)).toEqual(pricesOf("eu-central-1"));
  });

  it("is not asked where the endpoint is not AWS' own", async () => {
    const connection = { endpoint: "http://127.0.0.1:9", region: "us-east-1" };
    const prices = await currentPrices("us-east-1", connection, nowMs, new AbortController().signal);
    expect(prices).toEqual(pricesOf("us-east-1"));
  });
});
