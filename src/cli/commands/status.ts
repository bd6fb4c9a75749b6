import { exitCodes } from "../../core/errors.ts";
import { stackOutputs } from "../../core/stack/names.ts";
import type { ImageState } from "../../deploy/image.ts";
import type { StackReport } from "../../deploy/status.ts";
import { awsOptions } from "../awsOptions.ts";
import type { Command } from "../command.ts";
import { openTarget } from "../openTarget.ts";
import { formatOption, writeJson } from "../output.ts";
import { styleFor, type Style } from "../style.ts";

/** `loadfleet status`: what is deployed, and how it is. */
export const statusCommand: Command = {
  name: "status",
  summary: "Show what is deployed: version, addresses, image, runs",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: [...awsOptions, formatOption("text", "json")],
  examples: [
    { line: "loadfleet status", explains: "the stack of the current profile" },
    { line: "loadfleet status --region eu-west-1 --stack nightly", explains: "another one" },
    { line: "loadfleet status --format json | jq .outputs", explains: "for other programs" },
  ],
  run: async (args, context) => {
    const { readStatus } = await import("../../deploy/status.ts");
    const target = await openTarget(args, context);
    const report = await readStatus(target, context.version, context.interrupted);
    const { stdout } = context;
    if (args.text("format") === "json") writeJson(stdout, { schema: "loadfleet.status.v1", ...report });
    else stdout.write(formatReport(report, styleFor(stdout)));
    return report.problem === undefined ? exitCodes.passed : exitCodes.environment;
  },
};

function formatReport(report: StackReport, style: Style): string {
  const { stack, region, account, status, version, problem, image, runs, outputs, parameters } = report;
  const changed = new Date(report.changedAtMs).toISOString().slice(0, 16).replace("T", " ");
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Stack", `${stack} in ${region} of account ${account}`],
    ["Version", `${version ?? "unknown"}${versionNote(report)}`],
    ["State", `${problem === undefined ? style.green(status) : style.red(status)}, changed ${changed} UTC`],
    ["Image", image === undefined ? undefined : describeImage(image, style)],
    ["Runs", runs.length === 0 ? "none is on" : `${runs.length} on`],
    ["Console", outputs[stackOutputs.consoleUrl]],
    ["API", outputs[stackOutputs.apiUrl]],
    ["Drift", describeDrift(report, style)],
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined ? [] : [`${style.bold(name.padEnd(8))} ${text}`]));
  const chosen = Object.entries(parameters).map(([name, value]) => `  ${name}: ${value === "" ? "(empty)" : value}`);
  return [
    ...(problem === undefined ? [] : [style.red(problem.message), style.dim(problem.hint ?? ""), ""]),
    ...lines,
    ...runs.map(({ runId, name, status: state, tasks }) => `  ${runId} of ${name}: ${state}, ${tasks} tasks`),
    "Parameters:",
    ...chosen,
    "",
  ].join("\n");
}

function versionNote({ tool }: StackReport): string {
  if (tool === "newer") return ', older than this tool: "loadfleet deploy" updates it';
  return tool === "older" ? ", newer than this tool: update loadfleet" : "";
}

function describeImage({ state, build }: ImageState, { green, yellow, red }: Style): string {
  const why = build?.reason === undefined ? "" : `: ${build.reason}`;
  switch (state) {
    case "ready":
      return green("ready");
    case "building":
      return yellow(`being built (${build?.phase ?? "queued"})`);
    case "failed":
      return red(`the newest build failed${why}`);
    case "missing":
      return yellow('not there yet: the build has not begun; look again, or "loadfleet image update ZIP"');
  }
}

function describeDrift({ drift, stack, region }: StackReport, { red }: Style): string {
  const command = `aws cloudformation detect-stack-drift --stack-name ${stack} --region ${region}`;
  if (drift === "IN_SYNC") return "none at the last look";
  if (drift === "DRIFTED") return red("somebody has changed resources by hand; an update may undo it or fail");
  return `not looked for; do so with: ${command}`;
}
