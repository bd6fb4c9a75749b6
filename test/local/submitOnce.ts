import { FolderLedger } from "../../src/local/folderLedger.ts";
import { makeRun, runIdOf } from "../fleet/records.ts";

/** Submits one run to the ledger in a folder and prints what came of it: `submitOnce.ts ROOT NUMBER`. */
const [root = "", number = "0"] = process.argv.slice(2);
process.stdout.write(await new FolderLedger(root, () => undefined).submit(makeRun({ runId: runIdOf(Number(number)) })));
