import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeConfiguration, type TaurusParts } from "../../../../src/agent/drivers/taurus/configuration.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import type { RunPlan } from "../../../../src/core/run/plan.ts";
import { shareOf } from "../../../../src/core/run/share.ts";
import { planOf } from "../../../generator/runs.ts";

const parts: TaurusParts = {
  jmeterHome: "/jmeter",
  jmeterVersion: "5.6.3",
  artifacts: "/code/artifacts",
  gate: "/code/artifacts/gate",
  stopPort: 4000,
  pluginFolders: [],
  environment: {},
  heap: "1g",
  keepsTraffic: false,
};

function configure(plan: RunPlan, changes: Partial<TaurusParts> = {}, index = 0): JsonObject {
  return makeConfiguration(plan, shareOf(plan, index, plan.tasks), { ...parts, ...changes });
}

function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce((inner, key) => Reflect.get(Object(inner), key), value);
}

const shop = `
execution:
- {concurrency: 7, throughput: 20, ramp-up: 1m, hold-for: 5m, delay: 3s, steps: 2, scenario: shop, files: [a.jar]}
- {concurrency: 3, iterations: 4, scenario: login}
scenarios:
  shop: {requests: [http://h/a, {url: http://h/b, label: B}]}
  login: {requests: [{transaction: whole, do: [http://h/c, http://h/d]}]}
modules: {jmeter: {path: /elsewhere, gui: true, detect-plugins: true, memory-xmx: 3g, properties: {own: "a\\\\u00e4"}}}
reporting: [{module: passfail, criteria: [p95>1s]}, {module: blazemeter}]
services: [monitoring, {module: shellexec, prepare: [echo]}]
settings: {check-updates: true, aggregator: other, env: {A: "1"}}
`;

describe("a task's configuration", () => {
  test("has its share of the load and keeps the rest of each execution", () => {
    const plan = planOf(shop, {}, { driver: "taurus", tasks: 2 });
    const [first, second] = [0, 1].map((index) => configure(plan, {}, index));
    expect(at(first, "execution")).toEqual([
      {
        scenario: "shop",
        files: ["a.jar"],
        "write-xml-jtl": "none",
        executor: "jmeter",
        "begin-after-ms": 3000,
        concurrency: 4,
        throughput: expect.closeTo((20 * 4) / 7),
        "ramp-up": "60000ms",
        "hold-for": "300000ms",
        steps: 2,
      },
      {
        scenario: "login",
        "write-xml-jtl": "none",
        executor: "jmeter",
        "begin-after-ms": 0,
        concurrency: 1,
        iterations: 4,
      },
    ]);
    expect(at(second, "execution", 0, "concurrency")).toBe(3);
    expect(at(second, "execution", 1, "concurrency")).toBe(2);
  });

  test("takes what must not depend on the scenario from Loadfleet, and the rest from the scenario", () => {
    const jmeter = at(configure(planOf(shop, {}, { driver: "taurus" })), "modules", "jmeter");
    expect(jmeter).toMatchObject({
      path: "/jmeter",
      gui: false,
      "detect-plugins": false,
      plugins: [],
      "fix-jars": false,
    });
    expect(jmeter).toMatchObject({ "memory-xmx": "3g", class: "loadfleet_jmeter.GatedJMeter" });
    const settings = at(configure(planOf(shop, {}, { driver: "taurus" })), "settings");
    expect(settings).toMatchObject({ "check-updates": false, aggregator: "consolidator", env: { A: "1" } });
  });

  test("leaves reporting, criteria and services out that have no place in a task", () => {
    const configuration = configure(planOf(shop, {}, { driver: "taurus" }));
    expect(JSON.stringify(at(configuration, "reporting"))).not.toMatch(/passfail|blazemeter/);
    expect(at(configuration, "services")).toEqual([{ module: "shellexec", prepare: ["echo"] }]);
  });

  test("leaves out what a label filter took out of the plan", () => {
    const plan = planOf(shop, {}, { driver: "taurus", labelFilter: "*/d" });
    const configuration = configure(plan);
    expect(at(configuration, "execution")).toMatchObject([{ scenario: "login", concurrency: 3 }]);
    expect(at(configuration, "scenarios", "login", "requests")).toEqual([{ transaction: "whole", do: ["http://h/d"] }]);
    expect(at(configuration, "scenarios", "shop", "requests")).toEqual([]);
  });

  test("names every class, so that no other configuration is needed", () => {
    const modules = Object.entries(Object(at(configure(planOf(shop, {}, { driver: "taurus" })), "modules")));
    expect(modules.filter(([, module]) => !/^\w+(\.\w+)+$/.test(String(at(module, "class"))))).toEqual([]);
  });

  test("escapes values of the environment as Java's properties need it, but not those of the file", () => {
    const plan = planOf(shop, {}, { driver: "taurus" });
    const environment = { ...plan.environment, secret: " p\\ä\n" };
    const properties = at(configure(plan, { environment }), "modules", "jmeter", "properties");
    expect(properties).toMatchObject({ own: "a\\u00e4", secret: "\\ p\\\\\\u00e4\\u000a" });
  });

  test("adds up to the plan over all tasks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 30 }), (users, tasks) => {
        const plan = planOf("execution: {scenario: {requests: [http://h/]}, hold-for: 1m}", {}, { users, tasks });
        const all = Array.from({ length: plan.tasks }, (_, index) =>
          at(configure(plan, {}, index), "execution", 0, "concurrency"),
        );
        expect(all.reduce((sum: number, one) => sum + Number(one), 0)).toBe(users);
      }),
      { numRuns: 30 },
    );
  });
});
