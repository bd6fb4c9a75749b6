import { UserError } from "../core/errors.ts";
import type { DriverName } from "../core/run/plan.ts";
import { findContainerImage } from "./containerImage.ts";
import type { ContainerImage } from "./containerLauncher.ts";
import { findToolchain, hasToolchain, whereIs } from "./taurusSetup/toolchain.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the tasks of a run find their engine: installed on this machine, or in the image. */
export type EnginePlace =
  | { readonly kind: "installed" }
  | { readonly kind: "image"; readonly image: ContainerImage; readonly sentence: string };

const names: Readonly<Record<DriverName, string>> = {
  embedded: "Node",
  taurus: "Taurus with JMeter",
  k6: "k6",
  locust: "Locust",
};

/**
 * Finds what a run with this driver uses: what is installed, else the image with Docker or Podman when both are there.
 * @throws {UserError} `taurus-missing`
 */
export async function findEnginePlace(driver: DriverName, env: Environment = process.env): Promise<EnginePlace> {
  if (await isInstalled(driver, env)) return { kind: "installed" };
  const image = await findImage(env);
  if (image !== undefined) {
    const sentence = `${names[driver]} is not installed on this machine, so every task runs in a container of ${image.image} with ${image.program}.`;
    return { kind: "image", image, sentence };
  }
  // The other engines are asked for their version where the run begins, which names what is missing.
  if (driver === "taurus") await findToolchain(env);
  return { kind: "installed" };
}

/** Tells whether this machine can run Taurus, be it in a container. */
export async function hasTaurus(env: Environment = process.env): Promise<boolean> {
  return (await hasToolchain(env)) || (await findImage(env)) !== undefined;
}

/** The image and what runs it; undefined unless both are there. */
export async function findImage(env: Environment = process.env): Promise<ContainerImage | undefined> {
  try {
    return await findContainerImage(env);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function isInstalled(driver: DriverName, env: Environment): Promise<boolean> {
  if (driver === "embedded") return true;
  return driver === "taurus" ? hasToolchain(env) : whereIs(driver, env) !== undefined;
}
