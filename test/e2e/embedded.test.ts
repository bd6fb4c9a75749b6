import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startServer } from "../servers/testServer.ts";
import { agentPath, buildPrograms, LocalRuns } from "./localRuns.ts";

const scenario = `
execution:
  - concurrency: 9
    hold-for: 3s
    scenario: shop
scenarios:
  shop:
    default-address: http://127.0.0.1:\${__P(port)}
    think-time: 50ms
    data-sources:
      - users.csv
    requests:
      - url: /products
        label: Products
      - url: /users/\${name}
        label: User
        assert: [hello]
reporting:
  - module: passfail
    criteria:
      - fail>50% of User, continue as failed
loadfleet:
  split-data: true
`;

beforeAll(buildPrograms);

test("a scenario file is run by three embedded agents and merged to what the server saw", async () => {
  const folder = await mkdtemp(join(tmpdir(), "loadfleet-scenario-"));
  const rows = Array.from({ length: 90 }, (_, row) => `user${row}`);
  await writeFile(join(folder, "shop.loadtest.yml"), scenario);
  await writeFile(join(folder, "users.csv"), `name\n${rows.join("\n")}\n`);
  await using server = await startServer(({ url }, response) => response.end(`hello ${url}`));
  await using runs = await LocalRuns.open({}, agentPath);
  const environment = { port: String(server.port) };
  const runId = await runs.startFile(join(folder, "shop.loadtest.yml"), { tasks: 3, environment });
  const { run, result } = await runs.watch(runId);
  await rm(folder, { recursive: true });

  expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
  expect(result?.verdict.status).toBe("passed");
  const all = result?.labels[""];
  expect((all?.count ?? 0) + (all?.aborted ?? 0)).toBe(server.requests.length);
  expect(all?.failed).toBe(0);
  expect(result?.labels["Products"]?.count).toBeGreaterThan(100);
  expect(result?.maxUsers).toBe(9);
  const seen = new Set(server.requests.map(({ url }) => url).filter((url) => url.startsWith("/users/")));
  expect(seen.size).toBe(90);
});

test("while it goes on each label has percentiles, errors have kinds, tasks say what they use, and the log tells", async () => {
  const folder = await mkdtemp(join(tmpdir(), "loadfleet-scenario-"));
  await writeFile(join(folder, "shop.loadtest.yml"), scenario.replace("hold-for: 3s", "hold-for: 4s\n    ramp-up: 1s"));
  await writeFile(join(folder, "users.csv"), "name\nann\nben\ncleo\n");
  await using server = await startServer(({ url }, response) => {
    response.statusCode = url.startsWith("/users/") ? 503 : 200;
    response.end("hello");
  });
  await using runs = await LocalRuns.open({}, agentPath);
  const environment = { port: String(server.port) };
  const runId = await runs.startFile(join(folder, "shop.loadtest.yml"), { tasks: 3, environment });
  await runs.until(runId, ({ points }) => points.length > 1);
  const early = await runs.engine.log(runId, 1, undefined, runs.signal);
  const { points } = await runs.watch(runId);
  const log = await runs.engine.log(runId, 1, undefined, runs.signal);
  await rm(folder, { recursive: true });

  const point = points.find(({ second, tasksReporting }) => second > 0 && tasksReporting === 3);
  expect(Object.keys(point?.labels ?? {}).toSorted()).toEqual(["", "Products", "User"]);
  for (const figures of Object.values(point?.labels ?? {}))
    expect(figures.p95Ms).toBeGreaterThanOrEqual(figures.p50Ms ?? NaN);
  expect(point?.errors).toMatchObject([{ code: "503" }]);
  expect(point?.usage?.map(({ task }) => task).toSorted()).toEqual([0, 1, 2]);
  expect(early.text).toMatch(/Z Task 1, one of 3: driver embedded, up to 3 users, target 127\.0\.0\.1; /);
  expect(early.text).toMatch(/Z First error of its kind, in second \d+: 503: /);
  expect(early.text).not.toContain("ended: done");
  expect(log.text).toMatch(/Z The ramp-up of "shop" has ended; it holds for 4s\./);
  expect(log.text).toMatch(
    /Z The load has finished: [\d,]+ requests, [\d,]+ errors; CPU up to .+\n(.*\n)*.*Z ended: done\n$/,
  );
});
