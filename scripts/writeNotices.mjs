import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./script.mjs";

/** @typedef {{ name: string, version: string, license: string, text: string }} Notice */

/** The bundles that the extension brings along, and the one in the image of a task; the CLI's is not among them. */
const inExtension = /^(src-(agent|extension|local)|webview)-/;
const inImage = /^src-agent-/;

/** Writes dist/ThirdPartyNotices.txt for the extension. */
export function writeNotices() {
  writeFileSync(join(root, "dist", "ThirdPartyNotices.txt"), formatNotices(inExtension));
}

/** The notices for the image of a task. */
export const formatImageNotices = () => formatNotices(inImage);

/**
 * Name, version, licence and licence text of each package in the bundles of these names. Throws a sentence when a
 * package says nothing about its licence.
 * @param {RegExp} bundles
 */
function formatNotices(bundles) {
  const notices = findPackages(bundles)
    .map(readNotice)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  const parts = notices.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`,
  );
  const head = "Loadfleet contains these packages, under the licences that follow each name.\n";
  return [head, ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/** Folders of the packages whose code is in the bundles. @param {RegExp} bundles */
function findPackages(bundles) {
  const folders = new Set();
  for (const path of globSync("dist/meta/*.json", { cwd: root })) {
    if (!bundles.test(path.slice("dist/meta/".length))) continue;
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
