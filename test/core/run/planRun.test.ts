import { describe, expect, it, test } from "vitest";
import type { Criterion } from "../../../src/core/results/criterion.ts";
import { planRun } from "../../../src/core/run/planRun.ts";
import { bundle, codesOf, local, planOf } from "./planning.ts";
import { body, execution, request, scenario } from "./scenarios.ts";

function windowed(label: string, ms: number): Criterion {
  return {
    text: `p95 of ${label}>1s for ${ms}ms`,
    message: undefined,
    subject: { kind: "percentile", percentile: 95 },
    label,
    condition: ">",
    threshold: 1000,
    thresholdUnit: "ms",
    window: { logic: "for", ms },
    outcome: "failed",
    stopsRun: true,
    range: undefined,
  };
}

describe("chosen executions", () => {
  const twice = scenario(
    [execution({ users: 3, holdForMs: 1000 }), execution({ users: 5, holdForMs: 2000 })],
    undefined,
    {
      config: { execution: [{ concurrency: 3 }, { concurrency: 5 }], scenarios: {} },
    },
  );

  it("run alone, in the configuration that Taurus gets too", () => {
    const { executions, plannedMs, scenario: kept } = planOf(twice, { ...local, executions: [1] });
    expect(executions.map(({ users }) => users)).toEqual([5]);
    expect(plannedMs).toBe(2000);
    expect(kept.config).toEqual({ execution: [{ concurrency: 5 }], scenarios: {} });
  });

  it("are refused when the file has them no more", () => {
    expect(codesOf(twice, { ...local, executions: [2] })).toEqual(["invalid-choice"]);
    expect(codesOf(twice, { ...local, executions: [] })).toEqual(["invalid-choice"]);
  });
});

describe("tasks", () => {
  test.each<{ name: string; users: number; own?: number; chosen?: number; tasks: number; codes: readonly string[] }>([
    { name: "are as few as carry the users", users: 200, tasks: 1, codes: [] },
    { name: "are one more for one user more", users: 201, tasks: 2, codes: [] },
    { name: "are what the file says", users: 40, own: 4, tasks: 4, codes: [] },
    { name: "are what is chosen", users: 40, own: 4, chosen: 2, tasks: 2, codes: [] },
    { name: "are never more than users", users: 3, chosen: 5, tasks: 3, codes: ["more-tasks-than-users"] },
    { name: "are warned of when crowded", users: 1000, chosen: 2, tasks: 2, codes: ["crowded-tasks"] },
    { name: "are warned of when many", users: 20_200, tasks: 101, codes: ["many-tasks"] },
  ])("$name", ({ users, own, chosen, tasks, codes }) => {
    const source = scenario([execution({ users, holdForMs: 1000 })], undefined, { settings: { tasks: own } });
    const choice = chosen === undefined ? local : { ...local, tasks: chosen };
    expect(planOf(source, choice).tasks).toBe(tasks);
    expect(codesOf(source, choice)).toEqual(codes);
  });

  it("are as many as wanted when a script decides about users", () => {
    expect(planOf(scenario([execution({})], [body("shop", "a.jmx")]), { ...local, tasks: 7 }).tasks).toBe(7);
  });

  it("only mention it when the file's tasks are more than the users of a small run", () => {
    const source = scenario([execution({ users: 40 })], undefined, { settings: { tasks: 4 } });
    expect(planRun(source, { ...local, users: 2 }, bundle).problems).toMatchObject([{ severity: "hint" }]);
  });
});

describe("warnings of a plan", () => {
  it("name a run of more than four hours", () => {
    expect(codesOf(scenario([execution({ holdForMs: 4 * 3_600_000 })]))).toEqual([]);
    expect(codesOf(scenario([execution({ holdForMs: 4 * 3_600_000 + 1 })]))).toEqual(["long-run"]);
  });

  it("name traffic above 1 Gbps on AWS only", () => {
    const source = scenario([execution({ users: 10, ratePerSecond: 7000, holdForMs: 1000 })]);
    expect(codesOf(source, { engine: "aws" })).toEqual(["network-stress"]);
    expect(codesOf(source)).toEqual([]);
  });
});

describe("a cache that is asked for", () => {
  const cacheRange = { line: 7, column: 5, endLine: 7, endColumn: 9 };
  const cached = { ...body("shop", [request("Home")]), cacheRange };

  it("is a hint where the driver keeps none", () => {
    const { problems } = planRun(scenario([execution({})], [cached]), local, bundle);
    expect(problems).toMatchObject([{ code: "no-cache", severity: "hint", ...cacheRange }]);
  });

  it("is nothing to tell of where the driver keeps one", () => {
    expect(codesOf(scenario([execution({})], [cached]), { ...local, driver: "taurus" })).toEqual([]);
  });
});

