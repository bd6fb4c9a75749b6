import { LanguageFault, type Scope } from "../language/scope.ts";
import { compileText } from "../language/text.ts";

const mostPatterns = 1000;

/**
 * Compiles a regular expression as JMeter's users write it; leading flags such as `(?i)` are understood.
 * With variables in it, it is compiled for each value, and one that is invalid then matches nothing.
 * @throws {LanguageFault} when the pattern is invalid
 */
export function compilePattern(pattern: string): (scope: Scope) => RegExp {
  const text = compileText(pattern);
  if (text.constant !== undefined) {
    const compiled = toRegExp(text.constant);
    if (compiled === undefined) {
      throw new LanguageFault(`The embedded driver cannot use the regular expression "${pattern}"`);
    }
    return () => compiled;
  }
  const known = new Map<string, RegExp>();
  return (scope) => {
    const source = text.render(scope);
    const compiled = known.get(source) ?? toRegExp(source) ?? /(?!)/g;
    if (known.size >= mostPatterns) known.clear();
    known.set(source, compiled);
    return compiled;
  };
}

function toRegExp(source: string): RegExp | undefined {
  const [, letters = "", rest = source] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(source) ?? [];
  try {
    return new RegExp(rest, `g${[...new Set(letters)].join("")}`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
