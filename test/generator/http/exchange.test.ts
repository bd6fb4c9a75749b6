import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { makeCertificate } from "../../servers/certificate.ts";
import { answerJson, startServer } from "../../servers/testServer.ts";
import { runYaml } from "../runs.ts";

function yamlOf(address: string, options = "", request = ""): string {
  return `
execution: [{concurrency: 1, iterations: 1, scenario: s}]
scenarios:
  s:
    default-address: "${address}"
    requests: [{url: /a${request}}]
${options}
`;
}

/** A server that does to each connection what the test says. */
async function startRawServer(
  onData: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly address: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", () => onData(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${String(port)}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("failures keep the words that JMeter's users know", () => {
  test("a refused connection", async () => {
    const { report } = await runYaml(yamlOf("http://127.0.0.1:1"));
    expect(report.labels[""]).toMatchObject({
      count: 1,
      failed: 1,
      codes: { "": 1 },
      errors: [{ message: "Connection refused", code: "", count: 1 }],
    });
  });

  test("refused connections one after the other", async () => {
    const { report } = await runYaml(yamlOf("http://127.0.0.1:1").replace("iterations: 1", "iterations: 50"));
    expect(report.labels[""]).toMatchObject({ count: 50, failed: 50, aborted: 0 });
  });

  test("an unknown host", async () => {
    const { report } = await runYaml(yamlOf("http://nowhere.invalid"));
    expect(report.labels[""]?.errors).toEqual([{ message: "Unknown host", code: "", count: 1 }]);
  });

  test("a target that does not answer in time", async () => {
    await using server = await startRawServer(() => undefined);
    const { report } = await runYaml(yamlOf(server.address, "", ", timeout: 200ms"));
    expect(report.labels[""]?.errors).toEqual([{ message: "Read timed out", code: "", count: 1 }]);
    expect(report.labels[""]?.minMs).toBeGreaterThan(190);
  });

  test("a target that stops in the middle of its answer", async () => {
    await using server = await startRawServer((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"),
    );
    const { report } = await runYaml(yamlOf(server.address, "", ", timeout: 200ms"));
    expect(report.labels[""]?.errors).toEqual([{ message: "Read timed out", code: "200", count: 1 }]);
  });

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ["a reset connection", (socket) => socket.resetAndDestroy(), /^Connection reset$/],
    ["a closed connection", (socket) => socket.end(), /closed the connection without an answer/],
    ["an answer that is not HTTP", (socket) => socket.write("hello\r\n\r\n"), /failed to respond with valid HTTP/],
    [
      "an answer that is cut short",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"),
      /Premature end of Content-Length|closed the connection/,
    ],
  ])("%s", async (_name, onData, message) => {
    await using server = await startRawServer(onData);
    const { report } = await runYaml(yamlOf(server.address));
    expect(report.labels[""]).toMatchObject({ count: 1, failed: 1 });
    expect(report.labels[""]?.errors[0]?.message).toMatch(message);
  });

  test.each<[string, string, string]>([
    [
      "before its announced length",
      "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
      "Premature end of Content-Length delimited message body (expected: 10; received: 3)",
    ],
    [
      "within a chunk",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
      "Premature end of chunk coded message body: closing chunk expected",
    ],
  ])("a target that closes the connection %s", async (_name, answer, message) => {
    await using server = await startRawServer((socket) => socket.end(answer));
    const { report } = await runYaml(yamlOf(server.address));
    expect(report.labels[""]?.errors).toEqual([{ message, code: "200", count: 1 }]);
  });

  test.each(["http://[", "ftp://nowhere/"])("a redirect to %s", async (location) => {
    await using server = await startServer((_, response) => response.writeHead(302, { location }).end());
    const { report } = await runYaml(yamlOf(server.address));
    expect(report.labels[""]?.errors).toEqual([{ message: `Illegal redirect to ${location}`, code: "302", count: 1 }]);
  });

  test("a response code, with the target's own words", async () => {
    await using server = await startServer((_, response) => response.writeHead(503, "Too busy").end());
    const { report } = await runYaml(yamlOf(server.address));
    expect(report.labels[""]?.errors).toEqual([{ message: "Too busy", code: "503", count: 1 }]);
  });

  test("redirects without end", async () => {
    await using server = await startServer((_, response) => response.writeHead(302, { location: "/a" }).end());
    const { report } = await runYaml(yamlOf(server.address));
    expect(server.requests).toHaveLength(21);
    expect(report.labels[""]?.errors[0]?.message).toBe("Exceeded maximum number of redirects: 20");
  });

  test("an address that a variable spoils", async () => {
    const { report } = await runYaml(yamlOf("http://${host}:x/"));
    expect(report.labels[""]?.errors[0]?.message).toMatch(/^Illegal address/);
  });
});

describe("connections", () => {
  test("the time of connecting counts in, once for each connection", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const { report } = await runYaml(yamlOf(server.address).replace("iterations: 1", "iterations: 3"));
    const all = report.labels[""];
    expect(server.connections()).toBe(1);
    expect(all?.connectSumMs).toBeGreaterThan(0);
    expect(all?.latencySumMs).toBeGreaterThan(all?.connectSumMs ?? Infinity);
    expect(all?.sumMs).toBeGreaterThanOrEqual(all?.latencySumMs ?? Infinity);
  });

  test("without keep-alive every request has one of its own", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    await runYaml(yamlOf(server.address, "", ", keepalive: false").replace("iterations: 1", "iterations: 3"));
    expect(server.connections()).toBe(3);
    expect(server.requests.map(({ headers }) => headers.connection)).toEqual(["close", "close", "close"]);
  });

  test("a trace id goes along when the environment asks for it", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    await runYaml(yamlOf(server.address), { choice: { environment: { LOADFLEET_TRACEPARENT: "1" } } });
    expect(server.requests[0]?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  test("bytes are those of the wire", async () => {
    await using server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello");
    });
    const { report } = await runYaml(yamlOf(server.address));
    expect(report.labels[""]?.bytesIn).toBe("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello".length);
    const sent = `GET /a HTTP/1.1\r\nhost: ${server.address.slice(7)}\r\nconnection: keep-alive\r\nuser-agent: Loadfleet\r\n\r\n`;
    expect(report.labels[""]?.bytesOut).toBe(sent.length);
  });
});

describe("TLS", () => {
  test("a certificate of the client and an authority of one's own are used", async () => {
    const { key, cert } = makeCertificate();
    const options = { key, cert, ca: [cert], requestCert: true, rejectUnauthorized: true };
    await using server = await startServer((_, response) => answerJson(response, {}), options);
    const files = { "cert.pem": cert, "key.pem": key, "other.pem": makeCertificate().cert };
    const yaml = (lines: string): string => `
execution: [{concurrency: 1, iterations: 1, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a], ${lines}}
`;
    const good = await runYaml(yaml("certificate: cert.pem, key: key.pem, ca: cert.pem"), { files });
    expect(good.report.labels[""]).toMatchObject({ count: 1, failed: 0 });
    const untrusted = await runYaml(yaml("certificate: cert.pem, key: key.pem, ca: other.pem"), { files });
    expect(untrusted.report.labels[""]?.errors[0]?.message).toMatch(/^TLS handshake failed/);
    const unknown = await runYaml(yaml("ca: cert.pem"), { files });
    expect(unknown.report.labels[""]).toMatchObject({ count: 1, failed: 1 });
  });
});
