import { callFunction } from "./functions.ts";
import { LanguageFault, type Scope, type Text } from "./scope.ts";
import { type Part, parseTemplate } from "./template.ts";

function constantText(text: string): Text {
  return { constant: text, render: () => text };
}

/**
 * Compiles `${name}` and `${__function(…)}`; a variable that is not set stays as it is written, as in JMeter.
 * @throws {LanguageFault} for a function that the generator does not have
 */
export function compileText(template: string): Text {
  return compileParts(parseTemplate(template));
}

function compileParts(parts: readonly Part[]): Text {
  if (parts.every((part) => typeof part === "string")) return constantText(parts.join(""));
  const renders = parts.map(compilePart);
  const [first] = renders;
  if (renders.length === 1 && first !== undefined) return { constant: undefined, render: first };
  return {
    constant: undefined,
    render(scope) {
      let text = "";
      for (const render of renders) text += render(scope);
      return text;
    },
  };
}

function compilePart(part: Part): (scope: Scope) => string {
  if (typeof part === "string") return () => part;
  if (part.kind === "variable") return ({ variables }) => variables.get(part.name) ?? part.source;
  const render = callFunction(part.name, part.args.map(compileParts));
  if (render === undefined) {
    throw new LanguageFault(`The embedded driver has no function ${part.name} (in "${part.source}")`);
  }
  return render;
}
