import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { isatty } from "node:tty";
import { isBuilt } from "./buildIfChanged.mjs";
import { root, sentenceOf } from "./script.mjs";
import { findNode, installPackages } from "./setup.mjs";

/** What each npm script runs, and whether it needs dist/ first. @type {Record<string, { entry?: string, built?: boolean, args?: string[] }>} */
const targets = {
  bench: { entry: "test/bench/main.ts", built: true },
  build: { built: true },
  cloud: { entry: "test/cloud/main.ts", built: true },
  check: { entry: "scripts/check.mjs" },
  demo: { entry: "examples/demo.ts", built: true },
  format: { entry: "node_modules/prettier/bin/prettier.cjs", args: ["--write", "--log-level=warn", "."] },
  fuzz: { entry: "test/fuzz/main.ts", built: true },
  loadfleet: { entry: "dist/cli.mjs", built: true },
  package: { entry: "scripts/packageVsix.mjs" },
  test: { entry: "scripts/test.mjs" },
  "test:electron": { entry: "test/host/electron.ts" },
};

/** @param {string} name @param {string[]} args */
async function launch(name, args) {
  const target = targets[name];
  if (!target) throw new Error(`There is no target "${name}"; there are ${Object.keys(targets).join(", ")}.`);
  installPackages();
  const node = findNode();
  // By the packaged Node: the machine's may be too old for it.
  const failure = target.built && !isBuilt() ? await run(node, [join(root, "scripts/buildIfChanged.mjs")], root) : 0;
  if (failure !== 0 || !target.entry) return failure;
  const entry = join(root, target.entry);
  if (!existsSync(entry)) throw new Error(`${target.entry} does not exist, so "${name}" has nothing to run.`);
  // npm starts scripts in the repository's folder; paths on the command line are meant from where the person is.
  const cwd = (name === "loadfleet" && process.env["INIT_CWD"]) || root;
  return run(node, [entry, ...(target.args ?? []), ...args], cwd);
}

/** @param {string} command @param {string[]} args @param {string} cwd @returns {Promise<number>} */
function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: "inherit" });
  // A terminal sends Ctrl-C to the child as well; sent twice, it would mean "stop at once".
  const isTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !isTerminal) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
}

const [name = "", ...args] = process.argv.slice(2);
try {
  process.exitCode = await launch(name, args);
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 4;
}
