import { lm, type ExtensionContext } from "vscode";
import type { RunServices } from "../runs/services.ts";

/** Names of the tools for assistants, as package.json declares them. */
const toolNames = ["loadfleet_check", "loadfleet_run", "loadfleet_result"] as const;
export type ToolName = (typeof toolNames)[number];

/** What an assistant says with each call. */
export interface ToolInput {
  /** Path of a load test: absolute, or from a folder of the workspace. */
  readonly path: string;
}

/** Registers what an assistant can do: check a load test, run it on this machine, read its last result. */
export function registerAssistant(context: ExtensionContext, services: () => Promise<RunServices>): void {
  const tools = async () => import("./tools.ts");
  context.subscriptions.push(
    ...toolNames.map((name) =>
      lm.registerTool<ToolInput>(name, {
        prepareInvocation: async ({ input }) => (await tools()).prepareTool(name, input),
        invoke: async ({ input }, token) => (await tools()).useTool(name, input, await services(), token),
      }),
    ),
  );
}
