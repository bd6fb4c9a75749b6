import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../scripts/script.mjs";
import { pricesOf } from "../../src/aws/prices.ts";
import { costOfRun, formatUsd } from "../../src/core/run/cost.ts";
import { defaultTaskSize, type Architecture } from "../../src/core/stack/names.ts";

const page = readFileSync(join(root, "docs", "cost.md"), "utf8");

const costOf = (hours: number, architecture: Architecture, isSpot: boolean) =>
  costOfRun(
    {
      taskSeconds: Array.from({ length: 10 }, () => hours * 3600),
      size: defaultTaskSize,
      architecture,
      isSpot,
      hasPublicIp: true,
    },
    pricesOf("us-east-1"),
  );

it.each([
  ["arm64", false],
  ["x86_64", false],
  ["arm64", true],
] as const)(
  "the page of costs shows the guide's month on %s (Spot: %s) as the product reckons it",
  (architecture, isSpot) => {
    const { usd, lines } = costOf(30, architecture, isSpot);
    expect(page).toContain(`**${formatUsd(usd)}**`);
    for (const line of lines) expect(page, line.name).toContain(formatUsd(line.usd));
  },
);

it("the page of costs shows a short run as the product reckons it", () => {
  const { usd } = costOf((10 * 60 + 90) / 3600, "arm64", false);
  expect(page).toContain(`costs ${Math.round(usd * 100)} cents`);
});
