import type { TestProject } from "vitest/node";
import { buildImage, sizesOf } from "../../scripts/buildImage.mjs";
import { buildPrograms } from "../e2e/localRuns.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly image: {
      readonly image: string;
      readonly program: string;
      readonly env: Readonly<Record<string, string>>;
    };
    readonly sizes: Readonly<Record<string, number>>;
  }
}

/** Builds the image, unless there is one of the same content. */
export async function setup(project: TestProject): Promise<void> {
  const image = await buildImage();
  const sizes = await sizesOf(image);
  process.stderr.write(
    `${Object.entries(sizes)
      .map(([part, megabytes]) => `${part} ${megabytes} MB`)
      .join(", ")}\n`,
  );
  project.provide("image", image);
  project.provide("sizes", sizes);
  await buildPrograms();
}
