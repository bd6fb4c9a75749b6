import type { ReceivedResponse } from "../http/response.ts";
import type { Scope } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import type { Libraries } from "./libraries.ts";

const plainPath = /^\$(?:\.[A-Za-z_]\w*|\[\d+\]|\['[^'\\]+'\])*$/;
const plainStep = /\.([A-Za-z_]\w*)|\[(\d+)\]|\['([^'\\]+)'\]/g;

/** Compiles a JSONPath to a search in a response's body; undefined when the body is not JSON. */
export function compileJsonPath(
  path: string,
  libraries: Libraries,
): (response: ReceivedResponse, scope: Scope) => readonly unknown[] | undefined {
  const text = compileText(path);
  const steps = text.constant !== undefined && plainPath.test(text.constant) ? stepsOf(text.constant) : undefined;
  return (response, scope) => {
    const json = parseJson(response.text);
    if (json === undefined) return undefined;
    return steps === undefined
      ? (libraries.jsonPath?.(json.value, text.render(scope)) ?? [])
      : follow(json.value, steps);
  };
}

/** Writes a value as JMeter puts it into a variable: texts as they are, everything else as JSON. */
export function jsonText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(plainStep)].map(([, name, index, quoted]) =>
    index === undefined ? (name ?? quoted ?? "") : Number(index),
  );
}

function follow(json: unknown, steps: readonly (string | number)[]): readonly unknown[] {
  let at = json;
  for (const step of steps) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return [];
    at = Reflect.get(at, step);
  }
  return [at];
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
