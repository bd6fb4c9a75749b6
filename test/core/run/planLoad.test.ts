import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { PlannedExecution, RunChoice } from "../../../src/core/run/plan.ts";
import { planRun } from "../../../src/core/run/planRun.ts";
import type { Load } from "../../../src/core/scenario/model.ts";
import { bundle, codesOf, local, planOf } from "./planning.ts";
import { body, execution, request, scenario, somewhere } from "./scenarios.ts";

describe("the load of an execution", () => {
  const rows: { name: string; load: Partial<Load>; script?: string; expected: Partial<PlannedExecution> }[] = [
    {
      name: "is one user and one iteration when nothing is said",
      load: {},
      expected: { users: 1, iterations: 1, holdForMs: null },
    },
    {
      name: "takes numbers as they are",
      load: { users: 5, holdForMs: 1000 },
      expected: { users: 5, holdForMs: 1000, iterations: null },
    },
    {
      name: "ends with the ramp-up without hold-for",
      load: { users: 5, rampUpMs: 1000 },
      expected: { rampUpMs: 1000, holdForMs: 0, iterations: null },
    },
    {
      name: "ends with its iterations without hold-for",
      load: { rampUpMs: 1000, iterations: 3 },
      expected: { holdForMs: null, iterations: 3 },
    },
    {
      name: "keeps both ends when both are given",
      load: { holdForMs: 1000, iterations: 3 },
      expected: { holdForMs: 1000, iterations: 3 },
    },
    {
      name: "counts 0 as not given, as Taurus does",
      load: { users: 0, ratePerSecond: 0, steps: 0, iterations: 0 },
      expected: { users: 1, ratePerSecond: null, steps: null, iterations: 1 },
    },
    {
      name: "leaves users to the driver when only a rate is given",
      load: { ratePerSecond: 9, holdForMs: 1000 },
      expected: { users: null, ratePerSecond: 9 },
    },
    {
      name: "leaves everything to a script that is given no load",
      load: {},
      script: "a.jmx",
      expected: { users: null, iterations: null, holdForMs: null },
    },
    {
      name: "runs a script once when it is given only users",
      load: { users: 4 },
      script: "a.jmx",
      expected: { users: 4, iterations: 1 },
    },
    {
      name: "reads an expression's default",
      load: { users: "${__P(users,7)}", holdForMs: "${__P(hold,1m30s)}" },
      expected: { users: 7, holdForMs: 90_000 },
    },
    {
      name: "reads bare numbers of a duration as seconds",
      load: { holdForMs: "${__P(hold,90)}" },
      expected: { holdForMs: 90_000 },
    },
    {
      name: "reads an expression with a unit behind it",
      load: { holdForMs: "${__P(minutes,2)}m" },
      expected: { holdForMs: 120_000 },
    },
    {
      name: "takes 1 for a property without a default, as JMeter does",
      load: { users: "${__P(users)}" },
      expected: { users: 1 },
    },
    {
      name: "takes the third argument as the default of a property",
      load: { users: "${__property(users,,6)}" },
      expected: { users: 6 },
    },
    {
      name: "resolves expressions inside expressions",
      load: { users: "${__P(users,${__P(few,3)})}" },
      expected: { users: 3 },
    },
  ];
  test.each(rows)("$name", ({ load, script, expected }) => {
    const content = script ?? [request("Home")];
    expect(planOf(scenario([execution(load)], [body("shop", content)])).executions[0]).toMatchObject(expected);
  });

  it("takes variables from the choice, then from the file", () => {
    const load = { users: "${__P(users,1)}", iterations: "${rounds}", steps: "${__env(STEPS)}" };
    const config = { settings: { env: { rounds: 4, STEPS: "2" } }, modules: { jmeter: { properties: { users: 20 } } } };
    const source = scenario([execution(load)], undefined, { config });
    expect(planOf(source).executions[0]).toMatchObject({ users: 20, iterations: 4, steps: 2 });
    const chosen = planOf(source, { ...local, environment: { users: "30" } });
    expect(chosen.executions[0]).toMatchObject({ users: 30 });
    expect(chosen.environment).toEqual({ rounds: "4", STEPS: "2", users: "30" });
  });

  it("prefers the properties of the scenario to those of JMeter", () => {
    const config = {
      modules: { jmeter: { properties: { users: 20 } } },
      scenarios: { shop: { properties: { users: 25 } } },
    };
    const source = scenario([execution({ users: "${__P(users,1)}" })], undefined, { config });
    expect(planOf(source).executions[0]?.users).toBe(25);
    expect(planOf(source, { ...local, environment: { users: "30" } }).executions[0]?.users).toBe(30);
  });

  it("gives up on variables that lead to each other", () => {
    const environment = { a: "${b}", b: "${a}" };
    expect(codesOf(scenario([execution({ users: "${a}" })]), { ...local, environment })).toEqual(["invalid-amount"]);
  });

  it("takes the cloud's part of a pair on AWS", () => {
    const source = scenario([execution({ users: 5 }, "shop", { users: 500 })]);
    expect(planOf(source).executions[0]?.users).toBe(5);
    expect(planOf(source, { engine: "aws" }).executions[0]?.users).toBe(500);
  });

  test.each([
    {
      name: "a variable without a value",
      load: { users: "${users}" },
      code: "unresolved-amount",
      text: "--env users=",
    },
    {
      name: "an environment variable without a value",
      load: { users: "${__env(USERS)}" },
      code: "unresolved-amount",
      text: "--env USERS=",
    },
    {
      name: "text for a number",
      load: { users: "${__P(users,many)}" },
      code: "invalid-amount",
      text: "a whole number",
    },
    { name: "text for a duration", load: { holdForMs: "${__P(hold,soon)}" }, code: "invalid-amount", text: "`soon`" },
    { name: "part of a user", load: { users: 2.5 }, code: "invalid-amount", text: "2.5" },
    { name: "a negative rate", load: { ratePerSecond: -1 }, code: "invalid-amount", text: "-1" },
    {
      name: "a default that has no value itself",
      load: { users: "${__P(a,${b})}" },
      code: "unresolved-amount",
      text: "`b`",
    },
  ])("refuses $name, where it stands", ({ load, code, text }) => {
    const { plan, problems } = planRun(scenario([execution(load)]), local, bundle);
    expect(plan).toBeUndefined();
    expect(problems).toMatchObject([{ code, severity: "error", file: "load/shop.loadtest.yml", ...somewhere }]);
    expect(problems[0]?.message).toContain(text);
  });
});

