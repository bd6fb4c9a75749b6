import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeK6Driver } from "../../src/agent/drivers/k6/driver.ts";
import { Histogram } from "../../src/core/results/histogram.ts";
import { whereIs } from "../../src/local/taurusSetup/toolchain.ts";
import { openFolder, planOf } from "../generator/runs.ts";
import { startServer } from "../servers/testServer.ts";
import { checkSeconds, runTask, sum } from "./tasks.ts";

/** Has the real k6 write every sample a second time, in a form of its own that the driver does not read. */
const recorder = mkdtempSync(join(tmpdir(), "loadfleet-k6-"));

beforeAll(() => {
  const path = join(recorder, "k6");
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = version ] || more="--out json=raw.json"\nexec ${whereIs("k6")} "$@" $more\n`,
  );
  chmodSync(path, 0o755);
  process.env["PATH"] = `${recorder}${delimiter}${process.env["PATH"]}`;
});
afterAll(() => rmSync(recorder, { recursive: true }));

const yaml = (load: string): string => `
execution:
- {executor: k6, ${load} scenario: shop}
scenarios: {shop: {script: shop.js}}
`;

const script = (body: string, options = "{}"): string => `
import http from "k6/http";
import { check } from "k6";
export const options = ${options};
export default function () { ${body} }
`;

const get = (address: string): string => `
  http.get("${address}/quick", { tags: { name: "quick, \\"first\\"" } });
  http.get("${address}/wait/" + Math.random(), { tags: { name: "wait" } });
  check(http.get("${address}/sometimes"), { fine: (answer) => answer.status === 200 });
`;

interface RawSample {
  readonly name: string;
  readonly ms: number;
  readonly status: string;
}

function readRaw(text: string): readonly RawSample[] {
  const points = text.split("\n").filter((line) => line.includes('"metric":"http_req_duration"'));
  return points
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === "Point")
    .map(({ data }) => ({ name: data.tags.name, ms: data.value, status: data.tags.status }));
}

async function startTarget(baseMs: number) {
  let sometimes = 0;
  return startServer(({ url }, response) => {
    const isFailure = url.startsWith("/sometimes") && ++sometimes % 5 === 0;
    const waitMs = url.startsWith("/wait") ? 40 * Math.random() : 0;
    void sleep(baseMs + waitMs).then(() => response.writeHead(isFailure ? 503 : 200).end("answer"));
  });
}

test("two tasks merge to the percentiles of all of k6's own samples", async () => {
  await using near = await startTarget(0);
  await using far = await startTarget(150);
  const runs = await Promise.all(
    [near, far].map(({ address }, index) =>
      runTask(makeK6Driver(), yaml("concurrency: 6, ramp-up: 1s, hold-for: 3s,"), {
        files: { "shop.js": script(get(address), `{ vus: 99, duration: "1h" }`) },
        place: { index, of: 2 },
      }),
    ),
  );
  const raw = runs.flatMap(({ artifact }) => readRaw(artifact("raw.json")));
  const names = [...new Set(raw.map(({ name }) => name))];
  expect(names).toEqual(expect.arrayContaining(['quick, "first"', "wait"]));
  for (const label of ["", ...names]) {
    const pooled = raw.filter(({ name }) => label === "" || name === label);
    const sorted = pooled.map(({ ms }) => Math.round(ms * 1000)).toSorted((a, b) => a - b);
    const figures = runs.flatMap(({ report }) => report.labels[label] ?? []);
    const merged = new Histogram("us");
    for (const { histogram } of figures) merged.addWire(histogram);
    for (const percentage of [0, 50, 90, 95, 99, 99.9, 100]) {
      const exact = sorted[Math.max(Math.ceil((percentage / 100) * sorted.length) - 1, 0)] ?? Number.NaN;
      const bucket = new Histogram("us");
      bucket.record(exact);
      expect(merged.percentile(percentage), `${label} p${percentage}`).toBe(bucket.percentile(percentage));
    }
    expect(sum(figures.map(({ count }) => count)), label).toBe(pooled.length);
    expect(sum(figures.map(({ failed }) => failed)), label).toBe(
      pooled.filter(({ status }) => status === "503").length,
    );
    expect(sum(figures.map(({ sumMs }) => sumMs)), label).toBeCloseTo(sum(sorted) / 1000, 1);
  }
  for (const run of runs) {
    checkSeconds(run);
    expect(run.report).toMatchObject({
      outcome: "finished",
      maxUsers: 3,
      labels: { "": { bytesIn: expect.any(Number) } },
    });
    expect(run.report.labels[""]?.bytesIn).toBeGreaterThan(100 * (run.report.labels[""]?.count ?? 0));
    expect(run.report.firstSampleAtMs).toBeGreaterThanOrEqual(run.startAtMs);
    expect(run.report.notes.join()).toMatch(/of \d+ checks of the script failed/);
  }
});

test("keeps a rate in iterations", async () => {
  await using target = await startTarget(0);
  const { report } = await runTask(makeK6Driver(), yaml("concurrency: 5, throughput: 20, hold-for: 3s,"), {
    files: { "shop.js": script(`http.get("${target.address}/");`) },
  });
  expect(report.labels[""]?.count).toBeGreaterThanOrEqual(57);
  expect(report.labels[""]?.count).toBeLessThanOrEqual(62);
});

test("runs each user's iterations", async () => {
  await using target = await startTarget(0);
  const { report } = await runTask(makeK6Driver(), yaml("concurrency: 4, iterations: 3,"), {
    files: { "shop.js": script(`http.get("${target.address}/");`) },
  });
  expect(report.labels[""]?.count).toBe(12);
});

test("leaves the load to the script when the plan names none, and shows its thresholds", async () => {
  await using target = await startTarget(0);
  const options = `{ vus: 2, iterations: 8, thresholds: { http_req_duration: ["p(95)<0.001"], http_reqs: ["count==8"] } }`;
  const { report } = await runTask(makeK6Driver(), yaml(""), {
    files: { "shop.js": script(`http.get("${target.address}/" + __ENV.PLACE);`, options) },
    environment: { PLACE: "here" },
  });
  expect(target.requests.map(({ url }) => url)).toEqual(Array.from({ length: 8 }, () => "/here"));
  expect(report.outcome).toBe("finished");
  expect(report.notes).toEqual(
    expect.arrayContaining([
      "k6's threshold http_req_duration p(95)<0.001 was crossed in this task.",
      "k6's threshold http_reqs count==8 held in this task.",
    ]),
  );
});

test("ends gracefully with its figures when it is stopped", async () => {
  await using target = await startTarget(5);
  const stop = new AbortController();
  let stoppedAtMs = 0;
  const { report } = await runTask(makeK6Driver(), yaml("concurrency: 2, hold-for: 10m,"), {
    files: { "shop.js": script(`http.get("${target.address}/");`) },
    stop: stop.signal,
    onInterval: () => {
      stoppedAtMs ||= Date.now();
      stop.abort();
    },
  });
  expect(Date.now() - stoppedAtMs).toBeLessThan(2500);
  expect(report).toMatchObject({ outcome: "stopped", maxUsers: 2 });
  expect(report.labels[""]?.count).toBeGreaterThan(50);
});

test("says that k6 does not tell what was under way when it was stopped", async () => {
  const received = Promise.withResolvers<void>();
  const arrived = new Set<string>();
  await using target = await startServer(({ url }, response) => {
    const isQuick = url === "/quick";
    if (!isQuick) arrived.add(url);
    if (arrived.size === 3) received.resolve();
    // The other answers come long after the stop.
    setTimeout(() => response.end("answer"), isQuick ? 0 : 20_000).unref();
  });
  const stop = new AbortController();
  void received.promise.then(() => stop.abort());
  const body = `http.get("${target.address}/quick"); http.get("${target.address}/slow/" + __VU);`;
  const { report } = await runTask(makeK6Driver(), yaml("concurrency: 3, hold-for: 10m,"), {
    files: { "shop.js": script(body) },
    stop: stop.signal,
  });
  expect(report).toMatchObject({ outcome: "stopped", labels: { "": { failed: 0, aborted: 0 } } });
  expect(report.labels[""]?.count).toBe(3);
  expect(report.notes).toContain(
    "k6 does not tell which requests it broke off when it was stopped: they are neither in the figures nor among the aborted.",
  );
});

test.each([
  ["a syntax error", "export default function () {", /^k6 cannot run the script: .*loadfleet|shop/],
  ["a missing module", `import "./gone.js"; export default () => {};`, /gone\.js/],
])("says why a script with %s does not start", async (_, text, message) => {
  const running = runTask(makeK6Driver(), yaml("concurrency: 1, hold-for: 1s,"), { files: { "shop.js": text } });
  await expect(running).rejects.toThrow(message);
});

test("leaves its log and the lines that tell why when the script does not start", async () => {
  const files = { "shop.js": "export default function () {" };
  const driver = makeK6Driver();
  using folder = openFolder(files);
  const plan = planOf(yaml("concurrency: 1, iterations: 1,"), files, { driver: "k6" });
  const job = { plan, task: 0, folder: folder.path, environment: {} };
  await expect(driver.prepare(job, AbortSignal.timeout(20_000))).rejects.toThrow(/^k6 cannot run the script/);
  const { artifacts, logLines } = (await driver.remains?.(job)) ?? { artifacts: [], logLines: [] };
  expect(artifacts).toContain("k6.log");
  expect(logLines.join()).toMatch(/k6\.log: .*Unexpected end of input/);
});

test("masks secrets, counts exceptions and says when every request failed", async () => {
  const body = `console.log(__ENV.KEY); http.get("http://127.0.0.1:9/" + __ENV.KEY); throw new Error("oops " + __ENV.KEY);`;
  const { report, artifact } = await runTask(
    makeK6Driver(),
    `${yaml("concurrency: 2, iterations: 1,")}
loadfleet: {secrets: {KEY: "env:KEY"}}`,
    { files: { "shop.js": script(body) }, environment: { KEY: "hunter2-secret" } },
  );
  expect(JSON.stringify(report) + artifact("k6.log")).not.toContain("hunter2");
  expect(artifact("k6.log")).toContain("***");
  expect(report.notes).toEqual([
    "The script threw an exception in 2 iterations: Error: oops ***",
    expect.stringMatching(/^Every one of 2 requests failed, most of them with: .*refused/),
  ]);
});
