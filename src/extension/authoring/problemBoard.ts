import { readFileSync } from "node:fs";
import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  languages,
  Location,
  Range,
  Uri,
  workspace,
  type TextDocument,
} from "vscode";
import { planRun } from "../../core/run/planRun.ts";
import { beyondSchema } from "../../core/scenario/language/beyondSchema.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { tell } from "../language.ts";
import { isScenario } from "../recognize.ts";
import { fileBeside, toEditorRange } from "./positions.ts";
import { fileNameOf, readingOf } from "./readings.ts";
import type { Reading } from "./readings.ts";
import { yamlSupportFor } from "./redHat.ts";

const quietMs = 300;

/** Shows the Problems of open load tests, a moment after the last change. */
export class ProblemBoard implements Disposable {
  readonly #diagnostics = languages.createDiagnosticCollection("loadfleet");
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #explanations: Uri;
  #lines: ReadonlyMap<string, number> | undefined;

  constructor(extension: Uri) {
    this.#explanations = Uri.joinPath(extension, "docs", "problems.md");
  }

  /** Checks a document at once when it has not been checked yet, else when nobody has changed it for a moment. */
  readonly checkSoon = (document: TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    if (!isWritten(document)) return;
    if (!this.#diagnostics.has(document.uri)) return this.#check(document);
    this.#timers.set(
      key,
      setTimeout(() => this.#check(document), quietMs),
    );
  };

  /** Checks every open load test. */
  checkAll(): void {
    for (const document of workspace.textDocuments) {
      if (isWritten(document)) this.checkSoon(document);
      else this.forget(document);
    }
  }

  /** Takes away what was shown about a document. */
  forget({ uri }: TextDocument): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#diagnostics.delete(uri);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#diagnostics.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(document: TextDocument): void {
    this.#timers.delete(document.uri.toString());
    if (document.isClosed || !isWritten(document)) return this.forget(document);
    const reading = readingOf(document);
    const problems = yamlSupportFor(document).validates ? beyondSchema(reading.problems) : reading.problems;
    const all = [...problems, ...planProblems(reading)];
    this.#diagnostics.set(
      document.uri,
      all.map((problem) => this.#toDiagnostic(problem, document, reading)),
    );
  }

  #toDiagnostic(problem: Problem, document: TextDocument, { scenario }: Reading): Diagnostic {
    const isOwn = problem.file === fileNameOf(document);
    // A mistake in a file that this one names is shown where it names it.
    const named = scenario?.files.find(({ path }) => path === problem.file)?.range;
    const range = isOwn ? toEditorRange(problem) : named === undefined ? new Range(0, 0, 0, 0) : toEditorRange(named);
    const sentence = tell(problem.message);
    const message = isOwn ? sentence : `${problem.file}:${problem.line}: ${sentence}`;
    const diagnostic = new Diagnostic(range, message, severities[problem.severity]);
    diagnostic.source = "Loadfleet";
    diagnostic.code = { value: problem.code, target: this.#explanationOf(problem.code) };
    if (!isOwn) {
      const place = new Location(fileBeside(document, problem.file), toEditorRange(problem));
      diagnostic.relatedInformation = [new DiagnosticRelatedInformation(place, sentence)];
    }
    return diagnostic;
  }

  /** The line of docs/problems.md that explains a code. */
  #explanationOf(code: string): Uri {
    this.#lines ??= new Map(
      readFileSync(this.#explanations.fsPath, "utf8")
        .split("\n")
        .map((line, index) => [/^- `([\w-]+)`/.exec(line)?.[1] ?? "", index + 1]),
    );
    return this.#explanations.with({ fragment: `L${this.#lines.get(code) ?? 1}` });
  }
}

/** Tells whether a person writes the document here: not so for the state of another commit beside it. */
function isWritten(document: TextDocument): boolean {
  const { uri } = document;
  const isHere = uri.scheme === "file" || uri.scheme === "untitled" || workspace.getWorkspaceFolder(uri) !== undefined;
  return isHere && isScenario(document);
}

const severities: Readonly<Record<Problem["severity"], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Information,
};

/** What a run of the file as it stands would risk; values that are only given with a run are no mistake of the file. */
function planProblems({ scenario, problems }: Reading): readonly Problem[] {
  if (scenario === undefined || problems.some(({ severity }) => severity === "error")) return [];
  const planned = planRun(scenario, { engine: "local" }, { files: [], sha256: "" }).problems;
  return planned.filter(({ severity }) => severity !== "error");
}
