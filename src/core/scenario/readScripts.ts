import type { PlacedExecution } from "./checkScenario.ts";
import { maxFileLength } from "./document.ts";
import { normalizePath } from "./files.ts";
import { readJmx } from "./jmx.ts";
import type { JmxOptions } from "./jmx.ts";
import { bundledPlugins } from "./jmx/plugins.ts";
import type { JmxOutline } from "./jmx/outline.ts";
import type { ScenarioBody } from "./model.ts";
import { itemsOf, openSection, take, textOf } from "./section.ts";
import type { Reader } from "./section.ts";
import type { MapNode } from "./tree.ts";

/**
 * Looks into the JMX scripts of all scenarios: their mistakes are reported and their files are taken along. The answer
 * is the labels of their samplers; undefined when a script holds others.
 */
export function readScripts(
  config: MapNode,
  executions: readonly PlacedExecution[],
  bodies: ReadonlyMap<string, ScenarioBody>,
  reader: Reader,
): readonly string[] | undefined {
  checkListedPlugins(config, reader);
  const labels: string[] = [];
  const outlines = new Map<string, JmxOutline | undefined>();
  let areKnown = true;
  let lengthLeft = maxFileLength;
  for (const { name, script } of bodies.values()) {
    if (script === undefined) continue;
    const users = executions.filter(({ execution }) => execution.scenario === name);
    const isEnded = users.every(
      ({ execution: { load } }) => load.local.holdForMs !== undefined || load.local.iterations !== undefined,
    );
    const path = normalizePath(script);
    if (/\.jmx$/i.test(path) && !outlines.has(path)) {
      const text = readText(path, reader);
      lengthLeft -= text?.length ?? 0;
      // What all scripts together have beyond the limit is not looked into either.
      const read = lengthLeft < 0 ? tooLarge : text;
      outlines.set(path, read === undefined ? undefined : outlineScript(path, read, reader, { isEnded }));
    }
    const outline = outlines.get(path);
    if (outline === undefined) areKnown = false;
    for (const { label } of outline?.samplers ?? []) labels.push(label);
  }
  return areKnown ? labels : undefined;
}

/** Stands for a file that is too large: its length alone is what is reported. */
const tooLarge = " ".repeat(maxFileLength + 1);

function readText(path: string, { files }: Reader): string | undefined {
  if (!files.exists(path)) return undefined;
  return (files.size(path) ?? 0) > 4 * maxFileLength ? tooLarge : files.readText(path);
}

function outlineScript(path: string, text: string, reader: Reader, options: JmxOptions): JmxOutline | undefined {
  const { outline, references } = readJmx(path, text, reader, options);
  reader.references.push(...references);
  return outline;
}

/** Taurus would install what is listed; a task downloads nothing. */
function checkListedPlugins(config: MapNode, { report }: Reader): void {
  const modules = openSection(take(openSection(config), "modules"));
  for (const item of itemsOf(take(openSection(take(modules, "jmeter")), "plugins"))) {
    const name = textOf(item)?.split("=")[0];
    if (name === undefined || bundledPlugins.has(name)) continue;
    const message = `The JMeter plugin ${name} is not on board, and tasks install nothing: put its jar into a folder plugins/ beside the scenario.`;
    report("jmx-plugin", item, message);
  }
}
