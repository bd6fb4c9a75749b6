import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Frame } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Lets axe-core judge a webview's page; returns one line per finding and element. */
export async function findViolations(frame: Frame): Promise<readonly string[]> {
  // Evaluated, not added as a script: the page's policy allows none but its own.
  await frame.evaluate(source);
  return frame.evaluate(async () => {
    const loaded = globalThis as unknown as { axe: typeof axe };
    const { violations } = await loaded.axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
    );
  });
}
