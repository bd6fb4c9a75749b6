import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  languages,
  Location,
  Range,
  workspace,
  type TextDocument,
  type Uri,
} from "vscode";
import { planRun } from "../../core/run/planRun.ts";
import { beyondSchema } from "../../core/scenario/language/beyondSchema.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { tell } from "../language.ts";
import { isScenario } from "../recognize.ts";
import { manualPlace } from "./manual.ts";
import { NamedFiles } from "./namedFiles.ts";
import { fileBeside, toEditorRange } from "./positions.ts";
import { fileNameOf, forgetReadings, readingOf } from "./readings.ts";
import type { Reading } from "./readings.ts";
import { yamlSupportFor } from "./redHat.ts";

const quietMs = 300;

/** Shows the Problems of open load tests, a moment after the last change. */
export class ProblemBoard implements Disposable {
  readonly #diagnostics = languages.createDiagnosticCollection("loadfleet");
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #named = new NamedFiles(() => this.recheck());
  readonly #extension: Uri;

  constructor(extension: Uri) {
    this.#extension = extension;
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

  /** Reads and checks every open load test anew. */
  readonly recheck = (): void => {
    forgetReadings();
    for (const document of workspace.textDocuments) {
      if (isWritten(document)) this.checkSoon(document);
      else this.forget(document);
    }
  };

  /** Takes away what was shown about a document. */
  forget(document: TextDocument): void {
    const { uri } = document;
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#diagnostics.delete(uri);
    this.#named.forget(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#diagnostics.dispose();
    this.#named.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(document: TextDocument): void {
    this.#timers.delete(document.uri.toString());
    if (document.isClosed || !isWritten(document)) return this.forget(document);
    const reading = readingOf(document);
    this.#named.set(document, reading.scenario?.files ?? []);
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
    diagnostic.code = {
      value: problem.code,
      target: manualPlace(this.#extension, "problems.md", problem.code),
    };
    if (!isOwn) {
      const place = new Location(fileBeside(document, problem.file), toEditorRange(problem));
      diagnostic.relatedInformation = [new DiagnosticRelatedInformation(place, sentence)];
    }
    return diagnostic;
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
