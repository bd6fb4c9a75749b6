import { describe, expect, test } from "vitest";
import { answerJson, startServer } from "../../servers/testServer.ts";
import { runYaml } from "../runs.ts";

async function run(
  requests: string,
  load = "concurrency: 1, iterations: 1",
): Promise<Awaited<ReturnType<typeof runYaml>> & { readonly urls: readonly string[] }> {
  await using server = await startServer(({ url }, response) => {
    if (url.startsWith("/bad")) response.writeHead(500).end();
    else setTimeout(() => answerJson(response, {}), 20);
  });
  const outcome = await runYaml(`
execution: [{${load}, scenario: s}]
scenarios:
  s:
    default-address: ${server.address}
    requests:
${requests}
`);
  return { ...outcome, urls: server.requests.map(({ url }) => url) };
}

describe("what users do", () => {
  test("a transaction is a sample beside its requests, without their pauses, and fails with them", async () => {
    const { report } = await run(`
    - transaction: buy
      do:
      - {url: /a, think-time: 200ms}
      - /bad
      - {action: pause, pause-duration: 100ms}
    - transaction: whole
      include-timers: true
      do: [{url: /b, think-time: 200ms}]`);
    expect(report.labels[""]).toMatchObject({ count: 3, failed: 1 });
    expect(report.labels.buy).toMatchObject({
      count: 1,
      failed: 1,
      codes: { 500: 1 },
      errors: [{ message: "Internal Server Error", code: "500", count: 1 }],
    });
    expect(report.labels.buy?.sumMs).toBeGreaterThan(19);
    const requests = (report.labels["/a"]?.sumMs ?? 0) + (report.labels["/bad"]?.sumMs ?? 0);
    expect(Math.abs((report.labels.buy?.sumMs ?? 0) - requests)).toBeLessThan(100);
    expect(report.labels.whole?.sumMs).toBeGreaterThan(215);
  });

  test("force-parent-sample leaves only the transaction, which then counts among all requests", async () => {
    const { report } = await run(`
    - transaction: buy
      force-parent-sample: true
      do: [/a, /b]`);
    expect(Object.keys(report.labels).toSorted()).toEqual(["", "buy"]);
    expect(report.labels[""]?.count).toBe(1);
  });

  test("one user may stop all of them", async () => {
    const { report } = await run(
      `
    - /a
    - if: \${__threadNum} == 1
      then: [{action: stop, target: all-threads}]`,
      "concurrency: 5, hold-for: 1m",
    );
    expect(report.outcome).toBe("finished");
    expect(report.labels[""]?.aborted).toBe(0);
  });

  test("a user that stops leaves the others alone", async () => {
    const { report } = await run("    - /a\n    - {action: stop}\n    - /never", "concurrency: 2, hold-for: 1m");
    expect(report.labels[""]?.count).toBe(2);
    expect(report.labels["/never"]).toBeUndefined();
  });

  test("a loop without requests does not keep others from working, nor a stop", async () => {
    const stop = AbortSignal.timeout(300);
    const { report } = await runYaml(
      `
execution: [{concurrency: 1, hold-for: 1m, scenario: s}]
scenarios:
  s: {requests: [{while: "true", do: [{set-variables: {a: "1"}}]}]}
`,
      { stop },
    );
    expect(report.outcome).toBe("stopped");
  });

  test("a loop may go on while requests pass", async () => {
    const { urls } = await run(`
    - set-variables: {n: "0"}
    - while: \${JMeterThread.last_sample_ok}
      do:
      - set-variables: {n: "\${__intSum(\${n},1)}"}
      - if: \${n} < 3
        then: [/good]
        else: [/bad]`);
    expect(urls).toEqual(["/good", "/good", "/bad"]);
  });

  test("a loop may go on for ever, until the hold-for ends", async () => {
    const { report, urls } = await run(
      "    - {loop: forever, do: [/a]}\n    - /never",
      "concurrency: 1, hold-for: 400ms",
    );
    expect(report.labels["/a"]?.count).toBeGreaterThan(3);
    expect(urls).not.toContain("/never");
  });

  test("pages that lack a resource fail", async () => {
    await using server = await startServer(({ url }, response) => {
      if (url === "/")
        response.writeHead(200, { "content-type": "text/html" }).end('<img src="/bad.png"><script src="/a.js">');
      else response.writeHead(url === "/bad.png" ? 404 : 200).end("x");
    });
    const { report } = await runYaml(`
execution: [{concurrency: 1, iterations: 1, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/]}
`);
    expect(report.labels[""]).toMatchObject({ count: 1, failed: 1 });
    expect(report.labels[""]?.errors[0]?.message).toBe("Embedded resource download error: HTTP status 404");
    expect(server.requests.map(({ url }) => url).toSorted()).toEqual(["/", "/a.js", "/bad.png"]);
  });
});
