import {
  Diagnostic,
  DiagnosticSeverity,
  l10n,
  languages,
  MarkdownString,
  Range,
  ThemeColor,
  window,
  workspace,
  type DecorationOptions,
  type Disposable,
  type TextDocument,
  type Uri,
} from "vscode";
import type { RunId } from "../../core/run/ids.ts";
import type { RunResult } from "../../core/results/result.ts";
import { tell } from "../language.ts";
import { isScenario } from "../recognize.ts";
import { settings } from "../settings.ts";
import { compareEach } from "./comparedRuns.ts";
import { judgedCriteria } from "./failedCriteria.ts";
import { inlineFigures, type InlineFigure } from "./inlineFigures.ts";
import { manualPlace } from "../authoring/manual.ts";
import { readingOf } from "../authoring/readings.ts";
import type { RunServices } from "./services.ts";

const debounceMs = 300;
const mostResults = 20;

/** Shows in the editors of scenarios what their last runs measured: figures beside requests, failed criteria as diagnostics. */
export class ResultMarks implements Disposable {
  readonly #services: RunServices;
  readonly #results = new Map<RunId, Promise<RunResult | undefined>>();
  readonly #diagnostics = languages.createDiagnosticCollection("loadfleet.results");
  readonly #calm = decorationType("editorCodeLens.foreground");
  readonly #failing = decorationType("editorWarning.foreground");
  readonly #owned: readonly { dispose(): unknown }[];
  #timer: NodeJS.Timeout | undefined;

  constructor(services: RunServices) {
    this.#services = services;
    this.#owned = [
      this.#diagnostics,
      this.#calm,
      this.#failing,
      services.book.onChange(() => this.#showSoon(0)),
      workspace.onDidOpenTextDocument(() => this.#showSoon(0)),
      window.onDidChangeVisibleTextEditors(() => this.#showSoon(0)),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (isScenario(document)) this.#showSoon(debounceMs);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.#diagnostics.delete(uri)),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("loadfleet.editor")) this.#showSoon(0);
      }),
    ];
    this.#showSoon(0);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const item of this.#owned) item.dispose();
  }

  #showSoon(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // Also those behind another tab: after a run the panel covers the file, and Problems lists it all the same.
      for (const document of workspace.textDocuments) {
        if (document.uri.scheme !== "file" || !isScenario(document)) continue;
        this.#show(document).catch((error: unknown) => this.#services.log.error(String(error)));
      }
    }, delayMs);
  }

  async #show(document: TextDocument): Promise<void> {
    const { version } = document;
    const { book, extensionUri } = this.#services;
    const runs = book.runsOf(document.uri.fsPath);
    const { scenario, config } = readingOf(document);
    if (scenario === undefined) return this.#clear(document);
    const names = scenario.executions.map((execution) => execution.scenario);
    const compared = await compareEach(names, runs, (runId) => this.#resultOf(runId));
    // A newer text is marked by its own turn.
    if (document.version !== version) return;
    if (compared.length === 0) return this.#clear(document);
    const results = compared.map(({ last }) => last);
    this.#diagnostics.set(document.uri, diagnosticsOf(judgedCriteria(scenario, results), document, extensionUri));
    const isShown = settings.showsInlineFigures(document.uri);
    const figures = isShown ? inlineFigures(config, compared, l10n.t) : [];
    const decorate = (hasErrors: boolean): DecorationOptions[] =>
      figures.filter((figure) => figure.hasErrors === hasErrors).map((figure) => decoration(figure, document));
    this.#decorate(document, decorate(false), decorate(true));
  }

  #clear(document: TextDocument): void {
    this.#diagnostics.delete(document.uri);
    this.#decorate(document, [], []);
  }

  #decorate(document: TextDocument, calm: DecorationOptions[], failing: DecorationOptions[]): void {
    for (const editor of window.visibleTextEditors) {
      if (editor.document !== document) continue;
      editor.setDecorations(this.#calm, calm);
      editor.setDecorations(this.#failing, failing);
    }
  }

  #resultOf(runId: RunId): Promise<RunResult | undefined> {
    const { engine, closing } = this.#services;
    const known = this.#results.get(runId) ?? engine.result(runId, closing);
    // The least used is forgotten.
    this.#results.delete(runId);
    this.#results.set(runId, known);
    known.catch(() => this.#results.delete(runId));
    const [oldest] = this.#results.keys();
    if (this.#results.size > mostResults && oldest !== undefined) this.#results.delete(oldest);
    return known;
  }
}

function decorationType(color: string) {
  return window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3ch", color: new ThemeColor(color), fontStyle: "normal" },
    isWholeLine: true,
  });
}

function decoration({ line, text, hover }: InlineFigure, document: TextDocument): DecorationOptions {
  const end = document.lineAt(line - 1).range.end;
  return {
    range: new Range(end, end),
    hoverMessage: new MarkdownString(hover),
    renderOptions: { after: { contentText: text } },
  };
}

function diagnosticsOf(
  criteria: ReturnType<typeof judgedCriteria>,
  document: TextDocument,
  extension: Uri,
): Diagnostic[] {
  return criteria
    .filter(({ rule, range }) => rule.status === "failed" && range.line <= document.lineCount)
    .map(({ rule, range }) => {
      const place = new Range(range.line - 1, range.column - 1, range.endLine - 1, range.endColumn - 1);
      const diagnostic = new Diagnostic(document.validateRange(place), tell(rule.sentence), DiagnosticSeverity.Error);
      diagnostic.source = "Loadfleet";
      diagnostic.code = {
        value: "criterion-failed",
        target: manualPlace(extension, "problems.md", "criterion-failed"),
      };
      return diagnostic;
    });
}
