import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix, sep } from "node:path";
import { root } from "./script.mjs";

/**
 * What the files below a folder may import: folders of ours (itself always), npm packages ("*": all but the reserved
 * ones) and Node's modules. The rules and their reasons stand in docs and CONTRIBUTING.md.
 * @typedef {{ folders: string[], packages: string[], node: boolean, except?: string[] }} Rule
 */

const engines = ["src/core", "src/fleet", "src/generator", "src/agent", "src/local", "src/aws", "src/deploy"];
const notForPages = [
  "src/core/scenario/document.ts",
  "src/core/scenario/yamlTree.ts",
  "src/core/scenario/jmx.ts",
  "src/core/scenario/jmx/",
];

/** @type {Record<string, Rule>} */
const rules = {
  "src/core": { folders: [], packages: ["yaml", "fast-xml-parser", "typebox", "fflate"], node: false },
  "src/fleet": { folders: ["src/core"], packages: [], node: false },
  "src/generator": { folders: ["src/core"], packages: ["*"], node: true },
  "src/agent": {
    folders: ["src/core", "src/fleet", "src/generator", "src/local", "src/aws"],
    packages: ["*"],
    node: true,
  },
  "src/local": { folders: ["src/core", "src/fleet"], packages: ["*"], node: true },
  "src/aws": { folders: ["src/core", "src/fleet"], packages: ["*", "@aws-sdk", "@smithy"], node: true },
  "src/deploy": { folders: ["src/core", "src/fleet", "src/aws"], packages: ["*", "@aws-sdk", "@smithy"], node: true },
  "src/lambda": { folders: ["src/core", "src/fleet", "src/aws"], packages: ["*", "@aws-sdk", "@smithy"], node: true },
  "src/extension": { folders: engines, packages: ["*", "vscode"], node: true },
  "src/cli": { folders: engines, packages: ["*"], node: true },
  webview: { folders: ["src/core"], packages: ["*"], node: false, except: notForPages },
  stack: {
    folders: ["src/core", "scripts/imageContext.mjs"],
    packages: ["*", "aws-cdk-lib", "constructs"],
    node: true,
  },
  examples: { folders: [...engines, "src/cli"], packages: ["*"], node: true },
  scripts: { folders: ["esbuild.mjs", "container"], packages: ["*"], node: true },
};
const reserved = ["vscode", "@aws-sdk", "@smithy", "aws-cdk-lib", "constructs"];
const importPattern = /(?:\b(?:import|export)\b[^;"'`]*?\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\1/g;

/** Lists the imports that the rules forbid, one sentence each. */
export function checkImports() {
  const files = globSync("{src,webview,stack,examples,scripts}/**/*.{ts,tsx,mjs}", { cwd: root });
  return files.map((file) => file.split(sep).join("/")).flatMap(checkFile);
}

/** @param {string} file */
function checkFile(file) {
  const area = file.split("/", file.startsWith("src/") ? 2 : 1).join("/");
  const rule = rules[area];
  if (!rule) return [`${file}: scripts/checkImports.mjs has no rule for ${area}.`];
  const lines = readFileSync(join(root, file), "utf8").matchAll(importPattern);
  return [...lines]
    .map(([, , specifier = ""]) => specifier)
    .filter((specifier) => !isAllowed(rule, area, file, specifier))
    .map((specifier) => `${file}: ${area} must not import "${specifier}".`);
}

/** @param {Rule} rule @param {string} area @param {string} file @param {string} specifier */
function isAllowed(rule, area, file, specifier) {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file), specifier);
    if (target === "package.json") return rule.node;
    const isWithin = [area, ...rule.folders].some((folder) => target === folder || target.startsWith(`${folder}/`));
    return isWithin && !rule.except?.some((excepted) => target.startsWith(excepted));
  }
  const [scope = ""] = specifier.split("/");
  if (specifier.startsWith("node:") || builtinModules.includes(scope)) return rule.node;
  return rule.packages.includes(scope) || (rule.packages.includes("*") && !reserved.includes(scope));
}
