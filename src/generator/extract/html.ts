import type { Document } from "domhandler";
import { parse } from "parse5";
import { adapter } from "parse5-htmlparser2-tree-adapter";

/** Reads HTML of any quality as a browser does. */
export function parseHtml(html: string): Document {
  return parse(html, { treeAdapter: adapter });
}
