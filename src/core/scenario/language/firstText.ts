import type { FileReference } from "../model.ts";

/**
 * Gives a new file something to begin with, by its ending and its use; undefined for scripts and certificates, which other tools make.
 * @param path as the scenario writes it
 */
export function firstTextOf(path: string, use: FileReference["use"]): string | undefined {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  if (use === "script" || use === "certificate" || use === "plugin") return undefined;
  if (use === "config") return "scenarios:\n";
  if (ending === "json") return "{}\n";
  return use === "data" ? "name\nvalue\n" : "";
}
