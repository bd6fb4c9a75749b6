import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { startLoopbackS3 } from "./loopbackS3.ts";
import { writeReports } from "./mergeInput.ts";

const run = promisify(execFile);
const rounds = 3;

/** What a measured process prints. */
interface Parsed {
  readonly next: string;
  readonly reported: number;
  readonly collectSeconds: number;
  readonly closeSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** Measures what results-parser does with the reports of 1,000 tasks × 100 labels, out of an S3 on this machine. */
export async function benchParser(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-parser-"));
  try {
    await using s3 = await startLoopbackS3();
    const program = await bundleWork(folder);
    writeReports(join(folder, "reports"));
    const files = readdirSync(join(folder, "reports")).filter((name) => name.endsWith(".json.gz"));
    const parsed: Parsed[] = [];
    for (let round = 0; round < rounds; round++) {
      s3.objects.clear();
      s3.calls.clear();
      for (const name of files) {
        const task = Number(/\d+/.exec(name)?.[0]);
        s3.objects.set(`inbox/AROA:${task}/report.json.gz`, readFileSync(join(folder, "reports", name)));
      }
      const { stdout } = await run(process.execPath, [program, s3.endpoint, String(files.length)]);
      parsed.push(JSON.parse(stdout));
    }
    const worst = (pick: (one: Parsed) => number): string => Math.max(...parsed.map(pick)).toFixed(1);
    console.log(`collect and close of ${files.length} reports × 100 labels through S3Store, worst of ${rounds}`);
    console.table({
      "reports in the result": { measured: String(parsed[0]?.reported), allowed: String(files.length) },
      "collect, s": { measured: worst(({ collectSeconds }) => collectSeconds), allowed: "15" },
      "close (clears the inboxes), s": { measured: worst(({ closeSeconds }) => closeSeconds), allowed: "" },
      "CPU of collect, s": { measured: worst(({ cpuSeconds }) => cpuSeconds), allowed: "" },
      "peak memory, MiB": { measured: worst(({ peakMiB }) => peakMiB), allowed: "1024" },
      "calls to S3": { measured: [...s3.calls].map(([kind, count]) => `${kind} ${count}`).join(", "), allowed: "" },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundleWork(folder: string): Promise<string> {
  const outfile = join(folder, "work.mjs");
  const require = 'import { createRequire as of } from "node:module"; const require = of(import.meta.url);';
  const entryPoints = [join(import.meta.dirname, "parserWork.ts")];
  const banner = { js: require };
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", banner, logLevel: "error" });
  return outfile;
}

if (import.meta.main) await benchParser();
