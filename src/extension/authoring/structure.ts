import { DocumentSymbol, FoldingRange, FoldingRangeKind, SymbolKind, type TextDocument } from "vscode";
import { foldsOf } from "../../core/scenario/language/folding.ts";
import { outlineConfig, outlinePlan } from "../../core/scenario/language/outline.ts";
import type { OutlineItem } from "../../core/scenario/language/outline.ts";
import { toEditorRange } from "./positions.ts";
import { readingOf } from "./readings.ts";

/** Outlines a load test: executions, scenarios with their requests, and rules; thread groups and samplers of a JMX file. */
export function outlineOf(document: TextDocument): DocumentSymbol[] {
  const { config, outline } = readingOf(document);
  return (outline === undefined ? outlineConfig(config) : outlinePlan(outline)).map(toSymbol);
}

/** Folds keys and entries with what belongs to them; left to the editor while the text is no valid YAML, and for JMX. */
export function foldingOf(document: TextDocument): FoldingRange[] | undefined {
  const { config } = readingOf(document);
  if (config.problems.length > 0 || config.roots.length === 0) return undefined;
  return foldsOf(config).map(
    ({ line, endLine, isComment }) =>
      new FoldingRange(line - 1, endLine - 1, isComment ? FoldingRangeKind.Comment : undefined),
  );
}

const kinds: Readonly<Record<OutlineItem["kind"], SymbolKind>> = {
  section: SymbolKind.Module,
  execution: SymbolKind.Event,
  scenario: SymbolKind.Class,
  request: SymbolKind.Method,
  block: SymbolKind.Namespace,
  rule: SymbolKind.Boolean,
  setting: SymbolKind.Property,
};

function toSymbol({ kind, name, detail, range, selection, children }: OutlineItem): DocumentSymbol {
  const symbol = new DocumentSymbol(name, detail, kinds[kind], toEditorRange(range), toEditorRange(selection));
  symbol.children = children.map(toSymbol);
  return symbol;
}
