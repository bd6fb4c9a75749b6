import { JSONPath } from "jsonpath-plus";

/** Lists everything that a JSONPath leads to; a path that cannot be evaluated leads to nothing. */
export function selectJson(json: unknown, path: string): readonly unknown[] {
  if (typeof json !== "object" || json === null) return path === "$" ? [json] : [];
  try {
    const found: unknown = JSONPath({ path, json, wrap: true, eval: "safe" });
    return Array.isArray(found) ? found : [];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}
