import { keysOf } from "./path.ts";
import type { Path } from "./path.ts";

const site = "https://gettaurus.org/docs/";

/** Pages of Taurus' documentation by key; a heading is named by its words, joined with hyphens. */
const pageOf: Readonly<Record<string, string>> = {
  execution: "ExecutionSettings/",
  concurrency: "ExecutionSettings/#Load-Profile",
  throughput: "ExecutionSettings/#Load-Profile",
  "ramp-up": "ExecutionSettings/#Load-Profile",
  "hold-for": "ExecutionSettings/#Load-Profile",
  iterations: "ExecutionSettings/#Load-Profile",
  steps: "ExecutionSettings/#Load-Profile",
  executor: "ExecutionSettings/#Executor-Types",
  scenario: "ExecutionSettings/#Scenario",
  scenarios: "ExecutionSettings/#Scenario",
  delay: "ExecutionSettings/#Startup-Schedule",
  "start-at": "ExecutionSettings/#Startup-Schedule",
  files: "ExecutionSettings/#Additional-Files",
  env: "ExecutionSettings/#Environment-Variables",
  script: "JMeter/#Run-Existing-JMX-File",
  modifications: "JMeter/#Modifications-for-Existing-Scripts",
  requests: "JMeter/#Requests",
  "data-sources": "DataSources/",
  if: "JMeter/#If-Blocks",
  once: "JMeter/#Once-blocks",
  loop: "JMeter/#Loop-Blocks",
  while: "JMeter/#While-Blocks",
  foreach: "JMeter/#Foreach-Blocks",
  transaction: "JMeter/#Transaction-Blocks",
  "include-scenario": "JMeter/#Include-Scenario-Blocks",
  action: "JMeter/#Action-Blocks",
  "set-variables": "JMeter/#Set-Variables-Blocks",
  jsr223: "JMeter/#JSR223-Blocks",
  authorization: "JMeter/#HTTP-Authorization",
  cookies: "JMeter/#User-cookies",
  criteria: "PassFail/",
  subject: "PassFail/#Full-Form-of-the-Criteria",
  condition: "PassFail/#Full-Form-of-the-Criteria",
  threshold: "PassFail/#Full-Form-of-the-Criteria",
  timeframe: "PassFail/#Timeframe-Logic",
  logic: "PassFail/#Timeframe-Logic",
  reporting: "Reporting/",
  module: "Reporting/",
  settings: "ConfigSyntax/#Top-Level-Settings",
  modules: "ConfigSyntax/#Modules-Settings",
  "included-configs": "ConfigSyntax/#Included-Configs",
  services: "Services/",
};

/** The page of Taurus' documentation about a key of a file; undefined for keys that are Loadfleet's own. */
export function taurusPage(path: Path): string | undefined {
  const keys = keysOf(path);
  const last = keys.at(-1) ?? "";
  if (keys.length === 0 || keys[0] === "loadfleet") return undefined;
  if (Object.hasOwn(pageOf, last)) return site + (pageOf[last] ?? "");
  if (last.startsWith("extract-")) return `${site}JMeter/#Extractors`;
  if (last.startsWith("assert")) return `${site}JMeter/#Assertions`;
  if (keys.includes("requests")) return `${site}JMeter/#HTTP-Requests`;
  if (keys[0] === "scenarios") return `${site}JMeter/#Global-Settings`;
  return keys[0] === "execution" ? `${site}ExecutionSettings/` : `${site}ConfigSyntax/`;
}
