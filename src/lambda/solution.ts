import { Type } from "typebox";
import { Value } from "typebox/value";
import { unzipSync } from "fflate";
import { UserError } from "../core/errors.ts";
import { mapConcurrent } from "../core/async.ts";
import { containerKey, type SolutionProperties } from "../core/stack/names.ts";
import type { Buckets } from "./buckets.ts";

const Properties = Type.Object({
  AssetBucket: Type.String({ minLength: 1 }),
  ContainerAsset: Type.String({ minLength: 1 }),
  ConsoleAsset: Type.String({ minLength: 1 }),
  ScenariosBucket: Type.String({ minLength: 1 }),
  ConsoleBucket: Type.String({ minLength: 1 }),
  PipelineBucket: Type.Optional(Type.String()),
  ConsoleConfiguration: Type.Optional(Type.String()),
  Version: Type.Optional(Type.String()),
});

const Request = Type.Object({
  RequestType: Type.Union([Type.Literal("Create"), Type.Literal("Update"), Type.Literal("Delete")]),
  RequestId: Type.String(),
  StackId: Type.String(),
  LogicalResourceId: Type.String(),
  ResponseURL: Type.String(),
  PhysicalResourceId: Type.Optional(Type.String()),
  ResourceProperties: Type.Unknown(),
});

/** What CloudFormation asks of the custom resource. */
export interface SolutionRequest {
  readonly RequestType: "Create" | "Update" | "Delete";
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ResponseURL: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: unknown;
}

/** Reads a request of CloudFormation. @throws {UserError} `bad-message` */
export function decodeRequest(event: unknown): SolutionRequest {
  if (Value.Check(Request, event)) return event;
  throw new UserError("bad-message", "This is no request of CloudFormation to a custom resource.");
}

/** Names where the container zip comes from that the solution put there itself, so that one of the user's own is told apart. */
const ownMark = "loadfleet-sha256";
const filesAtATime = 8;

/** Does what a request asks for. @throws {UserError} `bad-properties` */
export async function applyRequest(
  request: Pick<SolutionRequest, "RequestType" | "ResourceProperties">,
  buckets: Buckets,
  signal: AbortSignal,
): Promise<void> {
  const properties = request.ResourceProperties;
  if (!Value.Check(Properties, properties)) {
    // CloudFormation also deletes what it could not create.
    if (request.RequestType === "Delete") return;
    throw new UserError("bad-properties", "The template does not give the custom resource what it needs.");
  }
  switch (request.RequestType) {
    case "Create":
      await copyContainer(properties, buckets, signal);
      return copyConsole(properties, buckets, signal);
    case "Update":
      if (await isContainerOurs(properties, buckets, signal)) await copyContainer(properties, buckets, signal);
      return copyConsole(properties, buckets, signal);
    case "Delete":
      for (const bucket of [properties.ScenariosBucket, properties.ConsoleBucket, properties.PipelineBucket])
        if (bucket) await buckets.empty(bucket, signal);
  }
}

/** Puts the container zip where the pipeline of the image finds it. */
async function copyContainer(
  { AssetBucket, ContainerAsset, ScenariosBucket }: SolutionProperties,
  buckets: Buckets,
  signal: AbortSignal,
): Promise<void> {
  const from = { bucket: AssetBucket, key: ContainerAsset };
  await buckets.copy(
    from,
    { bucket: ScenariosBucket, key: containerKey },
    { [ownMark]: hashOf(ContainerAsset) },
    signal,
  );
}

/** Tells whether the container zip is an older one of the solution's, not one that somebody uploaded. */
async function isContainerOurs(
  { ContainerAsset, ScenariosBucket }: SolutionProperties,
  buckets: Buckets,
  signal: AbortSignal,
): Promise<boolean> {
  const metadata = await buckets.metadata({ bucket: ScenariosBucket, key: containerKey }, signal);
  if (metadata === undefined) return true;
  const sha256 = metadata[ownMark];
  return sha256 !== undefined && sha256 !== hashOf(ContainerAsset);
}

function hashOf(asset: string): string {
  return (asset.split("/").at(-1) ?? asset).replace(/\.zip$/, "");
}

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
};

/** Puts the console's files and configuration into its bucket, and removes what an earlier version left there. */
async function copyConsole(properties: SolutionProperties, buckets: Buckets, signal: AbortSignal): Promise<void> {
  const { AssetBucket, ConsoleAsset, ConsoleBucket: bucket, ConsoleConfiguration } = properties;
  const zip = await buckets.get({ bucket: AssetBucket, key: ConsoleAsset }, signal);
  const files = new Map(Object.entries(unzipSync(zip)).filter(([key]) => !key.endsWith("/")));
  if (ConsoleConfiguration !== undefined) files.set("config.json", new TextEncoder().encode(ConsoleConfiguration));
  const put = async ([key, bytes]: readonly [string, Uint8Array]): Promise<void> => {
    const type = contentTypes[key.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    await buckets.put({ bucket, key }, bytes, type, signal);
  };
  await mapConcurrent([...files], filesAtATime, put, signal);
  for (const key of await buckets.list(bucket, signal))
    if (!files.has(key)) await buckets.delete({ bucket, key }, signal);
}