describe("the driver", () => {
  test.each([
    { name: "of plain HTTP is embedded", script: undefined, executor: undefined, driver: "embedded" },
    { name: "of HTTP for JMeter is embedded", script: undefined, executor: "jmeter", driver: "embedded" },
    { name: "of HTTP for another tool is Taurus", script: undefined, executor: "gatling", driver: "taurus" },
    { name: "of a JMX file is Taurus", script: "Peak.JMX", executor: undefined, driver: "taurus" },
    { name: "of a k6 script is k6", script: "checkout.js", executor: undefined, driver: "k6" },
    { name: "of a script that names k6 is k6", script: "checkout.js", executor: "k6", driver: "k6" },
    { name: "of a Locust script is Locust", script: "shop.py", executor: undefined, driver: "locust" },
    {
      name: "of a Python script for another tool is Taurus",
      script: "shop.py",
      executor: "apiritif",
      driver: "taurus",
    },
  ])("$name", ({ script, executor, driver }) => {
    const source = scenario([{ ...execution({}), executor }], [body("shop", script ?? [request("Home")])]);
    expect(planOf(source).driver).toBe(driver);
  });

  it("of different tools at once is Taurus, unless one is chosen", () => {
    const bodies = [body("shop", [request("Home")]), body("script", "a.js")];
    const source = scenario([execution({}), execution({}, "script")], bodies);
    expect(planOf(source).driver).toBe("taurus");
    expect(planOf(source, { ...local, driver: "locust" }).driver).toBe("locust");
  });
});

describe("what is measured over time", () => {
  test.each([
    { holdForMs: 1_000_000, seconds: 1 },
    { holdForMs: 1_000_001, seconds: 2 },
    { holdForMs: 3_600_000, seconds: 5 },
    { holdForMs: 14_400_000, seconds: 15 },
    { holdForMs: 30 * 86_400_000, seconds: 900 },
    { holdForMs: undefined, seconds: 1 },
  ])("has buckets of $seconds s in a run of $holdForMs ms", ({ holdForMs, seconds }) => {
    expect(planOf(scenario([execution({ holdForMs })])).seriesBucketSeconds).toBe(seconds);
  });

  it("keeps seconds of the labels whose rules look at less than a bucket", () => {
    const criteria = [windowed("", 10_000), windowed("Home", 20_000), windowed("Home", 5000), windowed("Home", 9000)];
    const source = scenario([execution({ holdForMs: 14_400_000 })], undefined, { criteria });
    expect(planOf(source).secondLabels).toEqual(["", "Home"]);
  });

  it("has the first 20 labels, in the order of the file, without those that are not known", () => {
    const steps = [request("Cart of ${user}"), ...Array.from({ length: 30 }, (_, index) => request(`Page ${index}`))];
    const { labels } = planOf(scenario([execution({})], [body("shop", [...steps, request("Page 1")])]));
    expect(labels).toHaveLength(20);
    expect(labels.slice(0, 2)).toEqual(["Page 0", "Page 1"]);
  });
});

describe("what else a plan says", () => {
  it("fills in the defaults", () => {
    expect(planOf(scenario([execution({})]))).toMatchObject({
      schema: "loadfleet.plan.v1",
      testId: "load-shop-loadtest",
      name: "shop",
      isRampUpExcluded: false,
      stopWhen: { errorRatio: 0.9, forMs: 60_000 },
      healthyRatio: 0.9,
    });
  });

  it("takes the test's id from the file, else from the bundle", () => {
    const source = scenario([execution({})]);
    expect(planRun(source, local, { ...bundle, idFrom: "web/Shop" }).plan?.testId).toBe("web-shop");
    expect(planOf({ ...source, settings: { ...source.settings, id: "mine" } }).testId).toBe("mine");
  });

  it("excludes the ramp-up when the settings say so", () => {
    const source = scenario([execution({})], undefined, { config: { settings: { "ramp-up-exclude": true } } });
    expect(planOf(source).isRampUpExcluded).toBe(true);
  });

  it("has no plan without executions, nor for a scenario that is not there", () => {
    expect(codesOf(scenario([]))).toEqual(["no-execution"]);
    expect(codesOf(scenario([execution({}, "toString")]))).toEqual(["unknown-scenario"]);
  });
});

describe("labels of the series", () => {
  const requests = Array.from({ length: 30 }, (_, number) => request(`r${number}`));
  const many = (changes: Parameters<typeof scenario>[2]) =>
    planOf(scenario([execution({ holdForMs: 60_000 })], [body("shop", requests)], changes));

  it("keep the response times of a rule's label over time, asked for or not", () => {
    const { seriesLabels } = many({ criteria: [windowed("r3", 5000)], settings: { seriesLabels: ["r1"] } });
    expect(seriesLabels).toEqual(["r1", "r3"]);
  });

  it("hold those of rules even among the last of many", () => {
    const { labels } = many({ criteria: [windowed("r29", 5000)], settings: { seriesLabels: ["r28"] } });
    expect(labels).toEqual([...Array.from({ length: 18 }, (_, number) => `r${number}`), "r28", "r29"]);
  });

  it("give single seconds to at most five labels", () => {
    const criteria = requests.map(({ label }) => windowed(label, 5000));
    const hours = scenario([execution({ holdForMs: 4 * 3_600_000 })], [body("shop", requests)], { criteria });
    expect(planOf(hours).secondLabels).toEqual(["r0", "r1", "r2", "r3", "r4"]);
  });
});
