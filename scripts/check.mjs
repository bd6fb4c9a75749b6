import { execFile } from "node:child_process";
import { existsSync, globSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkImports } from "./checkImports.mjs";
import { root } from "./script.mjs";

/** @typedef {{ ok: boolean, output: string }} Outcome */

/** @type {Record<string, () => Promise<Outcome>>} */
const checks = {
  types: checkTypes,
  lint: () => run("node_modules/oxlint/bin/oxlint", ["--deny-warnings"]),
  format: () => run("node_modules/prettier/bin/prettier.cjs", ["--check", "--log-level=warn", "."]),
  "dead code": () => run("node_modules/knip/bin/knip.js", ["--no-progress", "--no-config-hints"]),
  imports: async () => {
    const problems = checkImports();
    return { ok: problems.length === 0, output: problems.join("\n") };
  },
};

/** Compiles every folder that has a tsconfig.json, two at a time. @returns {Promise<Outcome>} */
async function checkTypes() {
  const folders = globSync("{src/*,*}/tsconfig.json", { cwd: root }).map((path) => dirname(path));
  const bare = globSync("{src/*,webview,stack,test,examples}/**/*.{ts,tsx}", { cwd: root })
    .map((path) => path.split(/[\\/]/, path.startsWith("src") ? 2 : 1).join("/"))
    .filter((folder, index, all) => !existsSync(join(root, folder, "tsconfig.json")) && all.indexOf(folder) === index);
  const problems = bare.map((folder) => `${folder} has no tsconfig.json, so nothing checks its types.\n`);
  const queue = [...folders];
  const work = async () => {
    for (let folder = queue.shift(); folder; folder = queue.shift()) {
      const { ok, output } = await run("node_modules/typescript/bin/tsc", ["-p", folder]);
      if (!ok && !output.includes("TS18003")) problems.push(output);
    }
  };
  await Promise.all([work(), work()]);
  // A file of the core is compiled by every area that imports it: say each error once.
  const lines = problems.join("").split("\n");
  return { ok: problems.length === 0, output: [...new Set(lines)].join("\n") };
}

/** @param {string} script @param {string[]} args @returns {Promise<Outcome>} */
function run(script, args) {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

const flag = "--outputFile.json=";
const args = process.argv.slice(2);
const countsPath = args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
const filter = args.find((arg) => !arg.startsWith("--")) ?? "";
let numPassedTests = 0;
let numFailedTests = 0;
for (const [name, check] of Object.entries(checks)) {
  if (!name.startsWith(filter)) continue;
  const startedMs = performance.now();
  const { ok, output } = await check();
  if (ok) numPassedTests += 1;
  else numFailedTests += 1;
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(output.trim().replaceAll(/^/gm, "  "));
}
if (countsPath) writeFileSync(countsPath, JSON.stringify({ numPassedTests, numFailedTests }));
process.exitCode = numFailedTests === 0 ? 0 : 1;
