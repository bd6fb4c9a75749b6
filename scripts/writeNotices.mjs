import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./script.mjs";

/** @typedef {{ name: string, version: string, license: string, text: string }} Notice */

/** The bundles that the extension brings along; the CLI's is not among them. */
const shipped = /^(src-(agent|extension|local)|webview)-/;

/**
 * Writes dist/ThirdPartyNotices.txt: name, version, licence and licence text of each package that is in a bundle of the
 * extension. Throws a sentence when a package says nothing about its licence.
 */
export function writeNotices() {
  const notices = findPackages()
    .map(readNotice)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  const parts = notices.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`,
  );
  const head = "Loadfleet contains these packages, under the licences that follow each name.\n";
  writeFileSync(join(root, "dist", "ThirdPartyNotices.txt"), [head, ...parts].join(`\n${"-".repeat(80)}\n\n`));
}

/** Folders of the packages whose code is in the bundles. */
function findPackages() {
  const folders = new Set();
  for (const path of globSync("dist/meta/*.json", { cwd: root })) {
    if (!shipped.test(path.slice("dist/meta/".length))) continue;
    const { outputs } = JSON.parse(readFileSync(join(root, path), "utf8"));
    for (const input of Object.values(outputs).flatMap((output) => Object.keys(output.inputs))) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  return [...folders];
}

/** @param {string} folder @returns {Notice} */
function readNotice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const [file] = globSync("{LICENSE,LICENCE,License,license,COPYING}*", { cwd: join(root, folder) }).toSorted();
  if (typeof license !== "string") throw new Error(`The package ${name} ${version} names no licence.`);
  // Some packages name a licence and bring no text; the name is what they give.
  const text = file === undefined ? `Licensed under ${license}.` : readFileSync(join(root, folder, file), "utf8");
  return { name, version, license, text };
}
