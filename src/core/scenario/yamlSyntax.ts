import type { ErrorCode } from "yaml";
import type { Fix, Problem } from "./problem.ts";
import { makeProblem } from "./problemCodes.ts";
import { rangeBetween } from "./tree.ts";
import type { SourceText } from "./tree.ts";

/** What to say for a mistake that the YAML parser names by its code. */
const sentences: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS:
    "This alias is not valid YAML: write * and the name of an anchor, or quote the text if it is meant as text.",
  BAD_DQ_ESCAPE: "This escape is not known in double quotes: write the backslash twice, or use single quotes.",
  BAD_INDENT: "The indentation of this line fits no line above it: indent it as far as its neighbours.",
  BAD_SCALAR_START: "Text cannot begin with this character in YAML: put the whole text into quotes.",
  BLOCK_AS_IMPLICIT_KEY:
    "A mapping cannot begin here, after a value on the same line: put the text into quotes if it holds a colon, or begin a new line.",
  KEY_OVER_1024_CHARS: "A key must not be longer than 1,024 characters: check the quotes and colons before it.",
  MULTILINE_IMPLICIT_KEY: "A key must stand on one line, followed by a colon: check the line before it.",
  MULTIPLE_ANCHORS: "A value can have one anchor (&name) only: remove one.",
  MULTIPLE_TAGS: "A value can have one tag (!name) only: remove one.",
  TAB_AS_INDENT: "YAML is indented with spaces, and this line has a tab: replace it by spaces.",
};

/** A mistake as the YAML parser reports it, with its offsets. */
export interface SyntaxError {
  readonly start: number;
  readonly end: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Says a mistake of YAML syntax in a sentence, with a fix where there is one. */
export function syntaxProblem(source: SourceText, error: SyntaxError): Problem {
  const range = rangeBetween(source, error.start, Math.max(error.end, error.start + 1));
  const sentence =
    sentences[error.code] ?? `This is not valid YAML: ${lowerFirst(error.message.trim().replace(/\.$/, ""))}.`;
  const fix = error.code === "TAB_AS_INDENT" ? fixTabs(source, range.line) : undefined;
  return makeProblem("yaml-syntax", source.file, range, sentence, { fix });
}

function fixTabs(source: SourceText, line: number): Fix {
  const start = source.lineStarts[line - 1] ?? 0;
  const indent = /^[ \t]*/.exec(source.text.slice(start, source.lineStarts[line]))?.[0] ?? "";
  const edit = { range: rangeBetween(source, start, start + indent.length), text: indent.replaceAll("\t", "  ") };
  return { title: "Replace tabs by spaces", edits: [edit] };
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text;
}
