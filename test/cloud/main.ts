import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { createShop } from "../../examples/shop.ts";
import { buildImage } from "../../scripts/buildImage.mjs";
import { startEmulator, type Emulator } from "./emulator.ts";
import { takeInventory } from "./inventory.ts";

// npm run cloud: the product's whole way in AWS, on this machine. It deploys the stack into an emulator of AWS, runs the
// sample shop's scenario on three real containers, destroys the stack, and shows that nothing is left.

const root = join(import.meta.dirname, "../..");
const Deployed = Type.Object({ outputs: Type.Object({ RepositoryName: Type.String() }) });
const Result = Type.Object({
  endedAtMs: Type.Number(),
  lastSampleAtMs: Type.Number(),
  startSkewMs: Type.Number(),
  tasks: Type.Object({ wanted: Type.Number(), reported: Type.Number() }),
});

function title(text: string): void {
  process.stderr.write(`\n== ${text}\n`);
}

/** Environment of the command line: its own profile and data, nothing of the person's AWS settings. */
function environmentOf({ environment, folder }: Emulator): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return { ...Object.fromEntries(own), ...environment, LOADFLEET_HOME: join(folder, "home") };
}

/** Runs a command line of the product; gives what it says on stdout when that is not shown. */
async function loadfleet(emulator: Emulator, args: readonly string[], shown: "shown" | "kept"): Promise<string> {
  process.stderr.write(`loadfleet ${args.join(" ")}\n`);
  const child = spawn(process.execPath, [join(root, "dist", "cli.mjs"), ...args], {
    cwd: root,
    env: environmentOf(emulator),
    stdio: ["ignore", shown === "shown" ? "inherit" : "pipe", "inherit"],
  });
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`loadfleet ${args[0]} ended with exit code ${code}.`);
  return said;
}

/** Deploys, runs and destroys; the scenario's target listens on the port. */
async function goThrough(emulator: Emulator, image: string, port: number): Promise<void> {
  const before = await takeInventory(emulator);
  title("Deploying the stack");
  const deploy = ["deploy", "--admin-email", "admin@example.com", "--yes", "--format", "json"];
  const { outputs } = Value.Parse(Deployed, JSON.parse(await loadfleet(emulator, deploy, "kept")));
  // In AWS the stack's pipeline builds the image; here it is the one that this machine has built.
  await emulator.publishImage(outputs.RepositoryName, image);
  const made = (await takeInventory(emulator)).length - before.length;
  process.stderr.write(`The emulator has ${made} more things now.\n`);

  title("Running the scenario of the shop on three containers");
  const files = ["--out", join(emulator.folder, "result")];
  const run = ["run", join("examples", "quick.loadtest.yml"), "--on", "aws", "--tasks", "3"];
  await loadfleet(emulator, [...run, "--env", `port=${port}`, ...files], "shown");
  const json: unknown = JSON.parse(readFileSync(join(emulator.folder, "result", "result.json"), "utf8"));
  const { tasks, startSkewMs, endedAtMs, lastSampleAtMs } = Value.Parse(Result, json);
  const seconds = ((endedAtMs - lastSampleAtMs) / 1000).toFixed(1);
  process.stdout.write(
    `${tasks.reported} of ${tasks.wanted} tasks reported. Their first samples were ${Math.round(startSkewMs)} ms apart, and the run was closed ${seconds} s after the last one.\n`,
  );

  title("Destroying the stack");
  await loadfleet(emulator, ["destroy", "--yes"], "shown");
  const left = (await takeInventory(emulator)).filter((thing) => !before.includes(thing));
  if (left.length > 0) throw new Error(`Something is left: ${left.join(", ")}.`);
  process.stdout.write("Nothing is left in the emulator, and no container.\n");
}

const shop = createShop(1).listen(0, "127.0.0.1");
await once(shop, "listening");
const address = shop.address();
if (address === null || typeof address === "string") throw new Error("The shop has no address.");
title("Starting an emulator of AWS");
const { image } = await buildImage();
const emulator = await startEmulator({ waitScale: 0.05 });
process.stderr.write(`It listens on ${emulator.endpoint}; the sample shop on port ${address.port}.\n`);
try {
  await goThrough(emulator, image, address.port);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await emulator.stop();
  shop.closeAllConnections();
  shop.close();
}
