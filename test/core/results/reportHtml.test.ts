import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { renderReport } from "../../../src/core/results/reportHtml.ts";
import { emptyResult, failedResult } from "../../webview/sampleResult.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
const parts = { script: "window.shown = 1;", style: "body { color: red }", sha256, gzip: gzipSync };

test("holds the whole result, but no folder of the machine", () => {
  const html = renderReport(failedResult(), parts);
  const packed = /<script type="application\/gzip" id="result">([^<]*)<\/script>/.exec(html)?.[1] ?? "";
  const shared = JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString());
  const whole = failedResult();
  expect(shared).toEqual({ ...whole, origin: { ...whole.origin, scenarioPath: "checkout.loadtest.yml" } });
});

test("admits its own script and style and nothing else", () => {
  const html = renderReport(failedResult(), parts);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  expect(policy?.split("; ")).toEqual([
    "default-src 'none'",
    `script-src 'sha256-${sha256(parts.script)}'`,
    `style-src 'sha256-${sha256(parts.style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test("writes names as text, whatever they hold", () => {
  const name = `</title><script>alert("1")</script>`;
  const html = renderReport({ ...emptyResult(), name }, parts);
  expect(html).not.toContain("<script>alert");
  expect(html).toContain("&#60;script&#62;alert(&#34;1&#34;)");
});

test.each([
  ["script", { script: "x = '</script>'" }],
  ["script", { script: "a = '<!--'; b = '<script'" }],
  ["style", { style: "a::after { content: '</style>' }" }],
])("refuses a %s that would end or hide its own element", (name, change) => {
  expect(() => renderReport(emptyResult(), { ...parts, ...change })).toThrow(`The report's ${name} holds a tag`);
});
