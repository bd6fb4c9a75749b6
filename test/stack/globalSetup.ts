import type { TestProject } from "vitest/node";
import { buildIfChanged } from "../../scripts/buildIfChanged.mjs";
import { makeStackTools } from "../../scripts/stackTools.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the programs that check templates. */
    readonly stackTools: string;
  }
}

/** Builds the template, and makes sure of cfn-lint and checkov; they stay in the user's cache folder. */
export async function setup(project: TestProject): Promise<void> {
  await buildIfChanged();
  project.provide("stackTools", await makeStackTools());
}
