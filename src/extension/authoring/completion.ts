import {
  CompletionItem,
  CompletionItemKind,
  FileType,
  MarkdownString,
  Range,
  SnippetString,
  workspace,
  type CancellationToken,
  type Position,
  type TextDocument,
} from "vscode";
import { labelsOf } from "../../core/run/labels.ts";
import { completeAt } from "../../core/scenario/language/complete.ts";
import type { Completions, Suggestion } from "../../core/scenario/language/complete.ts";
import { tell } from "../language.ts";
import { fileBeside } from "./positions.ts";
import { fileNameOf, readingOf } from "./readings.ts";
import { yamlSupportFor } from "./redHat.ts";

/** Suggests what can be written at a position; what the YAML extension suggests by the schema is left to it. */
export async function completeScenario(
  document: TextDocument,
  position: Position,
  token: CancellationToken,
): Promise<CompletionItem[]> {
  if (document.languageId !== "yaml") return [];
  const { scenario } = readingOf(document);
  const labels = scenario === undefined ? [] : labelsOf(scenario);
  const text = document.getText();
  const completions = completeAt(text, document.offsetAt(position), labels);
  if (completions === undefined) return [];
  const range = new Range(document.positionAt(completions.start), document.positionAt(completions.end));
  const isSchemaLeft = yamlSupportFor(document).completes;
  const own = completions.suggestions.filter(({ kind }) => !isSchemaLeft || (kind !== "key" && kind !== "value"));
  const items = own.map((suggestion, index) => toItem(suggestion, range, index));
  const files = await fileItems(completions, document, range);
  return token.isCancellationRequested ? [] : [...items, ...files];
}

const kinds: Readonly<Record<Suggestion["kind"], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  scenario: CompletionItemKind.Reference,
  label: CompletionItemKind.Reference,
  criterion: CompletionItemKind.Snippet,
  snippet: CompletionItemKind.Snippet,
};

const suggestAgain = { command: "editor.action.triggerSuggest", title: "" };

function toItem(suggestion: Suggestion, range: Range, index: number): CompletionItem {
  const label = suggestion.kind === "snippet" ? tell(suggestion.label) : suggestion.label;
  const item = new CompletionItem(label, kinds[suggestion.kind]);
  item.insertText = new SnippetString(suggestion.snippet);
  // The snippet brings the columns of its lines itself.
  item.keepWhitespace = true;
  item.range = range;
  item.sortText = `${suggestion.rank}${String(index).padStart(4, "0")}`;
  const description = tell(suggestion.description);
  if (description !== "") item.documentation = new MarkdownString(description);
  if (suggestion.continues) item.command = suggestAgain;
  if (suggestion.kind === "criterion") item.detail = description;
  // A key that begins another entry is found by its name.
  if (suggestion.label.startsWith("- ")) item.filterText = suggestion.label.slice(2);
  // Told in another language, it is still found by its English name, as it stands in the manual.
  else if (label !== suggestion.label) item.filterText = `${label} ${suggestion.label}`;
  return item;
}

/** The files and folders that a path can go on with. */
async function fileItems({ files }: Completions, document: TextDocument, range: Range): Promise<CompletionItem[]> {
  if (files === undefined || document.isUntitled) return [];
  const entries = await listFolder(document, files.folder);
  return entries
    .filter(([name]) => !name.startsWith(".") && name !== fileNameOf(document) && name !== "node_modules")
    .filter(([name, type]) => (type & FileType.Directory) !== 0 || files.fitting.test(name))
    .map(([name, type]) => {
      const isFolder = (type & FileType.Directory) !== 0;
      const item = new CompletionItem(name, isFolder ? CompletionItemKind.Folder : CompletionItemKind.File);
      item.insertText = isFolder ? `${name}/` : name;
      item.range = range;
      item.sortText = `1${isFolder ? "1" : "0"}${name}`;
      if (isFolder) item.command = suggestAgain;
      return item;
    });
}

/** Entries of a folder; none when there is no such folder yet. */
async function listFolder(document: TextDocument, folder: string): Promise<[string, FileType][]> {
  try {
    return await workspace.fs.readDirectory(fileBeside(document, folder));
  } catch (error) {
    if (error instanceof Error && "code" in error) return [];
    throw error;
  }
}
