import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Type } from "typebox";
import { Value } from "typebox/value";

const Status = Type.Object({
  data: Type.Object({ attributes: Type.Object({ status: Type.Integer(), paused: Type.Boolean() }) }),
});

/** k6's own number for "paused before the run": its users are there. */
const pausedBeforeRun = 4;
const pollMs = 50;

/** Address of a port of this machine that nobody uses. */
export async function freeAddress(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** Waits until a k6 has its users and waits for the start; aborting `signal` ends the wait. */
export async function untilPaused(address: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await readStatus(address, signal);
    if (status !== undefined && status >= pausedBeforeRun) return;
    await sleep(pollMs);
  }
}

async function readStatus(address: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer: unknown = await (await fetch(`http://${address}/v1/status`, { signal })).json();
    return Value.Check(Status, answer) ? answer.data.attributes.status : undefined;
  } catch (error) {
    // k6 does not listen yet, or it has ended.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Lets a paused k6 begin. Rejects when it has ended meanwhile. */
export async function resume(address: string): Promise<void> {
  const body = { data: { type: "status", id: "default", attributes: { paused: false } } };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://${address}/v1/status`, { method: "PATCH", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
}
