import type { DocumentFilter, TextDocument, Uri } from "vscode";
import { settings } from "./settings.ts";

const scenarioName = /(?:^|[/\\])(?:[^/\\]*\.loadtest\.ya?ml|(?:bzt|taurus)\.ya?ml|[^/\\]*\.jmx)$/i;
// What only a Taurus configuration has at its top level.
const scenarioContent = /^(["']?)(?:execution|loadfleet)\1\s*:/m;

/** Files that are load tests by their names, as a glob for finding them. */
export const scenarioGlob = "**/{*.loadtest.yml,*.loadtest.yaml,bzt.yml,bzt.yaml,taurus.yml,taurus.yaml,*.jmx}";

/** Documents that may be load tests; {@link isScenario} tells. */
export const scenarioSelector: readonly DocumentFilter[] = [{ language: "yaml" }, { pattern: "**/*.jmx" }];

/** Tells whether a file is a load test by its name. */
export function isScenarioName(uri: Uri): boolean {
  return scenarioName.test(uri.path);
}

/** Tells whether a document is a load test: by its name or, for YAML where the setting allows it, by its content. */
export function isScenario(document: TextDocument): boolean {
  if (isScenarioName(document.uri)) return true;
  return (
    document.languageId === "yaml" &&
    settings.recognizesContent(document.uri) &&
    scenarioContent.test(document.getText())
  );
}
