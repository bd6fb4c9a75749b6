import { LanguageFault, type Scope } from "./scope.ts";
import { compileText } from "./text.ts";

type Value = string | number | boolean | null;
type Evaluate = (scope: Scope) => Value;

const tokenPattern =
  /\s*(?:(\$\{(?:[^{}]|\$\{[^{}]*\})*\})|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|(===|!==|==|!=|<=|>=|&&|\|\||[<>!()+*/%-])|([A-Za-z_]\w*))/y;

/**
 * Compiles a condition such as `"${status}" == "open" && ${count} < 5`: quotes, numbers, comparisons, `&& || !`,
 * sums and brackets; what JMeter would hand to its JavaScript engine. `${__javaScript(…)}`, `${__jexl2(…)}` and
 * `${__jexl3(…)}` around the whole condition are taken off.
 * @throws {LanguageFault} when the text is more than that
 */
export function compileCondition(condition: string): (scope: Scope) => boolean {
  const wrapped = /^\s*\$\{__(?:javaScript|jexl[23])\(([\s\S]*)\)\}\s*$/.exec(condition);
  const text = wrapped?.[1]?.replaceAll("\\,", ",") ?? condition;
  const parser = new Parser(text);
  const evaluate = parser.parse();
  return (scope) => truthOf(evaluate(scope));
}

// A text "false" is what a variable or a function yields for false: JMeter compares the text, not a JavaScript value.
function truthOf(value: Value): boolean {
  return typeof value === "string" ? value !== "" && value !== "false" : Boolean(value);
}

function valueOf(text: string): Value {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function compare(operator: string, left: Value, right: Value): boolean {
  const [a, b] =
    typeof left === "string" && typeof right === "string" ? [left, right] : [comparable(left), comparable(right)];
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default: {
      const isSame = left === right || (typeof left !== typeof right && a === b);
      return operator.startsWith("=") ? isSame : !isSame;
    }
  }
}

function comparable(value: Value): number {
  return value === null ? 0 : Number(value);
}

class Parser {
  readonly #text: string;
  #at = 0;
  #token = "";
  #kind: "variable" | "text" | "number" | "operator" | "word" | "end" = "end";

  constructor(text: string) {
    this.#text = text;
    this.#next();
  }

  parse(): Evaluate {
    const evaluate = this.#or();
    if (this.#kind !== "end") throw this.#fault();
    return evaluate;
  }

  #fault(): LanguageFault {
    const where = this.#token === "" ? "its end" : `"${this.#token}"`;
    return new LanguageFault(`The embedded driver cannot evaluate the condition "${this.#text}" from ${where} on`);
  }

  #next(): void {
    tokenPattern.lastIndex = this.#at;
    const match = tokenPattern.exec(this.#text);
    if (match === null) {
      this.#token = this.#text.slice(this.#at).trim();
      this.#kind = "end";
      if (this.#token !== "") throw this.#fault();
      return;
    }
    this.#at = tokenPattern.lastIndex;
    this.#token = match[0].trim();
    const kinds = ["variable", "text", "number", "operator", "word"] as const;
    this.#kind = kinds.find((_, index) => match[index + 1] !== undefined) ?? "end";
  }

  #take(...operators: readonly string[]): string | undefined {
    if (this.#kind !== "operator" || !operators.includes(this.#token)) return undefined;
    const token = this.#token;
    this.#next();
    return token;
  }

  #or(): Evaluate {
    let left = this.#and();
    while (this.#take("||") !== undefined) {
      const [a, b] = [left, this.#and()];
      left = (scope) => truthOf(a(scope)) || truthOf(b(scope));
    }
    return left;
  }

  #and(): Evaluate {
    let left = this.#comparison();
    while (this.#take("&&") !== undefined) {
      const [a, b] = [left, this.#comparison()];
      left = (scope) => truthOf(a(scope)) && truthOf(b(scope));
    }
    return left;
  }

  #comparison(): Evaluate {
    let left = this.#sum();
    for (;;) {
      const operator = this.#take("===", "!==", "==", "!=", "<=", ">=", "<", ">");
      if (operator === undefined) return left;
      const [a, b] = [left, this.#sum()];
      left = (scope) => compare(operator, a(scope), b(scope));
    }
  }

  #sum(): Evaluate {
    let left = this.#product();
    for (;;) {
      const operator = this.#take("+", "-");
      if (operator === undefined) return left;
      const [a, b] = [left, this.#product()];
      left = (scope) => add(operator, a(scope), b(scope));
    }
  }

  #product(): Evaluate {
    let left = this.#unary();
    for (;;) {
      const operator = this.#take("*", "/", "%");
      if (operator === undefined) return left;
      const [a, b] = [left, this.#unary()];
      left = (scope) => multiply(operator, comparable(a(scope)), comparable(b(scope)));
    }
  }

  #unary(): Evaluate {
    if (this.#take("!") !== undefined) {
      const operand = this.#unary();
      return (scope) => !truthOf(operand(scope));
    }
    if (this.#take("-") !== undefined) {
      const operand = this.#unary();
      return (scope) => -comparable(operand(scope));
    }
    return this.#operand();
  }

  #operand(): Evaluate {
    if (this.#take("(") !== undefined) {
      const inner = this.#or();
      if (this.#take(")") === undefined) throw this.#fault();
      return inner;
    }
    const evaluate = this.#literal();
    if (evaluate === undefined) throw this.#fault();
    this.#next();
    return evaluate;
  }

  #literal(): Evaluate | undefined {
    const token = this.#token;
    if (this.#kind === "number") return () => Number(token);
    if (this.#kind === "variable") {
      const text = compileText(token);
      return (scope) => valueOf(text.render(scope));
    }
    if (this.#kind === "text") {
      const text = compileText(token.slice(1, -1).replace(/\\(["'\\])/g, "$1"));
      return (scope) => text.render(scope);
    }
    if (token === "true" || token === "false") return () => token === "true";
    return token === "null" || token === "undefined" ? () => null : undefined;
  }
}

function add(operator: string, left: Value, right: Value): Value {
  if (operator === "-") return comparable(left) - comparable(right);
  return typeof left === "string" || typeof right === "string"
    ? `${String(left)}${String(right)}`
    : comparable(left) + comparable(right);
}

function multiply(operator: string, left: number, right: number): number {
  if (operator === "*") return left * right;
  return operator === "/" ? left / right : left % right;
}
