/** A piece of a parsed template: literal text, a variable, or a function call with its arguments (templates themselves). */
export type Part =
  | string
  | { readonly kind: "variable"; readonly name: string; readonly source: string }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly (readonly Part[])[];
      readonly source: string;
    };

interface Parsed {
  readonly parts: readonly Part[];
  readonly end: number;
}

/** Splits a JMeter template such as `/items/${id}?t=${__time()}` into its parts; text without `${` is one literal. */
export function parseTemplate(template: string): readonly Part[] {
  return template.includes("${") ? parseUntil(template, 0, "").parts : [template];
}

// JMeter takes the backslash away before `$`, `,` and `\` only, and only in texts that hold an expression.
function parseUntil(text: string, start: number, stops: string): Parsed {
  const parts: Part[] = [];
  let literal = "";
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const letter = text.charAt(at);
    if (letter === "\\" && /[$,\\]/.test(text.charAt(at + 1))) {
      literal += text.charAt(at + 1);
      at += 2;
      continue;
    }
    if (letter === "$" && text.charAt(at + 1) === "{") {
      const expression = parseExpression(text, at);
      if (expression !== undefined) {
        if (literal !== "") parts.push(literal);
        literal = "";
        parts.push(expression.part);
        at = expression.end;
        continue;
      }
    }
    if (depth === 0 && stops.includes(letter)) break;
    if (stops !== "" && letter === "(") depth++;
    if (stops !== "" && letter === ")") depth--;
    literal += letter;
    at++;
  }
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return { parts, end: at };
}

function parseExpression(text: string, start: number): { readonly part: Part; readonly end: number } | undefined {
  const call = /^\$\{\s*(__\w+)\s*(\(|\})/.exec(text.slice(start, start + 200));
  if (call === null) {
    const end = text.indexOf("}", start);
    if (end < 0) return undefined;
    return {
      part: { kind: "variable", name: text.slice(start + 2, end).trim(), source: text.slice(start, end + 1) },
      end: end + 1,
    };
  }
  const [opening, name = "", bracket] = call;
  let at = start + opening.length;
  const args: (readonly Part[])[] = [];
  if (bracket === "(") {
    for (;;) {
      const arg = parseUntil(text, at, ",)");
      args.push(arg.parts);
      at = arg.end + 1;
      if (text.charAt(arg.end) !== ",") break;
    }
    if (text.charAt(at - 1) !== ")" || text.charAt(at) !== "}") return undefined;
    at++;
  }
  const isBare = args.length === 1 && args[0]?.length === 1 && args[0][0] === "";
  return { part: { kind: "call", name, args: isBare ? [] : args, source: text.slice(start, at) }, end: at };
}
