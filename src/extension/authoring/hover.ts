import {
  ColorThemeKind,
  Hover,
  l10n,
  MarkdownString,
  Range,
  window,
  type Position,
  type TextDocument,
  type Uri,
} from "vscode";
import { planLoad } from "../../core/run/planLoad.ts";
import type { PlannedExecution } from "../../core/run/plan.ts";
import { hoverAt } from "../../core/scenario/language/hover.ts";
import { describeProfile, drawProfile } from "../../core/scenario/language/profileSvg.ts";
import type { PictureColors } from "../../core/scenario/language/profileSvg.ts";
import { tell } from "../language.ts";
import { manualPlace } from "./manual.ts";
import { readingOf } from "./readings.ts";
import type { Reading } from "./readings.ts";
import { yamlSupportFor } from "./redHat.ts";

/** Explains what stands at a position; keys of the load come with a picture of it. */
export function hoverScenario(document: TextDocument, position: Position, extension: Uri): Hover | undefined {
  const reading = readingOf(document);
  const found = hoverAt(reading.config, document.offsetAt(position));
  if (found === undefined) return undefined;
  const { key, description, choices, page, isLoad } = found;
  const text = new MarkdownString();
  // The YAML extension shows the description by the schema.
  if (!yamlSupportFor(document).hovers) {
    text.appendMarkdown(`**${key}**  \n${tell(description)}\n\n`);
    if (choices.length > 0) text.appendMarkdown(`${choices.map((choice) => `\`${choice}\``).join(" · ")}\n\n`);
  }
  if (isLoad) appendPicture(text, reading);
  const [title, address] =
    page === undefined
      ? [l10n.t("Loadfleet documentation"), manualPlace(extension, "scenario.md", key).toString()]
      : [l10n.t("Taurus documentation"), page];
  text.appendMarkdown(`[${title}](${address})`);
  return new Hover(text, new Range(document.positionAt(found.start), document.positionAt(found.end)));
}

function appendPicture(text: MarkdownString, reading: Reading): void {
  const executions = executionsOf(reading);
  if (executions.length === 0) return;
  const sentence = tell(describeProfile(executions));
  const svg = drawProfile(executions, colors[window.activeColorTheme.kind], tell);
  const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  text.appendMarkdown(`![${sentence}](${address})\n\n${sentence}.\n\n`);
}

/** The load in numbers; nothing when it has values that are given with a run only. */
function executionsOf({ scenario }: Reading): readonly PlannedExecution[] {
  if (scenario === undefined || scenario.executions.length === 0) return [];
  const isKnown = scenario.executions.every((execution) => Object.hasOwn(scenario.bodies, execution.scenario));
  const load = isKnown ? planLoad(scenario, { engine: "local" }) : undefined;
  return load?.problems.some(({ severity }) => severity === "error") === false ? load.executions : [];
}

const dark: PictureColors = { line: "#4daafc", rate: "#e2c08d", text: "#cccccc", grid: "#5a5a5a" };
const light: PictureColors = { line: "#005fb8", rate: "#895503", text: "#3b3b3b", grid: "#c8c8c8" };

const colors: Readonly<Record<ColorThemeKind, PictureColors>> = {
  [ColorThemeKind.Dark]: dark,
  [ColorThemeKind.Light]: light,
  [ColorThemeKind.HighContrast]: { line: "#6fc3df", rate: "#f3d45b", text: "#ffffff", grid: "#ffffff" },
  [ColorThemeKind.HighContrastLight]: { line: "#0f4a85", rate: "#5c3a00", text: "#000000", grid: "#000000" },
};
