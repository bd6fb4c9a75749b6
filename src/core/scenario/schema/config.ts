import { executionSection } from "./execution.ts";
import { loadfleetSection } from "./loadfleet.ts";
import { requestDefinitions } from "./request.ts";
import { scenarioSection, scenariosSection } from "./scenario.ts";
import { anything, duration, either, flag, listOf, mapOf, reference, section, text, word } from "./terms.ts";
import type { Rule } from "./terms.ts";

const criterion = either(
  [
    text("A rule such as p95>300ms, or avg-rt of Label>150ms for 10s, stop as failed."),
    section(
      "an entry of criteria",
      {
        subject: text("avg-rt, p95, fail, succ, rc5??, hits, bytes and so on."),
        label: text("Label that the rule is about; all requests without it."),
        condition: word("Comparison.", [">", ">=", "<", "<=", "=", "==", "!="]),
        threshold: text("Value to compare with: 150ms, 5%, 100."),
        logic: word("How a stretch is judged (default for).", ["for", "within", "over"]),
        timeframe: duration("Length of the stretch."),
        stop: flag("End the run when the rule fires (default true)."),
        fail: flag("The run fails when the rule fires (default true)."),
        message: text("What to say when the rule fires."),
        class: text("Class of the rule; monitoring rules of Taurus are not judged here."),
      },
      { required: ["subject", "condition", "threshold"] },
    ),
  ],
  "A rule under which the run fails.",
);

const settings = section(
  "settings",
  {
    "artifacts-dir": text("Folder for Taurus' own files."),
    "check-interval": duration("How often Taurus looks at its tools."),
    "default-executor": text("Executor of entries that name none (default jmeter)."),
    "ramp-up-exclude": flag("Judge only what was measured after the ramp-up (default false)."),
    "check-updates": flag("Look for a newer Taurus."),
    aggregator: text("Module that aggregates results."),
    proxy: anything("Proxy for uploads to BlazeMeter."),
    verbose: flag("Log more."),
    env: anything("Values for ${NAME} anywhere in this file."),
  },
  { isOpen: true, description: "Settings of the whole configuration." },
);

const reporter = either(
  [
    text("Name of a reporting module."),
    section(
      "an entry of reporting",
      { module: text("Name of the module."), criteria: reference("criteria") },
      { isOpen: true, required: ["module"] },
    ),
  ],
  "A reporting module; passfail holds the criteria.",
);

const properties = {
  execution: executionSection,
  scenarios: scenariosSection,
  reporting: listOf(reporter, "Reporting modules; passfail holds the criteria of the run."),
  loadfleet: loadfleetSection,
  settings,
  modules: mapOf(anything("Settings of the module, or its class."), "Settings of Taurus' modules and tools."),
  services: anything("Services that Taurus starts beside the load."),
  provisioning: text("Where Taurus runs (local)."),
  "included-configs": listOf(
    text("Path of a YAML or JSON file."),
    "Further configuration files that are merged into this one.",
  ),
  "cli-aliases": anything("Aliases for bzt's command line."),
  cli: anything("Options of bzt's command line."),
};

const config = section("the file", properties, {
  isOpen: true,
  description: "A load test: a Taurus configuration with an optional section loadfleet.",
});

const definitions: Readonly<Record<string, Rule>> = {
  ...requestDefinitions,
  scenario: scenarioSection,
  criteria: either(
    [listOf(criterion, "Rules under which the run fails."), mapOf(criterion, "Rules by the message that each gives.")],
    "Rules under which the run fails, as a list, or as a mapping from messages to rules.",
  ),
};

/** The one source of the scenario language: what may stand in a file, for validation here and, as JSON Schema, for editors. */
export const configSchema: Rule = {
  $schema: "http://json-schema.org/draft-07/schema#",
  ...config,
  $defs: definitions,
};

/** Finds the definition that a `$ref` names. */
export function definitionOf(ref: string): Rule | undefined {
  return definitions[ref.replace("#/$defs/", "")];
}
