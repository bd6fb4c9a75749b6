import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildIfChanged } from "./buildIfChanged.mjs";
import { ensureDebianPackage } from "./debianPackage.mjs";
import { root, sentenceOf } from "./script.mjs";

/**
 * A suite's script takes a filter and writes its counts as JSON where `--outputFile.json=` says.
 * @typedef {{ name: string, command: string[], packages?: Record<string, string> }} Suite
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", "--project"];

const chromium = { chromium: "/usr/bin/chromium" };
const java = { "default-jre-headless": "/usr/bin/java", maven: "/usr/bin/mvn" };

/** @type {Suite[]} */
const suites = [
  { name: "check", command: ["scripts/check.mjs"] },
  { name: "unit", command: [...vitest, "unit"] },
  { name: "stack", command: [...vitest, "stack"] },
  { name: "e2e", command: [...vitest, "e2e"] },
  { name: "taurus", command: [...vitest, "taurus"], packages: java },
  { name: "engines", command: [...vitest, "engines"] },
  { name: "container", command: [...vitest, "container"], packages: java },
  { name: "cloud", command: [...vitest, "cloud"], packages: java },
  { name: "browser", command: [...vitest, "browser"], packages: chromium },
  { name: "host", command: ["test/host/main.ts"], packages: chromium },
  { name: "editor", command: [...vitest, "editor"], packages: chromium },
];

/** @param {Suite} suite @param {string[]} filter @returns {Promise<Counts>} */
async function runSuite({ name, command, packages = {} }, filter) {
  const countsPath = join(root, ".cache", `${name}.json`);
  rmSync(countsPath, { force: true });
  for (const [debianPackage, program] of Object.entries(packages)) ensureDebianPackage(debianPackage, program);
  const code = await run([...command, `--outputFile.json=${countsPath}`, ...filter]);
  const counts = readCounts(countsPath);
  // A crash, a file that does not load and a suite without tests are failures that no test reports.
  const isSilentFailure = counts.failed === 0 && (code !== 0 || counts.passed === 0);
  return isSilentFailure ? { ...counts, failed: 1 } : counts;
}

/** @param {string[]} args @returns {Promise<number>} */
function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** @param {string} path @returns {Counts} */
function readCounts(path) {
  try {
    const counts = JSON.parse(readFileSync(path, "utf8"));
    return { passed: counts.numPassedTests, failed: counts.numFailedTests, skipped: counts.numPendingTests ?? 0 };
  } catch (error) {
    console.error(`No counts: ${sentenceOf(error)}`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** @param {string} name @param {() => Promise<Counts>} runPart @returns {Promise<Counts>} */
async function time(name, runPart) {
  console.log(`\n== ${name}`);
  const startedMs = performance.now();
  const counts = await runPart().catch((error) => {
    console.error(sentenceOf(error));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`== ${name}: ${counts.passed} ok, ${counts.failed} failing, ${seconds} s`);
  return counts;
}

const [chosen, ...filter] = process.argv.slice(2);
const parts = suites.filter(({ name }) => chosen === undefined || name === chosen);
if (parts.length === 0)
  console.error(`There is no suite "${chosen}"; there are ${suites.map(({ name }) => name).join(", ")}.`);
mkdirSync(join(root, ".cache"), { recursive: true });
const all = [
  await time("build", async () => {
    await buildIfChanged();
    return { passed: 1, failed: 0, skipped: 0 };
  }),
];
for (const suite of parts) all.push(await time(suite.name, () => runSuite(suite, filter)));

const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
const failed = all.reduce((sum, counts) => sum + counts.failed, parts.length === 0 ? 1 : 0);
const skipped = all.reduce((sum, counts) => sum + counts.skipped, 0);
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed === 0 ? 0 : 1;
