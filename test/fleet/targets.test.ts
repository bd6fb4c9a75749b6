import { describe, expect, test } from "vitest";
import type { DriverName, RunPlan } from "../../src/core/run/plan.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { readScenario } from "../../src/core/scenario/readScenario.ts";
import { isAllowedTarget, targetsOf } from "../../src/fleet/targets.ts";

const files = { exists: () => true, size: () => 10, readText: () => "host\nevil.example\n" };

function planOf(text: string, environment: Readonly<Record<string, string>> = {}, driver?: DriverName): RunPlan {
  const { scenario } = readScenario("shop.yml", text, files);
  if (scenario === undefined) throw new Error("There is no scenario.");
  const choice = { engine: "aws" as const, environment, ...(driver === undefined ? {} : { driver }) };
  const { plan, problems } = planRun(scenario, choice, { files: [], sha256: "0" });
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join(" "));
  return plan;
}

const shop = (body: string): string =>
  `execution: [{concurrency: 1, hold-for: 5s, scenario: shop}]\nscenarios:\n  shop: {${body}}\n`;

describe("the targets of a plan", () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["a URL", "requests: ['https://Shop.example:8443/cart?x=http://other/']", ["shop.example"]],
    ["a default address", "default-address: 'http://api.example/', requests: ['/a', 'b/c']", ["api.example"]],
    ["a default address without a scheme", "default-address: 'api.example:81', requests: ['/a']", ["api.example"]],
    ["a user in the address", "requests: ['http://shop.example@other.example/']", ["other.example"]],
    ["a backslash in the address", "requests: ['http://other.example\\\\@shop.example/']", ["other.example"]],
    ["an address of IPv6", "requests: ['http://[::1]:80/']", ["[::1]"]],
    [
      "a variable in the path, and one in the host that nothing changes",
      "variables: {host: a.example}, requests: ['http://${host}/x/${id}']",
      ["a.example"],
    ],
    ["a property with a default", "requests: ['http://${__P(host,b.example)}/']", ["b.example"]],
    [
      "requests inside blocks",
      "requests: [{if: '1 == 1', then: ['http://a.example/'], else: [{loop: 2, do: ['http://b.example/']}]}]",
      ["a.example", "b.example"],
    ],
    [
      "an address that begins with two strokes",
      "default-address: 'http://a.example', requests: ['//b.example/x']",
      ["b.example"],
    ],
  ])("with %s are known", (_what, body, hosts) => {
    const targets = targetsOf(planOf(shop(body)));
    expect([...targets.hosts]).toEqual(hosts);
    expect(targets.unknown).toEqual([]);
  });

  test("with a property of the run are those of the run", () => {
    const plan = planOf(shop("requests: ['http://${__P(host,b.example)}/']"), { host: "c.example" });
    expect([...targetsOf(plan).hosts]).toEqual(["c.example"]);
  });

  test("with a property of the same name as a variable are those of the property", () => {
    const plan = planOf(shop("variables: {host: a.example}, requests: ['http://${__P(host,evil.example)}/']"));
    expect([...targetsOf(plan).hosts]).toEqual(["evil.example"]);
  });

  test.each<readonly [string, string]>([
    [
      "is extracted from a response",
      "variables: {h: a.example}, requests: [{url: 'http://${h}/', extract-regexp: {h: '(.*)'}}]",
    ],
    [
      "is a column of a data source",
      "data-sources: [{path: d.csv, variable-names: 'h'}], variables: {h: a.example}, requests: ['http://${h}/']",
    ],
    [
      "may be a column that only the file names",
      "data-sources: [d.csv], variables: {h: a.example}, requests: ['http://${h}/']",
    ],
    ["is set by a step", "variables: {h: a.example}, requests: [{set-variables: {h: x}}, 'http://${h}/']"],
    ["is stored by a function", "variables: {h: a.example}, requests: ['http://${h}/?${__Random(1,2,h)}']"],
    ["is a property that a function sets", "requests: ['http://${__P(h,a.example)}/?${__setProperty(h,x)}']"],
    ["is a property of its scenario", "properties: {h: b.example}, requests: ['http://${__P(h,a.example)}/']"],
    ["is stored by a property", "variables: {h: a.example}, requests: ['http://${h}/?${__property(x,h,1)}']"],
    ["is not set at all", "requests: ['http://${h}/']"],
    ["may be the beginning of an address", "default-address: 'http://a.example', requests: ['${h}/x']"],
    ["is part of a scheme", "default-address: 'http://a.example', requests: ['ht${h}']"],
  ])("of which the host %s are unknown", (_what, body) => {
    expect(targetsOf(planOf(shop(body), {}, "taurus")).unknown.join(" ")).toMatch(/is not known before it is sent\./);
  });

  test("of which the host is a secret are unknown, and its default does not count", () => {
    const text = `loadfleet: {secrets: {HOST: "ssm:/loadfleet/host"}}\n${shop("requests: ['http://${__env(HOST,,a.example)}/']")}`;
    const targets = targetsOf(planOf(text));
    expect([...targets.hosts]).toEqual([]);
    expect(targets.unknown).toEqual([
      'The host of the request "http://${__env(HOST,,a.example)}/" is not known before it is sent.',
    ]);
  });

  test("of a script are unknown", () => {
    expect(targetsOf(planOf(shop("script: plan.jmx"))).unknown).toEqual([
      'The script "plan.jmx" decides itself where it sends requests.',
    ]);
  });

  test("of a scenario that is included are those of its own and of the inherited address", () => {
    const text =
      "execution: [{concurrency: 1, hold-for: 5s, scenario: outer}]\nscenarios:\n" +
      "  outer: {default-address: 'http://a.example', requests: [{include-scenario: inner}]}\n" +
      "  inner: {requests: ['/x', 'http://b.example/']}\n";
    expect([...targetsOf(planOf(text)).hosts]).toEqual(["a.example", "b.example"]);
  });

  test("of Taurus are also those of the configuration that it reads itself", () => {
    const plan = planOf(shop("requests: ['http://a.example/']"), {}, "taurus");
    const other = planOf(shop("requests: ['http://b.example/']"), {}, "taurus");
    const forged = { ...plan, scenario: { ...plan.scenario, config: other.scenario.config } };
    expect([...targetsOf(forged).hosts]).toEqual(["a.example", "b.example"]);
  });

  test("of Taurus with a service that runs programs are unknown", () => {
    const text = `services: [{module: shellexec, prepare: ['curl x']}]\n${shop("requests: ['http://a.example/']")}`;
    expect(targetsOf(planOf(text, {}, "taurus")).unknown).toEqual(['The key "shellexec" can send requests anywhere.']);
  });
});

test.each([
  ["shop.example", ["shop.example"], true],
  ["SHOP.example", [" Shop.Example "], true],
  ["a.shop.example", ["shop.example"], false],
  ["a.shop.example", ["*.shop.example"], true],
  ["shop.example", ["*.shop.example"], false],
  ["evilshop.example", ["*.shop.example", "shop.example"], false],
])("%s is allowed by %j: %s", (host, allowed, is) => {
  expect(isAllowedTarget(host, allowed)).toBe(is);
});
