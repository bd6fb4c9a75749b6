import { createWriteStream } from "node:fs";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { S3Store } from "../aws/s3Store.ts";
import { mapConcurrent } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import type { RunRecord } from "../core/run/run.ts";
import { stackOutputs } from "../core/stack/names.ts";
import type { Ledger } from "../fleet/ports.ts";
import type { DeployedStack } from "./deployedStack.ts";
import { note, type Work } from "./progress.ts";
import type { DeployTarget } from "./target.ts";

const prefixes = ["results/", "test-scenarios/", "public/test-scenarios/"];
const downloadsAtATime = 8;
const runsPerPage = 500;

/**
 * Downloads the results and scenarios of a stack into a folder, and the list of its runs as runs.json. Files that are
 * there already in full are left, so that it may be repeated. @throws {UserError} `cannot-keep`
 */
export async function* keepResults(
  { s3, clock }: DeployTarget,
  { stack, ledger }: { readonly stack: DeployedStack | undefined; readonly ledger: Ledger | undefined },
  folder: string,
  signal: AbortSignal,
): Work<number> {
  const bucket = stack?.outputs[stackOutputs.scenariosBucket];
  if (bucket === undefined || ledger === undefined) {
    throw new UserError("cannot-keep", "The stack does not tell where its results are, so they cannot be kept.", {
      hint: "Leave --keep-results out if there are none; a stack that was never complete has none.",
      kind: "environment",
    });
  }
  const store = new S3Store({ client: s3, bucket });
  const lists = await Promise.all(prefixes.map((prefix) => store.list(prefix, signal)));
  const files = lists.flat().filter(({ key }) => !key.endsWith("/"));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  yield note(`Downloading ${files.length} files (${(bytes / 2 ** 20).toFixed(1)} MiB) to ${folder}.`);
  const download = async (file: { readonly key: string; readonly bytes: number }): Promise<void> => {
    const path = pathInside(folder, file.key);
    if ((await sizeOf(path)) === file.bytes) return;
    const body = await store.open(file.key, signal);
    if (body === undefined) return;
    await mkdir(dirname(path), { recursive: true });
    const part = `${path}.part`;
    await pipeline(body, createWriteStream(part), { signal });
    await rename(part, path);
  };
  try {
    await mapConcurrent(files, downloadsAtATime, download, signal);
    await mkdir(folder, { recursive: true });
    const runs = await listRuns(ledger, signal);
    const list = { schema: "loadfleet.runs.v1", keptAtMs: clock.now(), runs };
    await writeFile(join(folder, "runs.json"), `${JSON.stringify(list, undefined, 2)}\n`);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new UserError("cannot-keep", `Could not write into ${folder}: ${error.message}`, {
      hint: "Nothing was deleted. Name a folder that can be written: --keep-results FOLDER.",
      kind: "environment",
      cause: error,
    });
  }
  return files.length;
}

async function listRuns(ledger: Ledger, signal: AbortSignal): Promise<readonly RunRecord[]> {
  const runs: RunRecord[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.listRuns({ limit: runsPerPage, ...(after === undefined ? {} : { after }) }, signal);
    runs.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return runs;
}

/** A key may say anything, as "../": what leads out of the folder is put into it under a harmless name. */
function pathInside(folder: string, key: string): string {
  const relative = normalize(key);
  const isOutside = relative.startsWith("..") || relative.startsWith(sep);
  return join(folder, isOutside ? encodeURIComponent(key) : relative);
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    // Not there yet, or not readable: writing will tell.
    return undefined;
  }
}
