import { errorMessage } from "../core/errors.ts";
import { inboxNames, inboxPrefix } from "../fleet/keys.ts";
import type { AgentJob, AgentParts } from "./agent.ts";
import type { Measured } from "./load.ts";

const mostNotes = 20;

/** Uploads a task's artifacts, series and report; the report comes last, so that a report means that all is there. */
export async function upload(job: AgentJob, measured: Measured, parts: AgentParts, signal: AbortSignal): Promise<void> {
  const { store, gzip, folder } = parts;
  const prefix = inboxPrefix(job.identity);
  const notes = [...measured.report.notes];
  for (const path of measured.artifacts) {
    try {
      await uploadFile(job, folder.nameOf(path), await folder.read(path), store, signal);
    } catch (error) {
      // The figures matter more than a log file.
      notes.push(`Could not keep ${path}: ${errorMessage(error).message}`);
    }
  }
  await store.put(prefix + inboxNames.series, await gzip.pack(measured.series), signal);
  const report = JSON.stringify({ ...measured.report, notes: notes.slice(0, mostNotes) });
  await store.put(prefix + inboxNames.report, await gzip.pack(new TextEncoder().encode(report)), signal);
}

/** Uploads one artifact of a task. @param name path inside the work folder, with `/` */
export async function uploadFile(
  { identity }: AgentJob,
  name: string,
  bytes: Uint8Array,
  store: AgentParts["store"],
  signal = new AbortController().signal,
): Promise<void> {
  await store.put(`${inboxPrefix(identity)}${inboxNames.artifacts}${name}`, bytes, signal);
}
