import { Composer, Lexer, Parser } from "yaml";
import type { CST, ErrorCode } from "yaml";
import { formatNumber } from "../units.ts";
import { makeProblem } from "./problemCodes.ts";
import type { Problem, Range } from "./problem.ts";
import { makeSource, rangeBetween, rangeOfKey, rangeOfNode } from "./tree.ts";
import type { MapEntry, SourceText, TreeNode } from "./tree.ts";
import { syntaxProblem } from "./yamlSyntax.ts";
import { buildTree, maxNodes, maxSyntaxProblems } from "./yamlTree.ts";

/** Largest file that is parsed, in characters. */
export const maxFileLength = 1024 * 1024;
const maxDepth = 100;
/** Words, signs and line ends of a file; some 12,000 lines. */
const maxLexemes = 100_000;

/** A parsed configuration file: its text and one tree per YAML document in it, kept for positions and for completions. */
export interface ConfigDocument {
  readonly source: SourceText;
  readonly roots: readonly TreeNode[];
  /** Mistakes of syntax; with any of them, the trees hold what could be understood. */
  readonly problems: readonly Problem[];
  /** What is left of the allowed number of lexemes, for the files that this one includes. */
  readonly lexemesLeft: number;
}

/** Where a key (undefined for items of a list) and its value stand. */
export interface PathRange {
  readonly key: Range | undefined;
  readonly value: Range;
}

/** Parses YAML or JSON text of up to 1 MB; whatever the text is, the answer is trees and problems, never an exception. */
export function parseDocument(file: string, text: string, lexemes = maxLexemes): ConfigDocument {
  const source = makeSource(file, text.startsWith("\uFEFF") ? text.slice(1) : text);
  if (source.text.length > maxFileLength) {
    const message = `${file} is larger than 1 MB, so it was not read: move data into CSV files and requests into included-configs.`;
    return failed(makeSource(file, ""), "file-too-large", message);
  }
  const lexed = lexTokens(source.text, lexemes);
  if (lexed === "too-deep") {
    const message = `${file} nests lists and mappings deeper than ${maxDepth} levels: write it flatter.`;
    return failed(source, "nesting-too-deep", message);
  }
  if (lexed === "too-long") {
    const message = `${file}, with what it includes, has more than ${formatNumber(maxLexemes)} words and signs, so it was not read: write fewer requests, or move data into CSV files.`;
    return failed(source, "file-too-large", message);
  }
  return composeDocument(source, lexed.tokens, lexed.lexemesLeft);
}

/** Finds the key and the value at a path such as `["scenarios", "shop", "requests", 0, "url"]` in the first YAML document. */
export function rangeOf(document: ConfigDocument, path: readonly (string | number)[]): PathRange | undefined {
  let node = document.roots[0];
  let entry: MapEntry | undefined;
  for (const step of path) {
    entry = node?.kind === "map" ? node.entries.get(String(step)) : undefined;
    node = node?.kind === "list" ? node.items[Number(step)] : entry?.value;
    if (node === undefined) return undefined;
  }
  return node && { key: entry && rangeOfKey(entry), value: rangeOfNode(node) };
}

function failed(source: SourceText, code: "file-too-large" | "nesting-too-deep" | "too-many-aliases", message: string) {
  return {
    source,
    roots: [],
    problems: [makeProblem(code, source.file, rangeBetween(source, 0, 0), message)],
    lexemesLeft: 0,
  };
}

/** The concrete syntax tree, up to the first couple of errors; or why there is none. */
function lexTokens(
  text: string,
  lexemes: number,
): { tokens: CST.Token[]; lexemesLeft: number } | "too-deep" | "too-long" {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemesLeft = lexemes;
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === "error") errors += 1;
    }
    lexemesLeft -= 1;
    if (lexemesLeft < 0) return "too-long";
    if (parser.stack.length > maxDepth) return "too-deep";
    if (errors > maxSyntaxProblems) return { tokens, lexemesLeft };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, lexemesLeft };
}

/** Ends the composition of a text that is hardly YAML. */
class TooManyErrors extends Error {}

function composeDocument(source: SourceText, tokens: CST.Token[], lexemesLeft: number): ConfigDocument {
  const composer = new Composer({
    schema: "failsafe",
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const problems: Problem[] = [];
  const roots: TreeNode[] = [];
  // The composer's own handler makes an exception with a stack of each of what may be 100,000 errors.
  composer["onError"] = (
    place: number | readonly number[] | { offset: number; source?: string },
    code: ErrorCode,
    message: string,
    isWarning?: boolean,
  ) => {
    if (isWarning === true) return;
    const problem = syntaxProblem(source, { ...positionOf(place), code, message });
    // What follows on the same line follows from the first mistake.
    if (problems.at(-1)?.line !== problem.line) problems.push(problem);
    if (problems.length >= maxSyntaxProblems) throw new TooManyErrors();
  };
  try {
    for (const parsed of composer.compose(tokens)) {
      const root = buildTree(source, parsed, problems);
      if (root === undefined) {
        const message = `${source.file} grows beyond ${formatNumber(maxNodes)} values when its aliases (*) and merges (<<) are expanded: write fewer of them.`;
        return failed(source, "too-many-aliases", message);
      }
      roots.push(root);
    }
  } catch (error) {
    if (!(error instanceof TooManyErrors)) throw error;
  }
  return { source, roots, problems: problems.slice(0, maxSyntaxProblems), lexemesLeft };
}

function positionOf(place: number | readonly number[] | { offset: number; source?: string }): {
  start: number;
  end: number;
} {
  if (typeof place === "number") return { start: place, end: place + 1 };
  if ("offset" in place) return { start: place.offset, end: place.offset + (place.source?.length || 1) };
  const [start = 0, end = start + 1] = place;
  return { start, end };
}
