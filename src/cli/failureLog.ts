import type { RunId } from "../core/run/ids.ts";
import type { Engine } from "../fleet/engine.ts";
import { failureLogName } from "../fleet/keys.ts";
import type { Context } from "./context.ts";

/** Shows on stderr what the logs of the first task say whose engine did not get ready; nothing when there is no such task. */
export async function tellFailureLog(engine: Engine, runId: RunId, { stderr, aborted }: Context): Promise<void> {
  const kept = await engine.artifacts(runId, aborted);
  const key = kept.find((file) => file.key.endsWith(`/${failureLogName}`))?.key;
  const bytes = key === undefined ? undefined : await engine.artifact(key, aborted);
  if (bytes === undefined) return;
  const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
  stderr.write(`The logs of its engine say:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}
