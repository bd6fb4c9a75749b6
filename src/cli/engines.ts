import { join } from "node:path";
import type { Forecast } from "../core/run/forecast.ts";
import type { RunPlan, EngineName } from "../core/run/plan.ts";
import type { Engine } from "../fleet/engine.ts";
import { findContainerImage } from "../local/containerImage.ts";
import { openLocalEngine } from "../local/localEngine.ts";
import { systemClock } from "../local/systemClock.ts";
import type { Arguments } from "./arguments.ts";
import { awsOptions, connectToAws, readAwsChoice, type AwsChoice } from "./awsOptions.ts";
import type { Option } from "./command.ts";
import type { Context } from "./context.ts";

/** Options that say where runs are: of every command that works with runs. */
export const engineOptions: readonly Option[] = [
  {
    name: "on",
    value: "ENGINE",
    choices: ["local", "aws"],
    summary: "local is this machine, aws a deployed stack; aws also with --profile, --region or --stack",
  },
  ...awsOptions,
];

/** Where a command line has its runs. */
export type EngineChoice =
  | { readonly on: "local"; readonly isInContainers: boolean }
  | { readonly on: "aws"; readonly aws: AwsChoice; readonly onForecast?: (forecast: Forecast) => void };

/** An engine as commands use it; one that can say what a run needs and costs does so. */
export interface CommandEngine extends Engine {
  readonly forecast?: (plan: RunPlan, signal: AbortSignal) => Promise<Forecast>;
}

/** Tells where the person wants the run, or has it. */
export function placeOf(args: Arguments): EngineName {
  const named = args.text("on");
  if (named !== undefined) return named === "aws" ? "aws" : "local";
  return awsOptions.some(({ name }) => args.has(name)) ? "aws" : "local";
}

/** Reads the options of {@link engineOptions}. @throws {UserError} `bad-stack-name` */
export function readEngineChoice(args: Arguments): EngineChoice {
  return placeOf(args) === "aws" ? { on: "aws", aws: readAwsChoice(args) } : { on: "local", isInContainers: false };
}

/** Repeats the options that say where runs are, for the commands that hints name; empty for this machine. */
export function engineFlags(args: Arguments): string {
  if (placeOf(args) === "local") return "";
  const given = awsOptions.flatMap(({ name }) => {
    const value = args.text(name);
    return value === undefined ? [] : [` --${name} ${value}`];
  });
  return ` --on aws${given.join("")}`;
}

/** Opens an engine for real. @throws {UserError} kind `environment` when there is no way to the stack */
export async function openEngine(choice: EngineChoice, programs: string, context: Context): Promise<CommandEngine> {
  const { env, version, interrupted, stderr } = context;
  if (choice.on === "local") {
    const told = new Set<string>();
    return openLocalEngine({
      // Each look at the list finds the same damage.
      onCorrupt: (sentence) => {
        if (!told.has(sentence)) stderr.write(`${sentence}\n`);
        told.add(sentence);
      },
      runnerPath: join(programs, "runner.mjs"),
      agentPath: join(programs, "agent.mjs"),
      ...(choice.isInContainers ? { findImage: () => findContainerImage(env) } : {}),
    });
  }
  // The SDK is loaded only by whoever goes to AWS.
  const { openAwsEngine } = await import("../aws/engine.ts");
  const connection = await connectToAws(choice.aws, context);
  const { onForecast } = choice;
  const options = { toolVersion: version, clock: systemClock, ...(onForecast === undefined ? {} : { onForecast }) };
  return openAwsEngine(choice.aws.stack, connection, options, interrupted);
}
