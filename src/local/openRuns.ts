import { join } from "node:path";
import { dataFolder } from "./dataFolder.ts";
import { namesIn } from "./files.ts";

/** Tells at the cost of one look into a folder whether a run on this machine may still be going on. */
export async function hasOpenRuns(root: string = dataFolder()): Promise<boolean> {
  return (await namesIn(join(root, "ledger", "open"))).length > 0;
}
