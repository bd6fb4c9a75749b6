import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import type { Forecast } from "../../src/core/run/forecast.ts";
import { CommandLine } from "./commandLine.ts";
import { samplePoint, sampleResult, sampleRun } from "./sampleRun.ts";

const scenario = `execution:
- concurrency: {local: 2, cloud: 400}
  hold-for: 10m
  scenario: shop
scenarios:
  shop:
    requests:
    - http://shop.example.com/
loadfleet: {tasks: 4}
`;

const forecast: Forecast = {
  checks: [
    { code: "identity", severity: "ok", message: "You are somebody." },
    { code: "vcpu-quota", severity: "warning", message: "Some tasks may not start.", hint: "Use fewer tasks." },
  ],
  cost: {
    usd: 0.12,
    lines: [{ name: "Fargate", usd: 0.12, detail: "4 tasks" }],
    notes: ["Prices of us-east-1."],
  },
};

let shell: CommandLine;

beforeEach(() => {
  shell = new CommandLine();
  shell.write("shop.loadtest.yml", scenario);
  return () => shell[Symbol.dispose]();
});

describe("where a command has its runs", () => {
  it.each([
    [[], { on: "local", isInContainers: false }],
    [["--on", "local", "--profile", "dev"], { on: "local", isInContainers: false }],
    [["--on", "aws"], { on: "aws", aws: { stack: "loadfleet" } }],
    [["--profile", "dev"], { on: "aws", aws: { profile: "dev", stack: "loadfleet" } }],
    [["--stack", "team-a", "--region", "eu-west-1"], { on: "aws", aws: { region: "eu-west-1", stack: "team-a" } }],
  ])("follows from %j", async (options, choice) => {
    await shell.run(["runs", ...options]);
    expect(shell.choices).toEqual([choice]);
  });

  it.each([["show"], ["watch"], ["stop"], ["delete"], ["report"], ["artifacts"]])("can be AWS for %s", async (name) => {
    const run = sampleRun({ status: "complete", engine: "aws" });
    shell.engine.runs = [run];
    shell.engine.results.set(run.runId, sampleResult(run, "p95>1s"));
    shell.engine.script = [{ kind: "snapshot", view: { run, plan: null, tasks: [], points: [], result: null } }];
    const { code } = await shell.run([name, "last", "--on", "aws", "--profile", "dev"]);
    expect(code).toBe(0);
    expect(shell.choices).toEqual([{ on: "aws", aws: { profile: "dev", stack: "loadfleet" } }]);
  });
});

describe("loadfleet run --on aws", () => {
  beforeEach(() => {
    const run = sampleRun({ status: "complete", engine: "aws" });
    shell.engine.onStart = () => {
      const [choice] = shell.choices;
      if (choice?.on === "aws") choice.onForecast?.(forecast);
      return run.runId;
    };
    shell.engine.script = [
      {
        kind: "snapshot",
        view: { run: sampleRun({ engine: "aws" }), plan: null, tasks: [], points: [], result: null },
      },
      { kind: "point", point: samplePoint(1) },
      { kind: "result", result: sampleResult(run, "p95>1s") },
      { kind: "run", run },
    ];
  });

  it("plans with the figures for the cloud", async () => {
    await shell.run(["run", "shop.loadtest.yml", "--on", "aws"]);
    expect(shell.engine.started[0]?.plan).toMatchObject({ engine: "aws", tasks: 4, executions: [{ users: 400 }] });
  });

  it("tells warnings and cost before it starts, and not what is well", async () => {
    const { code, stderr } = await shell.run(["run", "shop.loadtest.yml", "--on", "aws"]);
    expect(code).toBe(0);
    expect(stderr).toContain("warning  Some tasks may not start.\n         Use fewer tasks.\n");
    expect(stderr).toContain("Cost  about $0.12");
    expect(stderr).not.toContain("You are somebody.");
  });

  it("names commands that find the run in the stack", async () => {
    const { stderr } = await shell.run(["run", "shop.loadtest.yml", "--stack", "team-a", "--detach"]);
    expect(stderr).toContain('"loadfleet watch last --on aws --stack team-a" shows it');
  });

  it("has no use for containers of this machine", async () => {
    const { code, stderr } = await shell.run(["run", "shop.loadtest.yml", "--on", "aws", "--engine", "container"]);
    expect(code).toBe(2);
    expect(stderr).toContain("in AWS every task is a container");
  });
});

describe("loadfleet plan --on aws", () => {
  it("says what stands in the way and what the run costs", async () => {
    shell.engine.forecast = async () => forecast;
    const { stdout } = await shell.run(["plan", "shop.loadtest.yml", "--on", "aws"]);
    expect(stdout).toContain("100 users × 4 tasks = 400");
    expect(stdout).toContain("ok       You are somebody.");
    expect(stdout).toContain("Fargate     $0.12  4 tasks");
  });

  it("reckons with the price table when there is no way to the stack", async () => {
    shell.engine.forecast = () => {
      throw new UserError("no-stack", "There is no stack.", { kind: "environment" });
    };
    const { code, stdout } = await shell.run(
      "plan shop.loadtest.yml --on aws --region us-east-1 --format json".split(" "),
    );
    expect(code).toBe(0);
    const plan = JSON.parse(stdout);
    expect(plan.forecast.checks).toMatchObject([{ code: "no-stack", severity: "warning" }]);
    // 4 tasks for 11.5 minutes: 4 × 690 s ÷ 3600 × $0.079.
    expect(plan.forecast.cost.lines[0]).toMatchObject({ name: "Fargate", usd: expect.closeTo(0.0606, 4) });
  });
});

describe("loadfleet artifacts", () => {
  const run = sampleRun({ status: "complete" });
  const prefix = `results/${run.testId}/${run.runId}/`;

  beforeEach(() => {
    shell.engine.runs = [run];
    shell.engine.kept = new Map([
      [`${prefix}result.json.gz`, "result"],
      [`${prefix}artifacts/0/bzt.log`, "first log"],
      [`${prefix}artifacts/1/bzt.log`, "second log"],
    ]);
  });

  it("lists what is kept with its size", async () => {
    const { stdout } = await shell.run(["artifacts", "last"]);
    expect(stdout).toBe("      6 B  result.json.gz\n      9 B  artifacts/0/bzt.log\n     10 B  artifacts/1/bzt.log\n");
  });

  it("copies what is named, and all below a folder", async () => {
    const { code, stderr } = await shell.run(["artifacts", "last", "artifacts/0/", "result.json.gz", "--out", "files"]);
    expect(code).toBe(0);
    expect(readFileSync(join(shell.folder, "files/artifacts/0/bzt.log"), "utf8")).toBe("first log");
    expect(stderr).toBe("Wrote files/result.json.gz\nWrote files/artifacts/0/bzt.log\n");
  });

  it("names a file that is not there", async () => {
    const { code, stderr } = await shell.run(["artifacts", "last", "bzt.log", "--out", "files"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`The run ${run.runId} has no file "bzt.log".`);
  });

  it("writes the list as JSON", async () => {
    const { stdout } = await shell.run(["artifacts", "last", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "loadfleet.artifacts.v1",
      files: [{ name: "result.json.gz", bytes: 6 }, {}, {}],
    });
  });
});
