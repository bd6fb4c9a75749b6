import { describe, expect, it } from "vitest";
import { chartPoints, drawChart } from "../../src/cli/chart.ts";
import { CommandLine } from "./commandLine.ts";

const scenario = `execution:
- concurrency: 50
  ramp-up: 10s
  hold-for: 50s
  scenario: shop
scenarios:
  shop:
    data-sources: [users.csv]
    requests:
    - label: Home
      url: http://127.0.0.1:8080/
    - label: Cart
      url: http://127.0.0.1:8080/cart
reporting:
- module: passfail
  criteria:
  - p95>300ms
`;
const jmx = `<?xml version="1.0" encoding="UTF-8"?>
<jmeterTestPlan version="1.2"><hashTree>
  <TestPlan guiclass="TestPlanGui" testclass="TestPlan" testname="Peak" enabled="true"/>
  <hashTree>
    <ThreadGroup guiclass="ThreadGroupGui" testclass="ThreadGroup" testname="Shoppers" enabled="true">
      <stringProp name="ThreadGroup.num_threads">\${__P(users,50)}</stringProp>
      <boolProp name="ThreadGroup.scheduler">true</boolProp>
      <stringProp name="ThreadGroup.duration">60</stringProp>
    </ThreadGroup>
    <hashTree>
      <HTTPSamplerProxy guiclass="HttpTestSampleGui" testclass="HTTPSamplerProxy" testname="Home" enabled="true"/>
      <hashTree/>
    </hashTree>
  </hashTree>
</hashTree></jmeterTestPlan>
`;

function lineOf(text: string, key: string): string | undefined {
  return text.split("\n").find((line) => line.startsWith(key));
}

describe("loadfleet plan", () => {
  it("shows totals, duration, requests, criteria and files", async () => {
    using shell = new CommandLine();
    shell.write("shop.loadtest.yml", scenario);
    shell.write("users.csv", "user\na\nb\n");
    const { code, stdout } = await shell.run(["plan", "shop.loadtest.yml", "--tasks", "5"]);
    expect(code).toBe(0);
    expect(lineOf(stdout, "Users")).toBe("Users     10 users × 5 tasks = 50");
    expect(lineOf(stdout, "Duration")).toBe("Duration  1m: 10s ramp-up + 50s hold-for");
    expect(lineOf(stdout, "Requests")).toBe("Requests  Home, Cart");
    expect(lineOf(stdout, "Criteria")).toBe("Criteria  p95>300ms");
    expect(stdout).toMatch(/Files {5}shop\.loadtest\.yml \(\d+ B\)\n {10}users\.csv \(9 B\)/);
  });

  it("says when tasks do not get the same number of users", async () => {
    using shell = new CommandLine();
    shell.write("shop.loadtest.yml", scenario);
    shell.write("users.csv", "user\na\nb\n");
    const { stdout } = await shell.run(["plan", "shop.loadtest.yml", "--tasks", "4"]);
    expect(lineOf(stdout, "Users")).toBe("Users     12 or 13 users × 4 tasks = 50");
  });

  it("multiplies the thread groups of a JMX file by the tasks", async () => {
    using shell = new CommandLine();
    shell.write("peak.jmx", jmx);
    const planned = await shell.run(["plan", "peak.jmx", "--tasks", "10"]);
    expect(lineOf(planned.stdout, "Users")).toBe("Users     50 users of the script × 10 tasks = 500");
    const changed = await shell.run(["plan", "peak.jmx", "--tasks", "2", "--env", "users=7"]);
    expect(lineOf(changed.stdout, "Users")).toBe("Users     7 users of the script × 2 tasks = 14");
  });

  it("applies users, duration, rate and label of the command line", async () => {
    using shell = new CommandLine();
    shell.write("shop.loadtest.yml", scenario);
    shell.write("users.csv", "user\na\nb\n");
    const argv = ["plan", "shop.loadtest.yml", "--users", "8", "--for", "20s", "--rate", "30", "--label", "C*"];
    const { stdout } = await shell.run([...argv, "--format", "json"]);
    const plan: unknown = JSON.parse(stdout);
    expect(plan).toMatchObject({
      schema: "loadfleet.plan.v1",
      labels: ["Cart"],
      executions: [{ users: 8, ratePerSecond: 30, rampUpMs: 10_000, holdForMs: 20_000 }],
    });
  });

  it("keeps a scenario's id when the folder is looked at from elsewhere", async () => {
    using shell = new CommandLine();
    shell.write("shop.loadtest.yml", scenario);
    shell.write("users.csv", "user\na\n");
    const relative = await shell.run(["plan", "shop.loadtest.yml"]);
    const absolute = await shell.run(["plan", `${shell.folder}/shop.loadtest.yml`]);
    expect(lineOf(relative.stdout, "Test")).toBe(lineOf(absolute.stdout, "Test"));
    expect(lineOf(relative.stdout, "Test")).toMatch(/-shop$/);
  });

  it("shows no plan of a scenario with an error", async () => {
    using shell = new CommandLine();
    shell.write("shop.loadtest.yml", scenario);
    const { code, stdout, stderr } = await shell.run(["plan", "shop.loadtest.yml"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("[missing-file]");
  });
});

describe("drawChart", () => {
  it("fills the area below the values, two values a character", () => {
    const lines = drawChart([0, 0, 20, 20, 10, 10], { highest: "20 users", begin: "0s", end: "1m" });
    expect(lines).toEqual([
      "20 users ┤ ⣿",
      "         │ ⣿",
      "         │ ⣿⣤",
      "         │ ⣿⣿",
      "         │ ⣿⣿",
      "       0 └───",
      "          0s 1m",
    ]);
  });

  it("is as wide as it was asked to be", () => {
    const points = chartPoints(60, "20 users");
    const lines = drawChart(
      Array.from({ length: points }, () => 1),
      { highest: "20 users", begin: "0s", end: "1m" },
    );
    expect(lines.map((line) => line.length)).toEqual([60, 60, 60, 60, 60, 60, 60]);
  });

  it("draws nothing where there is no load", () => {
    const lines = drawChart([0, 0], { highest: "0", begin: "0s", end: "1s" });
    expect(lines.slice(0, 5)).toEqual(["0 ┤", "  │", "  │", "  │", "  │"]);
  });
});
