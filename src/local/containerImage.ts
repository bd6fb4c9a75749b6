import { UserError } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { ContainerImage } from "./containerLauncher.ts";
import { askProgram } from "./taurusSetup/program.ts";
import { whereIs } from "./taurusSetup/toolchain.ts";

const usualImage = "localhost/loadfleet:latest";

/**
 * Finds the image that runs tasks in containers, and Docker or Podman to run it; LOADFLEET_IMAGE and LOADFLEET_DOCKER
 * name others.
 * @throws {UserError} `docker-missing`, `image-missing`
 */
export async function findContainerImage(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ContainerImage> {
  const program = env["LOADFLEET_DOCKER"] ?? ["docker", "podman"].find((name) => whereIs(name, env) !== undefined);
  if (program === undefined) {
    throw new UserError("docker-missing", "There is neither Docker nor Podman on this machine.", {
      kind: "environment",
      hint: "Install one of them, or choose another --engine.",
    });
  }
  const image = env["LOADFLEET_IMAGE"] ?? usualImage;
  if ((await askProgram(program, ["image", "inspect", "--format", "{{.Id}}", image])) === undefined) {
    throw new UserError("image-missing", `${program} does not have the image ${image}.`, {
      kind: "environment",
      hint: "docs/container.md says how to build it; LOADFLEET_IMAGE names another one.",
    });
  }
  // A target on this machine is reached as without a container.
  const network = process.platform === "linux" ? ["--network", "host"] : [];
  return { program, image, options: [...network, ...ownerOf(program)] };
}

/** Adds the variables of this machine in which a plan's secrets are; their values stay out of the command line. */
export function withSecrets(image: ContainerImage, { secrets }: Pick<RunPlan, "secrets">): ContainerImage {
  const names = Object.values(secrets).flatMap((reference) => /^env:(.+)$/.exec(reference)?.[1] ?? []);
  return { ...image, options: [...image.options, ...names.flatMap((name) => ["--env", name])] };
}

/** Docker's root is that of the machine: files in the data folder would not be the person's own. */
function ownerOf(program: string): readonly string[] {
  const user = process.getuid?.() ?? 0;
  return user === 0 || !/docker(\.exe)?$/.test(program) ? [] : ["--user", `${user}:${process.getgid?.() ?? user}`];
}
