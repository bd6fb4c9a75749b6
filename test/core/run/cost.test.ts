import { describe, expect, it } from "vitest";
import { pricesOf } from "../../../src/aws/prices.ts";
import { costOfRun, expectedTaskSeconds, formatUsd, type FleetUse } from "../../../src/core/run/cost.ts";

const hour = 3600;
const prices = pricesOf("us-east-1");

/** The implementation guide's example month: 10 tasks for 30 hours. */
const guideMonth: FleetUse = {
  taskSeconds: Array<number>(10).fill(30 * hour),
  size: { vcpu: 2, memoryGiB: 4 },
  architecture: "arm64",
  isSpot: false,
  hasPublicIp: true,
};

function lineOf(use: FleetUse, name: string): number {
  return costOfRun(use, prices).lines.find((line) => line.name === name)?.usd ?? 0;
}

describe("the cost of a run", () => {
  // 300 task hours, reckoned by hand from the price pages.
  it.each([
    ["Fargate", 300 * (2 * 0.03238 + 4 * 0.00356)],
    ["Public addresses", 300 * 0.005],
    // 20 kB a minute: 10 × 1,800 min × 20 kB = 0.36 GB.
    ["Logs", 0.36 * 0.5],
    // 1.08 million writes, 1.836 million reads, 108,000 GB seconds of Lambda, 380 transitions, 30 hours of four metrics.
    ["Control", 0.675 + 0.2295 + 1.44 + 0.0095 + 0.0493],
  ])("of the guide's month is for %s what it is by hand", (name, usd) => {
    expect(lineOf(guideMonth, name)).toBeCloseTo(usd, 2);
  });

  it("is the sum of its parts", () => {
    const { usd, lines } = costOfRun(guideMonth, prices);
    expect(usd).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.usd, 0),
      9,
    );
    expect(usd).toBeGreaterThan(27);
    expect(usd).toBeLessThan(29);
  });

  it("counts at least a minute for each task, and whole seconds", () => {
    const use = { ...guideMonth, taskSeconds: [3, 60.2] };
    expect(lineOf(use, "Public addresses")).toBeCloseTo(((60 + 61) / hour) * 0.005, 9);
  });

  it("takes a share of the price on demand for Spot, and says so", () => {
    expect(lineOf({ ...guideMonth, isSpot: true }, "Fargate Spot")).toBeCloseTo(0.3 * lineOf(guideMonth, "Fargate"), 9);
    expect(costOfRun({ ...guideMonth, isSpot: true }, prices).notes).toContain(
      "The price of Fargate Spot changes; 30 % of the price on demand is assumed.",
    );
  });

  it("has no addresses in subnets without public ones, but names the gateway", () => {
    const cost = costOfRun({ ...guideMonth, hasPublicIp: false }, prices);
    expect(cost.lines.map(({ name }) => name)).toEqual(["Fargate", "Logs", "Control"]);
    expect(cost.notes.at(-1)).toContain("a NAT gateway charges for both ways");
  });

  it("is nothing for a run that launched nothing", () => {
    expect(costOfRun({ ...guideMonth, taskSeconds: [] }, prices).usd).toBe(0);
  });

  it("names the region whose prices stand in for those of another", () => {
    expect(costOfRun(guideMonth, pricesOf("eu-south-1")).notes[1]).toBe(
      "Those of eu-south-1 are not in the table; eu-west-2 is the nearest there.",
    );
  });
});

describe("the seconds that a task is expected to be there", () => {
  it.each([
    [600_000, 690],
    [null, 14_490],
  ])("of a plan of %s ms are those of start and end, too", (plannedMs, seconds) => {
    expect(expectedTaskSeconds({ plannedMs }, 4 * hour * 1000)).toBe(seconds);
  });
});

it.each([
  [0, "$0.00"],
  [0.004, "< $0.01"],
  [1234.5, "$1,234.50"],
])("writes %d dollars as %s", (usd, text) => {
  expect(formatUsd(usd)).toBe(text);
});
