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
