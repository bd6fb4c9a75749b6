import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { unzipSync } from "fflate";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { RunPlan } from "../core/run/plan.ts";
import { planProblem } from "../core/run/planProblem.ts";
import { outlineJmx, type JmxPlugin } from "../core/scenario/jmx/outline.ts";
import { bundledPlugins, pluginOf } from "../core/scenario/jmx/plugins.ts";
import { parseXml } from "../core/scenario/jmx/xml.ts";
import type { Problem } from "../core/scenario/problem.ts";
import { makeSource } from "../core/scenario/tree.ts";
import type { BundleContent } from "../fleet/engine.ts";

/** Plugin classes for which an agent's module loadfleet_jmeter.py puts JMeter's own. */
export const replacedClasses: ReadonlySet<string> = new Set([
  "com.atlantbh.jmeter.plugins.jsonutils.jsonpathassertion.JSONPathAssertion",
]);

const Config = Type.Object({
  modules: Type.Object({ jmeter: Type.Object({ plugins: Type.Array(Type.Unknown()) }) }),
});

/** A jar with the names of its classes. */
interface Jar {
  readonly name: string;
  readonly classes: readonly string[];
}

/**
 * Lists the plugins that a plan's scripts and its `modules.jmeter.plugins` need and that neither JMeter nor the jars
 * that travel with the run have, each as a Problem that names it.
 * @param jmeterHome the person's own JMeter, when that runs it; undefined is the one of image and set-up, whose plugins are known
 */
export async function findMissingPlugins(
  plan: RunPlan,
  contents: readonly BundleContent[],
  jmeterHome: string | undefined,
): Promise<readonly Problem[]> {
  const scripts = new Set(plan.executions.flatMap(({ scenario }) => plan.scenario.bodies[scenario]?.script ?? []));
  const wanted = contents.filter(({ path }) => scripts.has(path)).flatMap(pluginsIn);
  const listed = listedPlugins(plan);
  if (wanted.length + listed.length === 0) return [];
  const brought = contents.filter(({ path }) => /\.jar$/i.test(path)).map(({ path, bytes }) => jarOf(path, bytes));
  const own = jmeterHome === undefined ? [] : await jarsIn(["lib", "lib/ext"].map((name) => join(jmeterHome, name)));
  const jars = [...brought, ...own];
  const classes = new Set(jars.flatMap((jar) => jar.classes));
  const isOnBoard = (plugin: string | undefined): boolean =>
    jmeterHome === undefined && plugin !== undefined && bundledPlugins.has(plugin);
  const missing = wanted.filter(
    ({ className, plugin }) => !classes.has(className) && !replacedClasses.has(className) && !isOnBoard(plugin),
  );
  return [
    ...missing.map(({ className, plugin, range, script }) => {
      const what = plugin === undefined ? className : `${className} of the plugin ${plugin}`;
      const file = plan.scenario.file.endsWith(script) ? plan.scenario.file : besideOf(plan.scenario.file, script);
      return { ...planProblem(plan.scenario, "plugin-missing", refusalOf(what), { range }), file };
    }),
    ...listed
      .filter((plugin) => !isOnBoard(plugin) && !jars.some((jar) => holds(jar, plugin)))
      .map((plugin) => planProblem(plan.scenario, "plugin-missing", refusalOf(`modules.jmeter.plugins: ${plugin}`))),
  ];
}

/** Reads the names of the classes in the jars of folders; a folder that is not there has none. */
export async function classesIn(folders: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await jarsIn(folders)).flatMap(({ classes }) => classes));
}

function refusalOf(what: string): string {
  const onBoard = [...bundledPlugins].toSorted().join(", ");
  return `JMeter lacks ${what}, and tasks install nothing: put the jar into a folder plugins/ beside the scenario. On board are ${onBoard}.`;
}

function besideOf(scenario: string, script: string): string {
  return posix.join(posix.dirname(scenario), script);
}

function pluginsIn({ path, bytes }: BundleContent): readonly (JmxPlugin & { readonly script: string })[] {
  if (!/\.jmx$/i.test(path)) return [];
  const source = makeSource(
    path,
    Buffer.from(bytes)
      .toString("utf8")
      .replace(/^\uFEFF/, ""),
  );
  const root = parseXml(source);
  // JMeter itself judges what cannot be read here.
  return "code" in root ? [] : outlineJmx(source, root).plugins.map((plugin) => ({ ...plugin, script: path }));
}

/** Names in `modules.jmeter.plugins`, without their versions. */
function listedPlugins({ scenario: { config } }: RunPlan): readonly string[] {
  if (!Value.Check(Config, config)) return [];
  return config.modules.jmeter.plugins.flatMap((item) => {
    const name = typeof item === "string" ? (item.split("=")[0] ?? "").trim() : "";
    return name === "" ? [] : [name];
  });
}

/** A jar has a plugin when it has classes that are known to be of it, or when it is named after it. */
function holds({ name, classes }: Jar, plugin: string): boolean {
  const stem = plugin.replace(/^(?:jpgc|bzm)-/, "");
  const parts = `-${name.replace(/[_.]/g, "-")}-`.toLowerCase();
  return parts.includes(`-${stem.toLowerCase()}-`) || classes.some((one) => pluginOf(one) === plugin);
}

async function jarsIn(folders: readonly string[]): Promise<readonly Jar[]> {
  const lists = folders
    .filter((folder) => existsSync(folder))
    .map(async (folder) => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".jar"));
      return Promise.all(names.map(async (name) => jarOf(name, await readFile(join(folder, name)))));
    });
  return (await Promise.all(lists)).flat();
}

function jarOf(path: string, bytes: Uint8Array): Jar {
  const names: string[] = [];
  // The filter sees each entry; nothing has to be unpacked.
  unzipSync(bytes, { filter: ({ name }) => names.push(name) < 0 });
  const classes = names.filter((name) => name.endsWith(".class"));
  return { name: basename(path), classes: classes.map((name) => name.slice(0, -6).replaceAll("/", ".")) };
}
