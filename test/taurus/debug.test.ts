import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { debugWithEngine } from "../../src/agent/debug.ts";
import { openFolder, type Files } from "../generator/runs.ts";
import { startServer } from "../servers/testServer.ts";
import { planTaurus } from "./tasks.ts";

const { signal } = new AbortController();

test("shows each request that JMeter sends once, with answers, redirects and assertions, secrets masked", async () => {
  await using server = await startServer(({ url }, response) => {
    if (url === "/old") response.writeHead(302, { location: "/new" }).end();
    else if (url === "/picture")
      response.writeHead(200, { "content-type": "image/png", "content-length": 300 }).end(Buffer.alloc(300, 0x89));
    else response.writeHead(200, { "content-type": "application/json" }).end(`{"path":"${url}"}`);
  });
  const yaml = `
execution: [{executor: jmeter, concurrency: 7, hold-for: 1h, scenario: shop}]
scenarios:
  shop:
    default-address: ${server.address}
    headers: {x-api: "\${__P(API_TOKEN)}"}
    requests:
    - {url: /login, label: Log in, method: POST, body: {user: jo}, assert: [welcome]}
    - {url: /old, label: Move}
    - {transaction: Pair, do: [/picture]}
loadfleet: {secrets: {API_TOKEN: "env:API_TOKEN"}}
`;
  using folder = openFolder({});
  const trace = await debugWithEngine(planTaurus(yaml), folder.path, { API_TOKEN: "s3cret-value" }, signal);
  expect(trace.samples.map(({ label, failure }) => [label, failure])).toEqual([
    ["Log in", "Test failed: text expected to contain /welcome/"],
    ["Move", null],
    ["/picture", null],
  ]);
  const [login, move, picture] = trace.samples;
  expect(login).toMatchObject({ scenario: "shop", line: 8, assertions: [{ isPassed: false }] });
  expect(login?.hops).toMatchObject([
    {
      method: "POST",
      url: `${server.address}/login`,
      requestBody: { kind: "text", text: "user=jo" },
      status: 200,
      responseBody: { kind: "text", text: '{"path":"/login"}' },
    },
  ]);
  expect(login?.hops[0]?.requestHeaders).toContainEqual(["x-api", "***"]);
  expect(JSON.stringify(trace)).not.toContain("s3cret-value");
  expect(move?.hops.map(({ url, status }) => [url, status])).toEqual([
    [`${server.address}/old`, 302],
    [`${server.address}/new`, 200],
  ]);
  expect(picture?.hops[0]?.responseBody).toMatchObject({ kind: "binary", text: "", bytes: 300 });
  expect(server.requests).toHaveLength(4);
});

test("says why a test plan cannot be debugged", async () => {
  const probe = '<hashTree/><com.example.Probe testclass="com.example.Probe" testname="probe"/><hashTree/>';
  const plan = readFileSync(new URL("files/plan.jmx", import.meta.url), "utf8").replace("<hashTree/>", probe);
  const files: Files = { "plan.jmx": plan, "data/users.csv": "user\nu0\n" };
  using folder = openFolder(files);
  const yaml = "execution: [{scenario: {script: plan.jmx}}]";
  await expect(debugWithEngine(planTaurus(yaml, { files }), folder.path, {}, signal)).rejects.toThrow(
    "JMeter lacks what the script uses: com.example.Probe.",
  );
});
