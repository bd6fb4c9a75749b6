import { exitCodes, UserError } from "../../core/errors.ts";
import type { Forecast } from "../../core/run/forecast.ts";
import type { RunId } from "../../core/run/ids.ts";
import type { Engine } from "../../fleet/engine.ts";
import { readOrigin } from "../../local/origin.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { tellFiles, writeConclusion } from "../conclude.ts";
import type { Context } from "../context.ts";
import { engineFlags, engineOptions, placeOf, readEngineChoice, type CommandEngine } from "../engines.ts";
import { tellFailureLog } from "../failureLog.ts";
import { exitCodeOfRun, followRun } from "../follow.ts";
import { formatCost, formatWarnings } from "../forecastText.ts";
import { choiceOf, isInContainers, environmentOption, loadOptions } from "../loadOptions.ts";
import { formatOption, writeJson } from "../output.ts";
import { prepareRun, type PreparedRun } from "../prepare.ts";
import { makeProgress, type Progress } from "../progress.ts";
import { prepareResultFiles, resultFileOptions } from "../resultFiles.ts";
import { styleFor } from "../style.ts";

/** `loadfleet run FILE`: starts a run, shows it and judges it. */
export const runCommand: Command = {
  name: "run",
  summary: "Run a scenario and judge it",
  details:
    "The run has a process of its own, here or in AWS: Ctrl-C asks it to end gracefully and shows the figures that there " +
    "are, a second Ctrl-C ends this command at once. A terminal that goes away leaves the run to finish. Progress goes to " +
    "stderr, the result to stdout. In AWS, what a run needs is looked at first, and what it will cost is said.",
  operands: { usage: "FILE", fewest: 1, most: 1, completes: "files" },
  options: [
    ...engineOptions,
    ...loadOptions,
    environmentOption,
    ...resultFileOptions,
    formatOption("text", "json"),
    { name: "detach", summary: "Print the run's id and return, while the run goes on" },
  ],
  examples: [
    { line: "loadfleet run shop.loadtest.yml", explains: "the load as the file has it" },
    { line: "loadfleet run shop.loadtest.yml --users 10 --for 30s", explains: "a small run, the file unchanged" },
    {
      line: "loadfleet run shop.loadtest.yml --tasks 4 --out result",
      explains: "four load generators; report in result/",
    },
    { line: "loadfleet run shop.loadtest.yml --env host=127.0.0.1 --env port=8080", explains: "another target" },
    {
      line: "loadfleet run shop.loadtest.yml --junit junit.xml",
      explains: "in CI: exit code 1 when a criterion fails",
    },
    { line: "loadfleet run shop.loadtest.yml --format json | jq .verdict", explains: "for other programs" },
    { line: "loadfleet run shop.loadtest.yml --on aws --profile dev", explains: "on the fleet of a deployed stack" },
    { line: "loadfleet run shop.loadtest.yml --detach", explains: 'start only; "loadfleet watch last" shows it' },
  ],
  run: async (args, context) => {
    if (args.has("detach")) refuseWithDetach(args);
    const prepared = await prepareRun(args.operands[0] ?? "", choiceOf(args), context, {
      tasks: isInContainers(args) ? "image" : placeOf(args) === "aws" ? "aws" : "any",
    });
    if (prepared === undefined) return exitCodes.badInput;
    return args.has("detach") ? startDetached(prepared, args, context) : runAttached(prepared, args, context);
  },
};

function refuseWithDetach(args: Arguments): void {
  const name = resultFileOptions.map((option) => option.name).find((option) => args.has(option));
  if (name === undefined) return;
  throw new UserError("option-conflict", `--${name} needs the end of the run, which --detach does not wait for.`, {
    hint: `Leave out --detach, or write the files later with "loadfleet show last --${name} …".`,
  });
}

/** Opens the engine of the run; what is known of it just before it starts is told. */
function openForRun(
  { isInContainers: areContainers }: PreparedRun,
  args: Arguments,
  context: Context,
): Promise<CommandEngine> {
  const choice = readEngineChoice(args);
  if (choice.on === "local") return context.openEngine({ ...choice, isInContainers: areContainers });
  const { stderr } = context;
  const onForecast = ({ checks, cost }: Forecast): void => {
    const width = Math.min(stderr.columns, 100);
    const style = styleFor(stderr);
    stderr.write(`${formatWarnings(checks, width, style)}${formatCost(cost, width, style)}`);
  };
  return context.openEngine({ ...choice, onForecast });
}

async function startRun({ plan, contents, file }: PreparedRun, engine: Engine, context: Context): Promise<RunId> {
  const origin = await readOrigin(file.path, context.interrupted);
  return engine.start(plan, contents, origin, context.interrupted);
}

async function startDetached(prepared: PreparedRun, args: Arguments, context: Context): Promise<number> {
  const runId = await startRun(prepared, await openForRun(prepared, args, context), context);
  if (args.text("format") === "json") writeJson(context.stdout, { schema: "loadfleet.started.v1", runId });
  else context.stdout.write(`${runId}\n`);
  const flags = engineFlags(args);
  context.stderr.write(`Started. "loadfleet watch last${flags}" shows it, "loadfleet stop last${flags}" ends it.\n`);
  return exitCodes.passed;
}

async function runAttached(prepared: PreparedRun, args: Arguments, context: Context): Promise<number> {
  const { stderr, aborted } = context;
  const writeFiles = await prepareResultFiles(args, context);
  const engine = await openForRun(prepared, args, context);
  const runId = await startRun(prepared, engine, context);
  const progress = makeProgress(stderr);
  const stopping = stopWhenInterrupted(engine, runId, progress, context);
  const view = await followRun(engine, runId, (next) => progress.show(next), aborted);
  progress.end();
  await stopping.settled();
  if (view === undefined) {
    const show = `loadfleet show last${engineFlags(args)}`;
    stderr.write(`The run ${runId} ends in the background: "${show}" has its figures then.\n`);
    return exitCodes.cancelled;
  }
  const result = view.result ?? (await engine.result(runId, aborted));
  writeConclusion(result ?? view.run, args.text("format"), context);
  if (result === undefined) await tellFailureLog(engine, runId, context);
  else tellFiles(await writeFiles(result), context);
  return exitCodeOfRun(view.run, result);
}

/** Asks the run to stop on the first Ctrl-C; `settled` waits for that request, if there was one. */
function stopWhenInterrupted(engine: Engine, runId: RunId, progress: Progress, context: Context) {
  const { interrupted, aborted } = context;
  let request: Promise<void> = Promise.resolve();
  const stop = (): void => {
    progress.note("Stopping gracefully; Ctrl-C once more ends at once.");
    request = engine.stop(runId, "It was stopped with Ctrl-C.", aborted);
    // It is waited for at the end; until then a failure must not end the command.
    request.catch(() => undefined);
  };
  if (interrupted.aborted) stop();
  else interrupted.addEventListener("abort", stop, { once: true });
  return {
    settled: async (): Promise<void> => {
      interrupted.removeEventListener("abort", stop);
      await request.catch((error: unknown) => {
        if (!aborted.aborted) throw error;
      });
    },
  };
}
