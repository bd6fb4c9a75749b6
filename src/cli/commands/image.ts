import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes, UserError } from "../../core/errors.ts";
import { awsOptions } from "../awsOptions.ts";
import type { Command } from "../command.ts";
import { openTarget, showWork } from "../openTarget.ts";
import { formatOption, writeJson } from "../output.ts";

/** `loadfleet image update ZIP`: another container image for the tasks. */
export const imageCommand: Command = {
  name: "image",
  summary: "Build the image of the tasks from a container zip of your own",
  details:
    "Uploads the zip (a Dockerfile at its top, with what it needs) and follows the build. A later deployment leaves " +
    "an image of your own alone.",
  operands: { usage: "update ZIP", fewest: 2, most: 2, completes: "files" },
  options: [...awsOptions, formatOption("text", "json")],
  examples: [{ line: "loadfleet image update container.zip", explains: "and wait for the build" }],
  run: async (args, context) => {
    const [action, path = ""] = args.operands;
    if (action !== "update") {
      throw new UserError("unknown-image-command", `There is no "loadfleet image ${action}".`, {
        hint: "Write: loadfleet image update ZIP.",
      });
    }
    const { needStack } = await import("../../deploy/deployedStack.ts");
    const { updateImage } = await import("../../deploy/image.ts");
    const { checkContainerZip } = await import("../../deploy/containerZip.ts");
    const zip = await readZip(resolve(context.cwd, path), path);
    checkContainerZip(zip, path);
    const target = await openTarget(args, context);
    const stack = await needStack(target, context.interrupted);
    const build = await showWork(
      updateImage(target, stack, zip, context.interrupted),
      context,
      'The build goes on; "loadfleet status" shows how it ends.',
    );
    if (args.text("format") === "json") writeJson(context.stdout, { schema: "loadfleet.image.v1", build });
    else context.stdout.write(`The image is built (${build.id}); the next run starts from it.\n`);
    return exitCodes.passed;
  },
};

async function readZip(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UserError("cannot-read-zip", `Could not read the container zip ${name}.`, {
      hint: "Name a file that is there and may be read.",
      cause,
    });
  }
}
