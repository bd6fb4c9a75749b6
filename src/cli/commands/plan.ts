import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { engineOptions, placeOf } from "../engines.ts";
import { forecastRun } from "../forecast.ts";
import { formatForecast } from "../forecastText.ts";
import { choiceOf, environmentOption, loadOptions } from "../loadOptions.ts";
import { formatOption, writeJson } from "../output.ts";
import { formatPlan } from "../planText.ts";
import { prepareRun } from "../prepare.ts";
import { scriptUsersOf } from "../scriptUsers.ts";
import { styleFor } from "../style.ts";

/** `loadfleet plan FILE`: what a run of it would do, without running it. */
export const planCommand: Command = {
  name: "plan",
  summary: "Show what a run would do: load over time, tasks, totals, criteria, files",
  operands: { usage: "FILE", fewest: 1, most: 1, completes: "files" },
  details:
    "With --on aws it also says what a run needs and will cost in the stack; without a way to the stack the cost is " +
    "reckoned with the prices of the region, for tasks of arm64 with public addresses.",
  options: [...engineOptions, ...loadOptions, environmentOption, formatOption("text", "json")],
  examples: [
    { line: "loadfleet plan shop.loadtest.yml", explains: "the load as the file has it" },
    {
      line: "loadfleet plan shop.loadtest.yml --users 500 --tasks 10",
      explains: "the same with 500 users on 10 tasks",
    },
    { line: "loadfleet plan shop.loadtest.yml --on aws", explains: "with what it needs and costs there" },
    { line: "loadfleet plan shop.loadtest.yml --format json | jq .executions", explains: "for other programs" },
  ],
  run: async (args, context) => {
    const prepared = await prepareRun(args.operands[0] ?? "", choiceOf(args), context, {
      isShown: true,
      tasks: placeOf(args) === "aws" ? "aws" : "here",
    });
    if (prepared === undefined) return exitCodes.badInput;
    const { stdout } = context;
    const { plan, file } = prepared;
    const scriptUsers = scriptUsersOf(plan, file.files);
    const options = { width: Math.min(stdout.columns, 100), style: styleFor(stdout), scriptUsers };
    const forecast = placeOf(args) === "aws" ? await forecastRun(plan, args, context) : undefined;
    if (args.text("format") === "json") writeJson(stdout, forecast === undefined ? plan : { ...plan, forecast });
    else {
      stdout.write(formatPlan(plan, options));
      if (forecast !== undefined) stdout.write(`\n${formatForecast(forecast, options.width, options.style)}`);
    }
    return exitCodes.passed;
  },
};
