import { relative, resolve } from "node:path";
import { exitCodes } from "../../core/errors.ts";
import { stackParameters } from "../../core/stack/names.ts";
import type { Command } from "../command.ts";
import { formatOption, writeJson } from "../output.ts";

/** `loadfleet template FOLDER`: the template and its assets, for those who deploy by other means. */
export const templateCommand: Command = {
  name: "template",
  summary: "Write the CloudFormation template and its files into a folder",
  details: "For those who deploy by other means: a pipeline, StackSets, the console. Needs no account.",
  operands: { usage: "FOLDER", fewest: 1, most: 1, completes: "folders" },
  options: [formatOption("text", "json")],
  examples: [{ line: "loadfleet template stack", explains: "into ./stack" }],
  run: async (args, { stackFolder, stdout, cwd }) => {
    const { readStackAssets } = await import("../../deploy/assets.ts");
    const { exportTemplate } = await import("../../deploy/exportTemplate.ts");
    const folder = resolve(cwd, args.operands[0] ?? "");
    const assets = await readStackAssets(stackFolder);
    const files = (await exportTemplate(assets, folder)).map((path) => relative(cwd, path));
    if (args.text("format") === "json") {
      writeJson(stdout, { schema: "loadfleet.template.v1", version: assets.version, files });
      return exitCodes.passed;
    }
    const name = relative(cwd, folder) || ".";
    stdout.write(
      [
        `Wrote ${files.length} files of version ${assets.version} into ${name}. Deploy them with:`,
        `  aws s3 sync ${name}/assets s3://BUCKET`,
        `  aws s3 cp ${name}/template.json s3://BUCKET/template.json`,
        "  aws cloudformation create-stack --stack-name loadfleet --capabilities CAPABILITY_IAM \\",
        "    --template-url https://BUCKET.s3.REGION.amazonaws.com/template.json --parameters \\",
        `    ParameterKey=${stackParameters.assetBucket},ParameterValue=BUCKET \\`,
        `    ParameterKey=${stackParameters.adminName},ParameterValue=NAME \\`,
        `    ParameterKey=${stackParameters.adminEmail},ParameterValue=ADDRESS`,
        "The bucket has to stay as long as the stack: a roll-back reads it.",
        "",
      ].join("\n"),
    );
    return exitCodes.passed;
  },
};
