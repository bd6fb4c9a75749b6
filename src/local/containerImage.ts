import type { RunPlan } from "../core/run/plan.ts";
import type { ContainerImage } from "./containerLauncher.ts";

/** Adds the variables of this machine in which a plan's secrets are; their values stay out of the command line. */
export function withSecrets(image: ContainerImage, { secrets }: Pick<RunPlan, "secrets">): ContainerImage {
  const names = Object.values(secrets).flatMap((reference) => /^env:(.+)$/.exec(reference)?.[1] ?? []);
  return { ...image, options: [...image.options, ...names.flatMap((name) => ["--env", name])] };
}
