import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DebugAssertion, DebugBody, DebugHeader, DebugHop } from "../../../core/run/debug.ts";
import { UserError } from "../../../core/errors.ts";
import { parseXml, type XmlElement } from "../../../core/scenario/jmx/xml.ts";
import { makeSource } from "../../../core/scenario/tree.ts";
import type { Traffic } from "../../driver.ts";
import { keepBody, readHeaders, readStatus } from "../../traffic.ts";
import { artifactsName } from "./artifacts.ts";

/**
 * Reads what the JMeters of a work folder kept, each in a trace.jtl of its own, in the order in which the samples began.
 * @throws {UserError} `trace-broken` when it cannot be read
 */
export async function readTraces(folder: string): Promise<readonly Traffic[]> {
  const names = (await readdir(join(folder, artifactsName))).filter((name) => /^trace(-\d+)?\.jtl$/.test(name));
  const samples = await Promise.all(names.map((name) => readTrace(join(folder, artifactsName, name))));
  return samples
    .flat()
    .toSorted((a, b) => numberOf(a, "ts") - numberOf(b, "ts"))
    .map(toTraffic);
}

async function readTrace(path: string): Promise<readonly XmlElement[]> {
  // XStream writes control characters as references that no XML may have.
  const text = (await readFile(path, "utf8")).replace(/&#x?[0-9a-f]+;/gi, (reference) =>
    isForbidden(reference) ? "\uFFFD" : reference,
  );
  const root = parseXml(makeSource(path, text));
  if ("code" in root) throw new UserError("trace-broken", `What JMeter kept cannot be read: ${root.message}`);
  return root.children.filter(isSample).flatMap(flatten);
}

function isForbidden(reference: string): boolean {
  const [, hex, digits = ""] = /^&#(x?)([0-9a-f]+);$/i.exec(reference) ?? [];
  const code = Number.parseInt(digits, hex === "" ? 10 : 16);
  return code < 32 && code !== 9 && code !== 10 && code !== 13;
}

function isSample({ tag }: XmlElement): boolean {
  return tag === "sample" || tag === "httpSample";
}

/** A transaction is shown as its requests, which are inside it or beside it. */
function flatten(sample: XmlElement): readonly XmlElement[] {
  const inner = sample.children.filter(isSample);
  if (sample.attributes["rm"]?.startsWith("Number of samples in transaction")) return inner.flatMap(flatten);
  return sample.tag === "sample" && inner.length > 0 ? inner.flatMap(flatten) : [sample];
}

function toTraffic(sample: XmlElement): Traffic {
  const inner = sample.children.filter(isSample);
  const assertions = sample.children.filter(({ tag }) => tag === "assertionResult").map(toAssertion);
  const { lb: label = "", s: isPassed, rc = "", rm = "" } = sample.attributes;
  const failed = assertions.find((assertion) => !assertion.isPassed);
  return {
    label,
    failure: isPassed === "true" ? null : (failed?.actual ?? (`${rc} ${rm}`.trim() || "no detail")),
    elapsedMs: numberOf(sample, "t"),
    // With redirects, or resources of a page, each request is a sample inside.
    hops: (inner.length > 0 ? inner : sample.tag === "httpSample" ? [sample] : []).map(toHop),
    assertions,
  };
}

function toAssertion(result: XmlElement): DebugAssertion {
  const isPassed = textOf(result, "failure") !== "true" && textOf(result, "error") !== "true";
  const name = textOf(result, "name");
  return {
    name,
    isPassed,
    expected: isPassed ? null : name,
    actual: isPassed ? null : textOf(result, "failureMessage"),
  };
}

function toHop(sample: XmlElement): DebugHop {
  const { rm = "", rc = "" } = sample.attributes;
  const [first = "", ...lines] = textOf(sample, "responseHeader").split("\n");
  const { status } = readStatus(first);
  const connectMs = numberOf(sample, "ct");
  const cookies = textOf(sample, "cookies");
  const responseHeaders = readHeaders(lines);
  return {
    method: textOf(sample, "method") || "GET",
    url: textOf(sample, "java.net.URL"),
    requestHeaders: [
      ...readHeaders(textOf(sample, "requestHeader").split("\n")),
      ...(cookies === "" ? [] : [["Cookie", cookies] as const]),
    ],
    requestBody: keepBody(textOf(sample, "queryString")),
    status,
    statusText: status === null ? "" : rm,
    responseHeaders,
    responseBody: status === null ? null : bodyOf(sample, responseHeaders),
    timing: {
      connectMs: connectMs > 0 ? connectMs : null,
      tlsMs: null,
      firstByteMs: numberOf(sample, "lt") || null,
      totalMs: numberOf(sample, "t"),
    },
    failure: status === null ? `${rc} ${rm}`.trim() || "no detail" : null,
  };
}

/** Of a content that is not text JMeter keeps a sentence, or what its text encoding made of it. */
function bodyOf(sample: XmlElement, headers: readonly DebugHeader[]): DebugBody | null {
  const text = textOf(sample, "responseData");
  const isText = text !== "" && !text.includes("\uFFFD") && !text.startsWith("Non-TEXT response data, cannot record");
  if (isText) return keepBody(text);
  const length = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  const measured = numberOf(sample, "by") - Buffer.byteLength(textOf(sample, "responseHeader"));
  return keepBody("", length === undefined ? Math.max(0, measured) : Number(length));
}

function textOf({ children }: XmlElement, tag: string): string {
  return children.find((child) => child.tag === tag)?.text ?? "";
}

function numberOf({ attributes }: XmlElement, name: string): number {
  return Number(attributes[name] ?? 0) || 0;
}
