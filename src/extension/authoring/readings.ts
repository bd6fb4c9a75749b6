import type { TextDocument } from "vscode";
import type { ConfigDocument } from "../../core/scenario/document.ts";
import { readJmxScenario } from "../../core/scenario/jmx.ts";
import type { JmxOutline } from "../../core/scenario/jmx/outline.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { readScenario } from "../../core/scenario/readScenario.ts";
import { makeSource } from "../../core/scenario/tree.ts";
import { filesAround } from "./documentFiles.ts";

/** A load test in an editor as it was understood. */
export interface Reading {
  readonly scenario: Scenario | undefined;
  /** The parsed YAML; for a JMX file its text alone. */
  readonly config: ConfigDocument;
  /** Of a JMX file. */
  readonly outline: JmxOutline | undefined;
  readonly problems: readonly Problem[];
}

let readings = new WeakMap<TextDocument, { readonly version: number; readonly reading: Reading }>();

/** Reads a document once for each of its versions. */
export function readingOf(document: TextDocument): Reading {
  const known = readings.get(document);
  if (known?.version === document.version) return known.reading;
  const reading = read(document);
  readings.set(document, { version: document.version, reading });
  return reading;
}

/** Has every document read anew: the files that it names have changed. */
export function forgetReadings(): void {
  readings = new WeakMap();
}

/** The name of a document's file, by which its Problems name it. */
export function fileNameOf(document: TextDocument): string {
  return document.uri.path.split("/").at(-1) ?? "";
}

function read(document: TextDocument): Reading {
  const name = fileNameOf(document);
  const text = document.getText();
  if (name.toLowerCase().endsWith(".jmx")) {
    const config: ConfigDocument = { source: makeSource(name, text), roots: [], problems: [], lexemesLeft: 0 };
    return { ...readJmxScenario(name, text, filesAround(document)), config };
  }
  const { scenario, document: config, problems } = readScenario(name, text, filesAround(document));
  return { scenario, config, outline: undefined, problems };
}
