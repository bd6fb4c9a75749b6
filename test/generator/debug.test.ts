import { describe, expect, test } from "vitest";
import { formatDebugText } from "../../src/core/run/formatDebug.ts";
import type { DebugTrace } from "../../src/core/run/debug.ts";
import { debugOnce } from "../../src/generator/debug.ts";
import { type Answer, startServer } from "../servers/testServer.ts";
import { openFolder, planOf } from "./runs.ts";

const secret = "s3cr3t/value";

const answer: Answer = ({ url }, response) => {
  switch (url) {
    case "/login":
      response.writeHead(302, { location: "/home", "set-cookie": `session=${secret}` }).end();
      return;
    case "/image":
      response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0x89, 0x50, 0, 1, 0xff]));
      return;
    case "/long":
      response.writeHead(200).end("x".repeat(300 * 1024));
      return;
    case "/latin1":
      response.writeHead(200, { "content-type": "text/plain; charset=ISO-8859-1" }).end(Buffer.from([0x63, 0xe9]));
      return;
    case "/escape":
      response.writeHead(200).end("a\u001b[2Jb\u009bc\r\nd\te");
      return;
    default:
      response.writeHead(200, { "content-type": "text/plain" }).end(`home of ann, ${secret}`);
  }
};

async function debug(requests: string, environment: Readonly<Record<string, string>> = {}): Promise<DebugTrace> {
  await using server = await startServer(answer);
  using folder = openFolder({});
  const all = { API_TOKEN: secret, ...environment };
  const yaml = `
execution: [{concurrency: 50, ramp-up: 10s, hold-for: 1m, scenario: s}]
scenarios:
  s:
    default-address: ${server.address}
    think-time: 1m
    requests:
${requests}
`;
  return await debugOnce(planOf(yaml, {}, { environment: all }), folder.path, all, new AbortController().signal);
}

describe("Debug Once", () => {
  test("keeps a redirect as hops of one request, with variables and assertions", async () => {
    const { samples } = await debug(`
    - url: /login
      method: POST
      body: {user: ann}
      extract-regexp: {who: 'home of (\\w+)'}
      assert: [home, nowhere]`);
    const [sample] = samples;
    expect(samples).toHaveLength(1);
    expect(sample?.hops.map(({ method, status }) => [method, status])).toEqual([
      ["POST", 302],
      ["GET", 200],
    ]);
    expect(sample?.hops[0]?.requestBody).toMatchObject({ kind: "text", text: "user=ann" });
    expect(sample?.variables).toContainEqual({ name: "who", value: "ann" });
    expect(sample?.failure).toBe("Test failed: text expected to contain /nowhere/");
    expect(sample?.assertions).toEqual([
      { name: "text contains home", isPassed: true, expected: null, actual: null },
      { name: "text contains nowhere", isPassed: false, expected: "to contain /nowhere/", actual: "home of ann, •••" },
    ]);
    expect(sample?.line).toBe(9);
  });

  test("masks secrets in addresses, headers, contents and variables", async () => {
    const trace = await debug(`
    - url: /home?t=\${__P(API_TOKEN)}
      headers: {Authorization: Basic abc, X-Token: "t \${__P(API_TOKEN)}", Plain: yes}
      extract-regexp: {all: '(home.*)'}
    - /login`);
    expect(JSON.stringify(trace)).not.toContain("s3cr3t");
    const [home, login] = trace.samples;
    expect(home?.hops[0]?.requestHeaders).toContainEqual(["Authorization", "•••"]);
    expect(home?.hops[0]?.requestHeaders).toContainEqual(["X-Token", "t •••"]);
    expect(home?.hops[0]?.requestHeaders).toContainEqual(["Plain", "yes"]);
    expect(login?.hops[0]?.responseHeaders).toContainEqual(["set-cookie", "•••"]);
  });

  test("shows secrets when it is asked to", async () => {
    const trace = await debug("    - /home", { LOADFLEET_SHOW_SECRETS: "1" });
    expect(trace.samples[0]?.hops[0]?.responseBody?.text).toContain(secret);
  });

  test("says of a binary content only its size, and cuts a long one", async () => {
    const { samples } = await debug("    - /image\n    - /long");
    expect(samples[0]?.hops[0]?.responseBody).toEqual({ kind: "binary", text: "", bytes: 5, isCut: false });
    const long = samples[1]?.hops[0]?.responseBody;
    expect(long).toMatchObject({ kind: "text", bytes: 300 * 1024, isCut: true });
    expect(long?.text).toHaveLength(256 * 1024);
  });

  test("measures the phases of each request", async () => {
    const { samples } = await debug("    - /home\n    - /home");
    const [first, second] = samples.map(({ hops }) => hops[0]?.timing);
    expect(first?.connectMs).toBeGreaterThan(0);
    expect(first?.firstByteMs).toBeGreaterThan(first?.connectMs ?? Infinity);
    expect(first?.totalMs).toBeGreaterThanOrEqual(first?.firstByteMs ?? Infinity);
    expect(second?.connectMs).toBeNull();
  });

  test("ends a scenario that would not end", async () => {
    const { samples, notes } = await debug("    - {while: 'true', do: [/home]}");
    expect(samples).toHaveLength(1000);
    expect(notes).toEqual(['The scenario "s" was ended after 1000 requests.']);
  });

  test("reads well in a terminal", async () => {
    const text = formatDebugText(await debug("    - {url: /login, label: log in, assert: [nowhere]}"));
    expect(text).toContain("test: 1 user, 1 iteration, 1 request, 1 failed.");
    expect(text).toMatch(/1\. log in {2}[\d.]+ ms {2}FAILED: Test failed: text expected to contain \/nowhere\//);
    expect(text).toContain("response  302 Found");
    expect(text).toContain("checks    FAILED  text contains nowhere");
  });

  test("reads a text in the character set that it comes in", async () => {
    const { samples } = await debug("    - /latin1");
    expect(samples[0]?.hops[0]?.responseBody).toMatchObject({ kind: "text", text: "cé" });
  });

  test("writes control characters of a target so that a terminal does not obey them", async () => {
    const text = formatDebugText(await debug("    - /escape"));
    expect(text).toContain("a\\x1b[2Jb\\x9bc\n");
    expect(text).toContain("d\te\n");
    for (const control of ["\u001b", "\u009b", "\r"]) expect(text).not.toContain(control);
  });

  test("says how large a content is of which it kept the beginning", async () => {
    expect(formatDebugText(await debug("    - /long"))).toContain("[the first 256 KiB of 307200 bytes]");
  });

  test("masks a secret in a form, where a blank is a plus", async () => {
    const { samples } = await debug('    - {url: /, method: POST, body: {key: "${__P(API_TOKEN)}"}}', {
      API_TOKEN: "two words!",
    });
    expect(samples[0]?.hops[0]?.requestBody?.text).toBe("key=•••");
  });
});
