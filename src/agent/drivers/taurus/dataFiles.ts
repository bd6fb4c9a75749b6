import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { RunPlan, Share } from "../../../core/run/plan.ts";
import { splitCsv } from "../../../core/run/splitCsv.ts";
import type { XmlElement } from "../../../core/scenario/jmx/xml.ts";
import { resolveProperties } from "./properties.ts";
import type { Script } from "./scripts.ts";

/** A file of rows that the users of a run share. */
interface DataFile {
  readonly path: string;
  readonly hasHeader: boolean;
  readonly isQuoted: boolean;
}

/**
 * Cuts every data file of the run down to the rows of one task; headers stay.
 * @param originals takes the whole files, from which a later call for another share begins
 */
export async function splitData(
  plan: RunPlan,
  scripts: readonly Script[],
  folder: string,
  { index, of }: Share,
  originals: Map<string, string>,
): Promise<void> {
  for (const { path, hasHeader, isQuoted } of dataFiles(plan, scripts, folder)) {
    // One byte is one character, whatever the encoding: line ends and quotes are the same in all that JMeter reads.
    const text = originals.get(path) ?? (await readFile(join(folder, path), "latin1"));
    originals.set(path, text);
    await writeFile(join(folder, path), splitCsv(text, index, of, { hasHeader, isQuoted }), "latin1");
  }
}

function dataFiles(plan: RunPlan, scripts: readonly Script[], folder: string): Iterable<DataFile> {
  const sources = plan.executions.flatMap(({ scenario }) => plan.scenario.bodies[scenario]?.dataSources ?? []);
  const own = sources.map(({ path, names, isQuoted }) => ({ path, hasHeader: names === undefined, isQuoted }));
  const all = [...own, ...scripts.flatMap((script) => dataSetsOf(script, plan.environment))];
  // A file that several name is cut once.
  const byPath = new Map(all.map((file) => [posix.normalize(file.path), file]));
  return [...byPath.values()].filter(({ path }) => existsSync(join(folder, path)));
}

function dataSetsOf(
  { path: script, root }: Script,
  environment: Readonly<Record<string, string>>,
): readonly DataFile[] {
  return elementsOf(root, "CSVDataSet").map((element) => {
    const name = resolveProperties(propertyOf(element, "filename"), environment);
    return {
      path: posix.join(posix.dirname(script), name),
      hasHeader: propertyOf(element, "variableNames") === "" || propertyOf(element, "ignoreFirstLine") === "true",
      isQuoted: propertyOf(element, "quotedData") === "true",
    };
  });
}

function elementsOf(element: XmlElement, tag: string): readonly XmlElement[] {
  const inner = element.children.flatMap((child) => elementsOf(child, tag));
  return element.tag === tag && element.attributes["enabled"] !== "false" ? [element, ...inner] : inner;
}

function propertyOf(element: XmlElement, name: string): string {
  return element.children.find(({ attributes }) => attributes["name"] === name)?.text.trim() ?? "";
}
