import { dirname } from "node:path";
import { debugWithEngine } from "../../agent/debug.ts";
import { resolveLocalSecrets } from "../../agent/secrets.ts";
import { exitCodes } from "../../core/errors.ts";
import { formatDebugText } from "../../core/run/formatDebug.ts";
import { debugOnce } from "../../generator/debug.ts";
import type { Command } from "../command.ts";
import { choiceOf, environmentOption, labelOption } from "../loadOptions.ts";
import { formatOption, writeJson } from "../output.ts";
import { prepareRun } from "../prepare.ts";

/** `loadfleet debug FILE`: one user, one iteration, everything to be seen; exit code 1 when a request fails. */
export const debugCommand: Command = {
  name: "debug",
  summary: "Send each request once and show what was sent and what came back",
  details:
    "One user goes through the scenario once, without pauses. Requests and answers are shown whole, with the variables " +
    "that were set and what each assertion expected. What needs JMeter, k6 or Locust is sent by that engine, which keeps " +
    "its own pauses and tells no variables. Secrets are masked; " +
    "--env LOADFLEET_SHOW_SECRETS=1 shows them. The exit code is 1 when a request fails.",
  operands: { usage: "FILE", fewest: 1, most: 1, completes: "files" },
  options: [
    labelOption,
    environmentOption,
    {
      name: "engine",
      value: "NAME",
      choices: ["embedded", "taurus"],
      summary: "Send with it; default: embedded if it can do the scenario, else what is there",
    },
    formatOption("text", "json"),
  ],
  examples: [
    { line: "loadfleet debug shop.loadtest.yml", explains: "every request with its answer" },
    {
      line: "loadfleet debug shop.loadtest.yml --env port=9000 --label 'Log*'",
      explains: "some requests, another target",
    },
    {
      line: "loadfleet debug shop.loadtest.yml --format json | jq '.samples[].failure'",
      explains: "for other programs",
    },
  ],
  run: async (args, context) => {
    const prepared = await prepareRun(args.operands[0] ?? "", choiceOf(args), context);
    if (prepared === undefined) return exitCodes.badInput;
    const { plan, file } = prepared;
    const { stdout, interrupted, env } = context;
    const environment = { ...plan.environment, ...resolveLocalSecrets(plan.secrets, env) };
    const debug = plan.driver === "embedded" ? debugOnce : debugWithEngine;
    const trace = await debug(plan, dirname(file.path), environment, interrupted);
    if (args.text("format") === "json") writeJson(stdout, trace);
    else stdout.write(formatDebugText(trace));
    if (interrupted.aborted) return exitCodes.cancelled;
    return trace.samples.some(({ failure }) => failure !== null) ? exitCodes.failedVerdict : exitCodes.passed;
  },
};
