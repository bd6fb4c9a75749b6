import type { Extractor } from "../../core/scenario/model.ts";
import type { ReceivedResponse } from "../http/response.ts";
import { LanguageFault, type Scope } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import { compileJsonPath, jsonText } from "./jsonPath.ts";
import type { Libraries } from "./libraries.ts";
import { compileMatches, type Match } from "./matches.ts";
import { compilePattern } from "./pattern.ts";
import { subjectText } from "./subject.ts";

type Find = (response: ReceivedResponse, scope: Scope) => readonly Match[];

/** Takes values out of a response and puts them into a user's variables. */
export interface CompiledExtractor {
  readonly variable: string;
  readonly apply: (response: ReceivedResponse, scope: Scope) => void;
}

/** Compiles an extractor of any kind. @throws {LanguageFault} when its pattern or path is invalid */
export function compileExtractor(extractor: Extractor, libraries: Libraries): CompiledExtractor {
  const find = finderOf(extractor, libraries);
  const defaultValue = compileText(extractor.defaultValue);
  const { variable, matchNumber } = extractor;
  const assign = compileMatches({ variable, matchNumber, namesFirst: extractor.kind === "xpath" });
  return {
    variable,
    apply(response, scope) {
      const found = find(response, scope);
      // One of all joined comes beside the others when the JSON extractor is asked for it.
      if (extractor.kind === "jsonpath" && extractor.concatenates && found.length > 0) {
        scope.variables.set(`${variable}_ALL`, found.map(({ value }) => value).join(","));
      }
      assign(scope, found, defaultValue.constant ?? defaultValue.render(scope));
    },
  };
}

function finderOf(extractor: Extractor, libraries: Libraries): Find {
  switch (extractor.kind) {
    case "regexp":
      return findRegExp(extractor);
    case "boundary":
      return findBetween(extractor);
    case "jsonpath": {
      const select = compileJsonPath(extractor.path, libraries);
      return (response, scope) => (select(response, scope) ?? []).map((value) => ({ value: jsonText(value) }));
    }
    case "css": {
      const selector = compileText(extractor.selector);
      const { attribute } = extractor;
      if (selector.constant !== undefined) libraries.checkCss?.(selector.constant);
      return (response, scope) => toMatches(libraries.css?.(response.text, selector.render(scope), attribute) ?? []);
    }
    case "xpath": {
      const path = compileText(extractor.path);
      const { isHtml } = extractor;
      return (response, scope) => toMatches(libraries.xpath?.(response.text, path.render(scope), isHtml) ?? []);
    }
  }
}

function toMatches(values: readonly string[]): readonly Match[] {
  return values.map((value) => ({ value }));
}

function findRegExp({ pattern, template, subject, matchNumber }: Extractor & { readonly kind: "regexp" }): Find {
  const compiled = compilePattern(pattern);
  const write = typeof template === "number" ? (groups: readonly string[]) => groups[template] ?? "" : fill(template);
  return (response, scope) => {
    const regExp = compiled(scope);
    const text = subjectText(response, subject);
    const found: Match[] = [];
    regExp.lastIndex = 0;
    for (let match = regExp.exec(text); match !== null; match = regExp.exec(text)) {
      const groups = match.map((group: string | undefined) => group ?? "");
      found.push({ value: write(groups), groups });
      if (matchNumber > 0 && found.length >= matchNumber) break;
      if (match[0] === "") regExp.lastIndex++;
    }
    return found;
  };
}

// `$1$-$2$`: the groups stand between dollar signs.
function fill(template: string): (groups: readonly string[]) => string {
  if (/^\d+$/.test(template)) return (groups) => groups[Number(template)] ?? "";
  return (groups) => template.replace(/\$(\d+)\$/g, (_, group: string) => groups[Number(group)] ?? "");
}

function findBetween({ left, right, subject }: Extractor & { readonly kind: "boundary" }): Find {
  const [start, end] = [compileText(left), compileText(right)];
  if (start.constant === "" && end.constant === "") {
    throw new LanguageFault("A boundary extractor needs a left or a right boundary");
  }
  return (response, scope) => {
    const text = subjectText(response, subject);
    const [opening, closing] = [start.render(scope), end.render(scope)];
    const found: Match[] = [];
    let at = 0;
    for (;;) {
      const from = text.indexOf(opening, at);
      if (from < 0) return found;
      const begin = from + opening.length;
      const until = closing === "" ? text.length : text.indexOf(closing, begin);
      if (until < 0) return found;
      found.push({ value: text.slice(begin, until) });
      at = until + closing.length;
      if (at >= text.length) return found;
    }
  };
}
