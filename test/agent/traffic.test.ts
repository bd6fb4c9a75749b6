import { expect, test } from "vitest";
import { keepBody, readMessage, readStatus } from "../../src/agent/traffic.ts";

test("takes an HTTP message apart", () => {
  expect(readMessage("HTTP/1.1 200 OK\r\nA: b\r\nSet-Cookie: c=d: e\r\n\r\nline 1\n\nline 2")).toEqual({
    first: "HTTP/1.1 200 OK",
    headers: [
      ["A", "b"],
      ["Set-Cookie", "c=d: e"],
    ],
    body: "line 1\n\nline 2",
  });
  expect(readMessage("GET / HTTP/1.1\nHost: a")).toEqual({
    first: "GET / HTTP/1.1",
    headers: [["Host", "a"]],
    body: "",
  });
});

test.for([
  ["5\nhello\n4\n wö\n0\n\n", "hello wö"],
  ["6\r\nhello!\r\n5\r\n wör\r\n0\r\n\r\n", "hello! wör"],
  ["no chunk", "no chunk"],
  ["5\nhel", "5\nhel"],
])("puts the chunks of %j together", ([body, whole]) => {
  const text = readMessage(`HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n${body}`).body;
  expect(text).toBe(whole);
});

test("knows status lines from others", () => {
  expect(readStatus("HTTP/2.0 404 Not Found")).toEqual({ status: 404, statusText: "Not Found" });
  expect(readStatus("GET / HTTP/1.1")).toEqual({ status: null, statusText: "" });
});

test("keeps text up to 256 KiB, and of what is not text its size", () => {
  expect(keepBody("")).toBeNull();
  expect(keepBody("ö")).toEqual({ kind: "text", text: "ö", bytes: 2, isCut: false });
  expect(keepBody("a".repeat(300_000))).toMatchObject({ bytes: 300_000, isCut: true });
  expect(keepBody("\uFFFD\uFFFD", 900)).toEqual({ kind: "binary", text: "", bytes: 900, isCut: false });
  expect(keepBody("", 12)).toMatchObject({ kind: "binary", bytes: 12 });
});
