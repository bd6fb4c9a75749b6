import { join, posix } from "node:path";
import type { Scenario } from "../core/scenario/model.ts";
import { namesIn } from "./files.ts";

/** Lists the jars of plugins that a scenario brings along for its test plans: in `plugins/` beside itself and beside each script. */
export async function pluginJars(scenario: Scenario, folder: string): Promise<readonly string[]> {
  const scripts = Object.values(scenario.bodies).flatMap(({ script }) => script?.replaceAll("\\", "/") ?? []);
  const plans = scripts.filter((script) => script.toLowerCase().endsWith(".jmx"));
  if (plans.length === 0) return [];
  const places = new Set(["plugins", ...plans.map((plan) => posix.join(posix.dirname(plan), "plugins"))]);
  // What leads out of the folder is refused where the scripts themselves are checked.
  const inside = [...places].filter((place) => !place.startsWith("../") && !posix.isAbsolute(place));
  const lists = inside.map(async (place) => {
    const jars = (await namesIn(join(folder, place))).filter((name) => name.toLowerCase().endsWith(".jar"));
    return jars.map((jar) => posix.join(place, jar));
  });
  return (await Promise.all(lists)).flat();
}
