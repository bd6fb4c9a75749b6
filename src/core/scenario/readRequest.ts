import type { JsonValue } from "../json.ts";
import type { Body, ExtraKey, RequestStep, Template } from "./model.ts";
import { readAssertions } from "./readAssertions.ts";
import { readExtractors } from "./readExtractors.ts";
import { readFile } from "./readFile.ts";
import { readThinkTime } from "./readThinkTime.ts";
import { durationOf, extraKeys, flagOf, itemsOf, mapOf, openSection, take, textOf, textsOf } from "./section.ts";
import type { Reader, Section } from "./section.ts";
import { rangeOfNode, toJson } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

/** Reads a request, in its long form or as a bare URL; undefined when it has no URL. */
export function readRequest(
  reader: Reader,
  node: TreeNode,
  scenarioHeaders: Readonly<Record<string, Template>>,
): RequestStep | undefined {
  const section = openSection(node);
  const place = node.kind === "scalar" ? node : take(section, "url");
  const url = textOf(place);
  if (place === undefined || url === undefined) return undefined;
  const extra: ExtraKey[] = [];
  const written = textOf(take(section, "method")) ?? "GET";
  const method = written.includes("${") ? written : written.toUpperCase();
  const headers = textsOf(take(section, "headers"));
  const isJson = isJsonType({ ...lowerKeys(scenarioHeaders), ...lowerKeys(headers) });
  const step: RequestStep = {
    kind: "request",
    label: textOf(take(section, "label")) ?? url,
    method,
    url,
    headers,
    body: readBody(reader, section, method, isJson),
    thinkTime: readThinkTime(take(section, "think-time")),
    timeoutMs: durationOf(take(section, "timeout")),
    isKeepAlive: flagOf(take(section, "keepalive")),
    followsRedirects: flagOf(take(section, "follow-redirects")),
    contentEncoding: textOf(take(section, "content-encoding")),
    assertions: readAssertions(section, extra),
    extractors: readExtractors(section, extra),
    range: rangeOfNode(node),
    extra: [...extra, ...extraKeys(section, "a request")],
  };
  reader.nodes.set(step, place);
  return step;
}

function lowerKeys(headers: Readonly<Record<string, Template>>): Record<string, Template> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isJsonType(headers: Readonly<Record<string, Template>>): boolean {
  return headers["content-type"]?.toLowerCase().startsWith("application/json") ?? false;
}

function readBody(reader: Reader, section: Section, method: string, isJson: boolean): Body | undefined {
  const body = take(section, "body");
  const file = take(section, "body-file");
  const uploads = itemsOf(take(section, "upload-files"));
  if (body !== undefined && file !== undefined) {
    reader.report("body-and-file", file, '"body-file" does nothing beside "body": remove one of them.');
  }
  if (uploads.length > 0) return readUploads(reader, uploads, method, body);
  if (body !== undefined) return bodyOf(body, isJson);
  const path = readFile(reader, file, "body");
  return path === undefined ? undefined : { kind: "file", path };
}

/** Taurus' rule: text as it is; a flat mapping is a form unless the content type is JSON; whatever is nested is JSON. */
function bodyOf(node: TreeNode, isJson: boolean): Body {
  if (node.kind === "scalar") return { kind: "text", text: node.text };
  const isFlat = node.kind === "map" && [...node.entries.values()].every(({ value }) => value.kind === "scalar");
  const value: JsonValue = toJson(node);
  return isFlat && !isJson ? { kind: "form", fields: textsOf(node) } : { kind: "json", value };
}

function readUploads(
  reader: Reader,
  items: readonly TreeNode[],
  method: string,
  body: TreeNode | undefined,
): Body | undefined {
  const uploads = items.flatMap((item) => {
    const section = openSection(item);
    const path = readFile(reader, take(section, "path"), "upload");
    const param = textOf(take(section, "param")) ?? "";
    if (path !== undefined && param === "" && method === "POST") {
      reader.report(
        "no-upload-name",
        item,
        'A file that is sent with POST needs the name of its form field: add "param".',
      );
    }
    return path === undefined ? [] : [{ param, path, mimeType: textOf(take(section, "mime-type")) }];
  });
  const [first] = uploads;
  if (first === undefined) return undefined;
  // Taurus sends the file of a PUT as the body itself.
  return method === "PUT"
    ? { kind: "file", path: first.path }
    : { kind: "multipart", fields: textsOf(mapOf(body)), uploads };
}