describe("what a choice changes", () => {
  it("scales users in proportion", () => {
    const source = scenario([execution({ users: 10, holdForMs: 1 }), execution({ users: 30, holdForMs: 1 })]);
    expect(planOf(source, { ...local, users: 6 }).executions.map(({ users }) => users)).toEqual([2, 4]);
    expect(planOf(source, { ...local, users: 400 }).executions.map(({ users }) => users)).toEqual([100, 300]);
  });

  it("keeps totals exact and nobody without users, whatever the proportions", () => {
    const anyUsers = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyUsers, fc.integer({ min: 8, max: 100_000 }), (parts, users) => {
        const source = scenario(parts.map((each) => execution({ users: each, holdForMs: 1 })));
        const planned = planOf(source, { ...local, users }).executions.map((each) => each.users ?? NaN);
        expect(planned.reduce((sum, each) => sum + each, 0)).toBe(users);
        expect(Math.min(...planned)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it("scales rates in proportion, exactly", () => {
    const anyRates = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyRates, fc.double({ min: 0.1, max: 1e5, noNaN: true }), (parts, ratePerSecond) => {
        const source = scenario(parts.map((each) => execution({ ratePerSecond: each, holdForMs: 1 })));
        const planned = planOf(source, { ...local, ratePerSecond }).executions;
        expect(planned.reduce((sum, each) => sum + (each.ratePerSecond ?? NaN), 0)).toBe(ratePerSecond);
      }),
    );
  });

  it("gives a rate to executions that had none, by their users", () => {
    const source = scenario([execution({ users: 10, holdForMs: 1 }), execution({ users: 30, holdForMs: 1 })]);
    const planned = planOf(source, { ...local, ratePerSecond: 100 }).executions;
    expect(planned.map((each) => each.ratePerSecond)).toEqual([25, 75]);
  });

  it("replaces hold-for everywhere, and the single iteration with it", () => {
    const planned = planOf(scenario([execution({}), execution({ holdForMs: 5 })]), { ...local, holdForMs: 60_000 });
    expect(planned.executions).toMatchObject([
      { holdForMs: 60_000, iterations: null },
      { holdForMs: 60_000, iterations: null },
    ]);
    expect(planned.plannedMs).toBe(60_000);
  });

  test.each<{ name: string; choice: Partial<RunChoice> }>([
    { name: "no users", choice: { users: 0 } },
    { name: "part of a user", choice: { users: 1.5 } },
    { name: "fewer users than executions", choice: { users: 1 } },
    { name: "no rate", choice: { ratePerSecond: 0 } },
    { name: "an endless rate", choice: { ratePerSecond: Infinity } },
    { name: "no duration", choice: { holdForMs: 0 } },
    { name: "no tasks", choice: { tasks: 0 } },
    { name: "part of a task", choice: { tasks: 1.5 } },
  ])("refuses $name", ({ choice }) => {
    const source = scenario([execution({ users: 5 }), execution({ users: 5 })]);
    expect(planRun(source, { ...local, ...choice }, bundle)).toMatchObject({
      plan: undefined,
      problems: [{ code: "invalid-choice", severity: "error" }],
    });
  });
});
