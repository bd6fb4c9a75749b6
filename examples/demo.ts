import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isatty } from "node:tty";

/** Opens the sample shop, load-tests it with four agents and closes it: `npm run demo`. */

const root = join(import.meta.dirname, "..");
const resultFolder = "demo-result";

interface OpenShop {
  readonly port: string;
  readonly process: ChildProcess;
}

async function openShop(): Promise<OpenShop> {
  // Apart from the terminal's group, so that Ctrl-C stops the run before its target; the channel closes it with the demo.
  const shop = spawn(process.execPath, [join(import.meta.dirname, "shop.ts"), "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    detached: true,
    windowsHide: true,
  });
  if (shop.stdout === null) throw new Error("The shop has no output.");
  for await (const line of createInterface({ input: shop.stdout })) {
    const port = /:(\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    console.error(line);
    return { port, process: shop };
  }
  throw new Error("The shop did not open.");
}

async function closeShop({ process: shop }: OpenShop): Promise<void> {
  if (shop.exitCode !== null || shop.signalCode !== null) return;
  const closed = once(shop, "exit");
  shop.disconnect();
  await closed;
}

async function runScenario(port: string): Promise<number> {
  const scenario = join("examples", "quick.loadtest.yml");
  const args = ["run", scenario, "--env", `port=${port}`, "--out", resultFolder];
  console.error(`loadfleet ${args.join(" ")}\n`);
  const run = spawn(process.execPath, [join(root, "dist", "cli.mjs"), ...args], { cwd: root, stdio: "inherit" });
  // A terminal sends Ctrl-C to the run as well; sent twice, it would mean "end at once".
  const isTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !isTerminal) run.kill(signal);
    });
  }
  const [code] = await once(run, "exit");
  return typeof code === "number" ? code : 130;
}

const shop = await openShop();
try {
  process.exitCode = await runScenario(shop.port);
} finally {
  await closeShop(shop);
}
