import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The bytes of a bucket on this machine, spoken to as S3; as much of it as a store uses. */
export interface LoopbackS3 extends AsyncDisposable {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Calls so far, by kind. */
  readonly calls: Map<string, number>;
}

/** Starts the server; keys are those of the only bucket. */
export async function startLoopbackS3(): Promise<LoopbackS3> {
  const objects = new Map<string, Buffer>();
  const calls = new Map<string, number>();
  const server = createServer((request, response) => void answer(request, response, objects, calls));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  objects: Map<string, Buffer>,
  calls: Map<string, number>,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://bucket");
  const key = decodeURIComponent(url.pathname.split("/").slice(2).join("/"));
  const kind = request.method === "GET" && key === "" ? "LIST" : (request.method ?? "");
  calls.set(kind, (calls.get(kind) ?? 0) + 1);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (kind === "LIST") return void response.end(list(url.searchParams.get("prefix") ?? "", objects));
  if (kind === "PUT") objects.set(key, Buffer.concat(chunks));
  if (kind === "DELETE") objects.delete(key);
  const found = kind === "GET" ? objects.get(key) : Buffer.alloc(0);
  response.statusCode = found === undefined ? 404 : 200;
  response.end(found ?? "<Error><Code>NoSuchKey</Code><Message>There is no such key.</Message></Error>");
}

function list(prefix: string, objects: ReadonlyMap<string, Buffer>): string {
  const found = [...objects].filter(([key]) => key.startsWith(prefix)).slice(0, 1000);
  const contents = found.map(([key, { length }]) => `<Contents><Key>${key}</Key><Size>${length}</Size></Contents>`);
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join("")}</ListBucketResult>`;
}
