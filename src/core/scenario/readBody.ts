import type { ClientCertificate, DataSource, ExtraKey, ScenarioBody } from "./model.ts";
import { openShort } from "./readExtractors.ts";
import { readFile } from "./readFile.ts";
import { readSteps } from "./readSteps.ts";
import { readThinkTime } from "./readThinkTime.ts";
import { durationOf, extraKeys, flagOf, itemsOf, numberOf, openSection, take, textOf, textsOf } from "./section.ts";
import type { Reader, Section } from "./section.ts";
import { rangeOfNode } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

/** Reads a scenario: a mapping, or the path of a script. */
export function readBody(reader: Reader, name: string, node: TreeNode): ScenarioBody {
  const section = openShort(node, "script");
  const extra: ExtraKey[] = [];
  const headers = textsOf(take(section, "headers"));
  const cache = take(section, "store-cache");
  const forcesParentSample = flagOf(take(section, "force-parent-sample")) ?? false;
  const steps = readSteps({ ...reader, headers, forcesParentSample, extra }, take(section, "requests"));
  // Criteria are read apart, with the execution's; a description is for people.
  for (const key of ["criteria", "description"]) take(section, key);
  return {
    name,
    script: readFile(reader, take(section, "script"), "script"),
    steps,
    defaultAddress: textOf(take(section, "default-address")),
    headers,
    variables: textsOf(take(section, "variables")),
    dataSources: itemsOf(take(section, "data-sources")).flatMap((item) => readDataSource(reader, item, extra) ?? []),
    thinkTime: readThinkTime(take(section, "think-time")),
    timeoutMs: durationOf(take(section, "timeout")),
    isKeepAlive: flagOf(take(section, "keepalive")) ?? true,
    followsRedirects: flagOf(take(section, "follow-redirects")) ?? true,
    storesCookies: flagOf(take(section, "store-cookie")) ?? true,
    cacheRange: cache !== undefined && flagOf(cache) === true ? rangeOfNode(cache) : undefined,
    retrievesResources: flagOf(take(section, "retrieve-resources")) ?? true,
    resourcesRegex: textOf(take(section, "retrieve-resources-regex")),
    concurrentResources: numberOf(take(section, "concurrent-pool-size")) ?? 4,
    contentEncoding: textOf(take(section, "content-encoding")),
    clientCertificate: readCertificate(reader, section),
    assertions: [],
    extractors: [],
    range: rangeOfNode(node),
    extra: [...extra, ...extraKeys(section, "a scenario")],
  };
}

function readDataSource(reader: Reader, node: TreeNode, extra: ExtraKey[]): DataSource | undefined {
  const section = node.kind === "scalar" ? openShort(node, "path") : openSection(node);
  const path = readFile(reader, take(section, "path"), "data");
  const delimiter = textOf(take(section, "delimiter"));
  const names = textOf(take(section, "variable-names"));
  const source = {
    isQuoted: flagOf(take(section, "quoted")) ?? false,
    loops: flagOf(take(section, "loop")) ?? true,
    isRandomOrder: flagOf(take(section, "random-order")) ?? false,
    encoding: textOf(take(section, "encoding")),
    delimiter: delimiter?.toLowerCase() === "tab" ? "\t" : delimiter?.replaceAll("\\t", "\t"),
    // JMeter splits the names at commas, whatever separates the columns.
    names: names?.split(",").map((name) => name.trim()),
    range: rangeOfNode(node),
  };
  extra.push(...extraKeys(section, "an entry of data-sources", "data-sources."));
  return path === undefined ? undefined : { path, ...source };
}

function readCertificate(reader: Reader, section: Section): ClientCertificate | undefined {
  const certificate = {
    certificate: readFile(reader, take(section, "certificate"), "certificate"),
    key: readFile(reader, take(section, "key"), "certificate"),
    ca: readFile(reader, take(section, "ca"), "certificate"),
    passphrase: textOf(take(section, "passphrase")),
  };
  return certificate.certificate === undefined && certificate.ca === undefined ? undefined : certificate;
}
