import { expect, test } from "vitest";
import { debugWithEngine } from "../../src/agent/debug.ts";
import type { DebugTrace } from "../../src/core/run/debug.ts";
import { openFolder, planOf } from "../generator/runs.ts";
import { startServer, type TestServer } from "../servers/testServer.ts";

const k6Script = (address: string): string => `
import http from "k6/http";
export const options = { vus: 20, duration: "1h" };
export default function () {
  http.post("${address}/login", JSON.stringify({ user: "jo" }), { headers: { authorization: "Bearer abc" } });
  http.get("${address}/gone", { tags: { name: "Gone" } });
}
`;
const locustScript = (address: string): string => `
from locust import HttpUser, task
class Visitor(HttpUser):
    host = "${address}"
    @task
    def visit(self):
        self.client.post("/login", json={"user": "jo"}, headers={"authorization": "Bearer abc"})
        self.client.get("/gone", name="Gone")
`;

const engines = [
  ["k6", "shop.js", k6Script, "/login"],
  ["locust", "locustfile.py", locustScript, "/login"],
] as const;

async function debug(engine: "k6" | "locust", name: string, content: string): Promise<DebugTrace> {
  const yaml = `
execution: [{executor: ${engine}, concurrency: 9, hold-for: 1h, scenario: shop}]
scenarios: {shop: {script: ${name}}}
`;
  const files = { [name]: content };
  using folder = openFolder(files);
  const plan = {
    ...planOf(yaml, files, { engine: "local", driver: engine }),
    files: [{ path: name, bytes: content.length, sha256: "" }],
  };
  return await debugWithEngine(plan, folder.path, {}, new AbortController().signal);
}

function startShop(): Promise<TestServer> {
  return startServer(({ url }, response) =>
    response.writeHead(url === "/gone" ? 404 : 200, { "content-type": "text/plain" }).end(`answer of ${url}`),
  );
}

test.for(engines)("%s sends each request once and shows it with its answer", async ([engine, name, script, end]) => {
  await using server = await startShop();
  const { samples } = await debug(engine, name, script(server.address));
  expect(server.requests.map(({ url }) => url)).toEqual(["/login", "/gone"]);
  const [login, gone] = samples;
  expect(samples).toHaveLength(2);
  expect(login?.label.endsWith(end)).toBe(true);
  expect(login?.hops).toMatchObject([
    {
      method: "POST",
      url: `${server.address}/login`,
      requestBody: { kind: "text" },
      status: 200,
      responseBody: { text: "answer of /login" },
    },
  ]);
  expect(JSON.parse(login?.hops[0]?.requestBody?.text ?? "")).toEqual({ user: "jo" });
  expect(login?.hops[0]?.requestHeaders.filter(([key]) => key.toLowerCase() === "authorization")).toEqual([
    [expect.anything(), "•••"],
  ]);
  expect(gone).toMatchObject({ label: "Gone", hops: [{ url: `${server.address}/gone`, status: 404 }] });
  expect(gone?.failure).toMatch(/404|Not Found/);
});
