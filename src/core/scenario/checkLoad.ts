import type { Checked, PlacedExecution } from "./checkScenario.ts";
import { nearest } from "./nearest.ts";
import { placeOfKey, replaceAt } from "./report.ts";
import { mapOf, numberOf, openSection, take, textOf } from "./section.ts";
import type { Reader } from "./section.ts";
import type { TreeNode } from "./tree.ts";

/** Checks that something generates load, and that the load is what it looks like. */
export function checkLoad({ config, executions, scenario, reader }: Checked): void {
  if (executions.length === 0) {
    const place = { source: config.source, start: config.start, end: config.start };
    reader.report(
      "no-execution",
      place,
      "Nothing generates load: add execution with concurrency, hold-for and scenario.",
    );
  }
  for (const execution of executions) {
    checkScenarioName(execution, Object.keys(scenario.bodies), reader);
    checkProfile(execution, reader);
  }
}

function checkScenarioName({ node, execution }: PlacedExecution, names: readonly string[], reader: Reader): void {
  const name = take(openSection(node), "scenario");
  if (name === undefined || names.includes(execution.scenario)) return;
  const meant = nearest(execution.scenario, names);
  const advice =
    meant !== undefined
      ? `write "${meant}" if you mean that`
      : names.length > 0
        ? `there are ${names.slice(0, 5).join(", ")}`
        : "define it under scenarios";
  const message = `There is no scenario "${execution.scenario}": ${advice}.`;
  reader.report("unknown-scenario", name, message, { fix: meant === undefined ? undefined : replaceAt(name, meant) });
}

function checkProfile({ node, execution }: PlacedExecution, { report }: Reader): void {
  const section = openSection(node);
  const users = take(section, "concurrency");
  const rate = take(section, "throughput");
  const steps = take(section, "steps");
  const { rampUpMs, holdForMs } = execution.load.local;
  for (const value of [users, ...(mapOf(users)?.entries.values() ?? [])]) {
    const written = value !== undefined && "key" in value ? value.value : value;
    if (written === undefined || numberOf(written) !== 0) continue;
    report(
      "zero-users",
      written,
      "Taurus runs one user even with concurrency 0: remove the entry, or write how many users it has.",
    );
  }
  if (rate !== undefined && rampUpMs === undefined && holdForMs === undefined) {
    const message = "Taurus ignores throughput without a duration: add hold-for, for example hold-for: 1m.";
    report("throughput-without-duration", rate, message);
  }
  if (steps !== undefined && rampUpMs === undefined) {
    report(
      "steps-without-ramp-up",
      steps,
      "Taurus ignores steps without ramp-up: add ramp-up, for example ramp-up: 1m.",
    );
  }
  for (const [key, pair] of [
    ["concurrency", users],
    ["throughput", rate],
  ] as const)
    checkPair(key, pair, report);
}

function checkPair(key: string, pair: TreeNode | undefined, report: Reader["report"]): void {
  const entries = mapOf(pair)?.entries;
  const [given, missing] = entries?.has("local") === true ? ["local", "cloud"] : ["cloud", "local"];
  const entry = entries?.get(given);
  if (entry === undefined || entries?.has(missing) === true) return;
  const message = `"${key}" says nothing for ${missing}, so ${textOf(entry.value) ?? "the same"} counts there too: add "${missing}".`;
  report("half-pair", placeOfKey(entry), message);
}
