import type { Assertion, Subject } from "../../core/scenario/model.ts";
import type { ReceivedResponse } from "../http/response.ts";
import type { Scope } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import { compileJsonPath, jsonText } from "./jsonPath.ts";
import type { Libraries } from "./libraries.ts";
import { compilePattern } from "./pattern.ts";
import { subjectText } from "./subject.ts";

/** What an assertion expected and what it met instead. */
export interface AssertionFault {
  /** The text that JMeter gives such a failure. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

export interface CompiledAssertion {
  /** What it asks for, in words. */
  readonly name: string;
  readonly assumesSuccess: boolean;
  /** Undefined when the response is as expected. */
  readonly check: (response: ReceivedResponse, scope: Scope) => AssertionFault | undefined;
}

/** Compiles an assertion of any kind. @throws {LanguageFault} when its pattern or path is invalid */
export function compileAssertion(assertion: Assertion, libraries: Libraries): CompiledAssertion {
  switch (assertion.kind) {
    case "contains":
      return compileContains(assertion);
    case "jsonpath":
      return compileJsonAssertion(assertion, libraries);
    case "xpath":
      return compileXPathAssertion(assertion, libraries);
  }
}

const subjectWords: Readonly<Record<Subject, string>> = {
  body: "text",
  headers: "headers",
  "http-code": "code",
  url: "URL",
  message: "message",
};

function compileContains(assertion: Assertion & { readonly kind: "contains" }): CompiledAssertion {
  const { subject, values, isRegexp, isNegated, assumesSuccess } = assertion;
  const verb = isNegated ? "not to contain" : "to contain";
  const tests = values.map((value) => ({ value, holds: isRegexp ? patternTest(value) : textTest(value) }));
  return {
    name: `${subjectWords[subject]} ${isNegated ? "does not contain" : "contains"} ${values.join(", ")}`,
    assumesSuccess,
    check(response, scope) {
      const text = subjectText(response, subject);
      for (const { value, holds } of tests) {
        if (holds(text, scope) !== isNegated) continue;
        const expected = `${verb} /${value}/`;
        return { message: `Test failed: ${subjectWords[subject]} expected ${expected}`, expected, actual: text };
      }
      return undefined;
    },
  };
}

function patternTest(pattern: string): (text: string, scope: Scope) => boolean {
  const compiled = compilePattern(pattern);
  return (text, scope) => {
    const regExp = compiled(scope);
    regExp.lastIndex = 0;
    return regExp.test(text);
  };
}

function textTest(value: string): (text: string, scope: Scope) => boolean {
  const compiled = compileText(value);
  return (text, scope) => text.includes(compiled.render(scope));
}

function compileJsonAssertion(
  assertion: Assertion & { readonly kind: "jsonpath" },
  libraries: Libraries,
): CompiledAssertion {
  const { path, expected, isRegexp, isNegated, expectsNull } = assertion;
  const select = compileJsonPath(path, libraries);
  const wanted = expected === undefined || expected === "" ? undefined : compileText(expected);
  const pattern = wanted !== undefined && isRegexp ? compilePattern(`^(?:${expected ?? ""})$`) : undefined;
  const wish = expectsNull ? "null" : wanted === undefined ? "to exist" : `"${expected ?? ""}"`;
  const isAsExpected = (values: readonly unknown[], scope: Scope): boolean => {
    if (expectsNull) return values.length > 0 && values.every((value) => value === null);
    if (wanted === undefined) return values.length > 0;
    const text = wanted.render(scope);
    // A path that leads to a list passes when one of its items does, as in JMeter.
    return values
      .flatMap((value) => (Array.isArray(value) ? [value, ...value] : [value]))
      .some((value) => {
        const regExp = pattern?.(scope);
        if (regExp === undefined) return jsonText(value) === text;
        regExp.lastIndex = 0;
        return regExp.test(jsonText(value));
      });
  };
  return {
    name: `JSONPath ${path} ${isNegated ? "not " : ""}${wish}`,
    assumesSuccess: false,
    check(response, scope) {
      const values = select(response, scope);
      if (values !== undefined && isAsExpected(values, scope) !== isNegated) return undefined;
      const actual =
        values === undefined ? "no JSON" : values.length === 0 ? "nothing" : values.map(jsonText).join(", ");
      const found = values === undefined || values.length > 0 ? `found ${actual}` : "found no such path";
      return {
        message: `JSONPath ${path} expected ${isNegated ? "not " : ""}${wish}, but ${found}`,
        expected: `${isNegated ? "not " : ""}${wish}`,
        actual,
      };
    },
  };
}

function compileXPathAssertion(
  { path, isHtml, isNegated }: Assertion & { readonly kind: "xpath" },
  libraries: Libraries,
): CompiledAssertion {
  const text = compileText(path);
  return {
    name: `XPath ${path} ${isNegated ? "matches nothing" : "matches"}`,
    assumesSuccess: false,
    check(response, scope) {
      const found = libraries.xpath?.(response.text, text.render(scope), isHtml) ?? [];
      if (found.length > 0 !== isNegated) return undefined;
      return {
        message: isNegated ? `Nodes Matched ${path}` : `No Nodes Matched ${path}`,
        expected: isNegated ? `nothing at ${path}` : `something at ${path}`,
        actual: found.length === 0 ? "nothing" : found.join(", "),
      };
    },
  };
}
