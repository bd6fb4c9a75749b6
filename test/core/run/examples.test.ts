import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { shareOf } from "../../../src/core/run/share.ts";
import { prepare } from "./folders.ts";

const examples = join(import.meta.dirname, "../../../examples");
const fixtures = join(import.meta.dirname, "../../fixtures/examples");

/** What each example is planned as: driver, tasks, users and length of the run, files beside the scenario. */
const expected: Readonly<
  Record<string, readonly [string, number, readonly (number | null)[], number | null, readonly string[]]>
> = {
  "csvUsers.loadtest.yml": ["embedded", 2, [10], 70_000, ["data/users.csv"]],
  "jmeter.loadtest.yml": ["taurus", 1, [100], 360_000, ["data/users.csv", "peak.jmx"]],
  "login.loadtest.yml": ["embedded", 1, [20], 70_000, []],
  "mixed.loadtest.yml": ["embedded", 1, [40, 8, 1], null, []],
  "peak.jmx": ["taurus", 1, [null], null, ["data/users.csv"]],
  "quick.loadtest.yml": ["embedded", 4, [40], 20_000, []],
  "rate.loadtest.yml": ["embedded", 1, [50], 90_000, []],
  "team.loadtest.yml": ["embedded", 1, [10], null, []],
  "transactions.loadtest.yml": ["embedded", 1, [30], 135_000, []],
  "jobs.loadtest.yml": ["embedded", 1, [8], null, []],
  "k6.loadtest.yml": ["k6", 1, [10], 60_000, ["checkout.js"]],
  "payments.loadtest.json": ["embedded", 1, [12], 390_000, []],
  "upload.loadtest.yml": ["embedded", 1, [5], 30_000, ["data/orders.csv", "pages/receipt.html"]],
  "website.loadtest.yml": ["embedded", 5, [500], 1_320_000, []],
};

const files = [examples, fixtures].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(loadtest\.(yml|json)|jmx)$/.test(name))
    .map((name) => ({ name, path: join(folder, name) })),
);

describe("the examples", () => {
  it("are all planned below", () => {
    expect(files.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  test.each(files)("$name has no problem worse than a hint and is planned as it should be", ({ name, path }) => {
    const { plan, paths, problems } = prepare(path);
    expect(problems.filter(({ severity }) => severity !== "hint")).toEqual([]);
    const users = plan?.executions.map((execution) => execution.users);
    expect([plan?.driver, plan?.tasks, users, plan?.plannedMs, paths.filter((file) => file !== name)]).toEqual(
      expected[name],
    );
  });

  test.each(files)("$name keeps its totals over any number of tasks", ({ path }) => {
    const { plan } = prepare(path);
    for (const of of [1, 2, 7]) {
      const shares = Array.from({ length: of }, (_, index) => plan && shareOf(plan, index, of));
      plan?.executions.forEach((execution, number) => {
        const users = shares.map((share) => share?.executions[number]?.users ?? 0);
        expect(users.reduce((sum, each) => sum + each, 0)).toBe(execution.users ?? 0);
      });
    }
  });

  it("take the cloud's numbers on AWS", () => {
    const { plan } = prepare(join(examples, "mixed.loadtest.yml"), { engine: "aws" });
    expect(plan?.executions.map(({ users }) => users)).toEqual([400, 80, 1]);
    expect(plan?.tasks).toBe(3);
  });

  it("judge only the steady minute of the rate", () => {
    expect(prepare(join(examples, "rate.loadtest.yml")).plan?.isRampUpExcluded).toBe(true);
  });
});

describe("broken scenarios", () => {
  test.each([
    { name: "noValue", code: "unresolved-amount", severity: "error", line: 3, text: "USERS" },
    { name: "outside", code: "outside-folder", severity: "error", line: 7, text: "../data/orders.csv" },
    { name: "device", code: "unportable-path", severity: "error", line: 10, text: "aux.json" },
    { name: "crowded", code: "crowded-tasks", severity: "warning", line: 3, text: "25 tasks" },
    { name: "crowded", code: "long-run", severity: "warning", line: 3, text: "7d" },
    { name: "manyTasks", code: "more-tasks-than-users", severity: "hint", line: 3, text: "it uses 2" },
  ])("$name is told of $code", ({ name, code, severity, line, text }) => {
    const { problems } = prepare(join(fixtures, "broken", `${name}.loadtest.yml`));
    const found = problems.filter((problem) => problem.code === code && problem.severity === severity);
    expect(found).toMatchObject([{ file: `${name}.loadtest.yml`, line }]);
    expect(found[0]?.message).toContain(text);
  });
});
