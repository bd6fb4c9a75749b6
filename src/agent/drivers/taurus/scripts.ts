import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { UserError } from "../../../core/errors.ts";
import type { RunPlan } from "../../../core/run/plan.ts";
import { outlineJmx, type JmxOutline } from "../../../core/scenario/jmx/outline.ts";
import { parseXml, type XmlElement } from "../../../core/scenario/jmx/xml.ts";
import { makeSource, type SourceText } from "../../../core/scenario/tree.ts";
import { classesIn, replacedClasses } from "../../../local/jmeterPlugins.ts";

/** A JMeter script of the scenario, as far as it could be read; JMeter itself judges what could not. */
export interface Script {
  /** Relative to the work folder, with `/`. */
  readonly path: string;
  readonly root: XmlElement;
  readonly outline: JmxOutline;
}

/** Reads the scripts that a plan runs. @throws {UserError} `script-missing` */
export async function readScripts(plan: RunPlan, folder: string): Promise<readonly Script[]> {
  const names = plan.executions.flatMap(({ scenario }) => plan.scenario.bodies[scenario]?.script ?? []);
  const scripts = await Promise.all([...new Set(names)].map((path) => readScript(path, folder)));
  return scripts.filter((script) => script !== undefined);
}

async function readScript(path: string, folder: string): Promise<Script | undefined> {
  if (!existsSync(join(folder, path))) {
    throw new UserError("script-missing", `The script ${path} is not among the files of the run.`, {
      hint: "Name it relative to the scenario.",
    });
  }
  const source: SourceText = makeSource(path, (await readFile(join(folder, path), "utf8")).replace(/^\uFEFF/, ""));
  const root = parseXml(source);
  return "code" in root ? undefined : { path, root, outline: outlineJmx(source, root) };
}

/** Folders with jars of plugins: `plugins/` beside the scenario and beside each script. */
export function pluginFolders(scripts: readonly Script[], folder: string): readonly string[] {
  const places = ["plugins", ...scripts.map(({ path }) => posix.join(posix.dirname(path), "plugins"))];
  return [...new Set(places)].map((place) => join(folder, place)).filter((place) => existsSync(place));
}

/**
 * Looks for the plugin classes of the scripts in the jars of JMeter and of the run.
 * @throws {UserError} `plugin-missing`, naming each that is in none of them
 */
export async function checkPlugins(scripts: readonly Script[], folders: readonly string[]): Promise<void> {
  const wanted = new Map(
    scripts.flatMap(({ outline }) => outline.plugins.map((one) => [one.className, one.plugin] as const)),
  );
  if (wanted.size === 0) return;
  const there = await classesIn(folders);
  const missing = [...wanted].filter(([name]) => !there.has(name) && !replacedClasses.has(name));
  if (missing.length === 0) return;
  const named = missing
    .map(([name, plugin]) => (plugin === undefined ? name : `${name} (plugin ${plugin})`))
    .join(", ");
  throw new UserError("plugin-missing", `JMeter lacks what the script uses: ${named}.`, {
    hint: "Put the plugin's jar into a folder plugins/ beside the scenario.",
  });
}
