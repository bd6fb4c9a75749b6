import { encodeBase64 } from "./base64.ts";
import { describeResult } from "./figures.ts";
import type { RunResult } from "./result.ts";

/** What a report is made of beside its result: the built web app, and what the core has no means for. */
export interface ReportParts {
  /** The report's web app, one classic script. */
  readonly script: string;
  readonly style: string;
  /** SHA-256 of a text's UTF-8 bytes, in base64. */
  readonly sha256: (text: string) => string;
  readonly gzip: (bytes: Uint8Array) => Uint8Array;
}

const verdictWords = { passed: "Passed", failed: "Failed", "not judged": "Not judged" } as const;

/**
 * Writes a result as one HTML file that works from disk and loads nothing. Its policy admits its own script and style
 * alone; name, verdict and the sentence on what happened stand in it even where scripts do not run.
 */
export function renderReport(result: RunResult, parts: ReportParts): string {
  const { script, style, sha256 } = parts;
  refuseTag(script, /<!--(?=[\s\S]*<script)|<\/script/i, "script");
  refuseTag(style, /<\/style/i, "style");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${sha256(script)}'`,
    `style-src 'sha256-${sha256(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const sentence = describeResult(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Loadfleet ${escapeHtml(result.origin.toolVersion)}">
<meta name="description" content="${escapeHtml(sentence)}">
<title>${escapeHtml(result.name)}: ${verdictWords[result.verdict.status].toLowerCase()}</title>
<style>${style}</style>
</head>
<body>
<div id="page">
<header><h1>${escapeHtml(result.name)}</h1></header>
<main><h2>${verdictWords[result.verdict.status]}</h2><p>${escapeHtml(sentence)}</p>
<noscript><p>The figures and charts of this report need JavaScript, which is switched off here.</p></noscript></main>
</div>
<script type="application/gzip" id="result">${packResult(result, parts)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Packs a result for the page; the folders of the machine that it ran on stay at home. */
function packResult(result: RunResult, { gzip }: ReportParts): string {
  const scenarioPath = result.origin.scenarioPath?.split(/[\\/]/).at(-1);
  const shared: RunResult = { ...result, origin: { ...result.origin, scenarioPath } };
  return encodeBase64(gzip(new TextEncoder().encode(JSON.stringify(shared))));
}

/** An inline element ends at its tag, wherever that stands; the bundler escapes it, so finding one is a bug. */
function refuseTag(content: string, pattern: RegExp, name: string): void {
  if (pattern.test(content)) throw new Error(`The report's ${name} holds a tag that would end or hide it.`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
