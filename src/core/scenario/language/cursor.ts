import { parseDocument } from "../document.ts";
import type { MapNode, TreeNode } from "../tree.ts";
import { findNode } from "./path.ts";
import type { Path } from "./path.ts";
import { readToken } from "./token.ts";
import type { Token } from "./token.ts";

/** What a person is writing at a position of a configuration file, however unfinished the text is. */
export interface Cursor extends Token {
  /** Top of the YAML document that the position is in; `placeholder` stands for what is being written. */
  readonly root: TreeNode;
  /** Where the value is that is being written, or the mapping that gets a key. */
  readonly path: Path;
  /** The mapping around a key; undefined for values. */
  readonly map: MapNode | undefined;
  /** Whether the position is among the entries of a list and lacks the dash. */
  readonly lacksDash: boolean;
}

/** Stands for what is being written in the tree of a {@link Cursor}. */
export const placeholder = "loadfleetCursor";

/** Finds out what is being written at an offset; undefined in comments and where the text around it cannot be understood. */
export function findCursor(text: string, offset: number): Cursor | undefined {
  const token = readToken(text, offset);
  if (token === undefined) return undefined;
  const head = text.slice(0, token.start - (token.isQuoted ? 1 : 0));
  const tail = text.slice(token.lineRest);
  const colon = token.isKey && !token.hasColon ? ":" : "";
  const parse = (dash: string) => parseDocument("", `${head}${dash}${placeholder}${colon}${tail}`);
  const plain = parse("");
  const mayLackDash = plain.problems.length > 0 && token.isKey && !token.isFlow && !token.isAfterDash;
  const dashed = mayLackDash ? parse("- ") : plain;
  // A dash is missing where the text is better understood with one.
  const lacksDash = dashed.problems.length < plain.problems.length;
  for (const root of (lacksDash ? dashed : plain).roots) {
    const found = findNode(root, placeholder);
    if (found !== undefined) return { ...token, root, ...found, lacksDash };
  }
  return undefined;
}
