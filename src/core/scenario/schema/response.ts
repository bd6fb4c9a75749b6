import { anything, either, flag, formed, listOf, mapOf, section, text, word } from "./terms.ts";
import type { Rule } from "./terms.ts";

const scope = word("Samples to search: all, children or variable (JMeter).", ["all", "children", "variable"]);
const extractorKeys = {
  default: text("Value when nothing matches (default NOT_FOUND)."),
  "match-no": formedInteger("Which match to take: 1 the first, 0 a random one, -1 all of them."),
  scope,
  "from-variable": text("Variable to search instead of the response (JMeter)."),
};

function formedInteger(description: string): Rule {
  return formed(
    description,
    String.raw`^-?\d+$|\$\{`,
    "write a whole number: 1 the first match, 0 a random one, -1 all",
  );
}

function extractor(
  title: string,
  short: string | undefined,
  keys: Readonly<Record<string, Rule>>,
  required: string[],
): Rule {
  const long = section(title, { ...keys, ...extractorKeys }, { required });
  const value = short === undefined ? long : either([text(short), long], short);
  return mapOf(
    value,
    `${title[0]?.toUpperCase()}${title.slice(1)}: variable name and what to extract from the response.`,
  );
}

/** The extractors of a request. */
export const extractors = {
  "extract-regexp": extractor(
    "extract-regexp",
    "Regular expression with one group.",
    {
      regexp: text("Regular expression with at least one group."),
      template: text("Number of the group, or a template such as $1$-$2$ (default 1)."),
      subject: word("Where to search (default body).", ["body", "headers", "http-code", "url"]),
    },
    ["regexp"],
  ),
  "extract-jsonpath": extractor(
    "extract-jsonpath",
    "JSONPath expression such as $.token.",
    { jsonpath: text("JSONPath expression."), concat: flag("Join several results with a comma (default false).") },
    ["jsonpath"],
  ),
  "extract-css-jquery": extractor(
    "extract-css-jquery",
    "CSS selector.",
    { expression: text("CSS selector."), attribute: text("Attribute to take instead of the text.") },
    ["expression"],
  ),
  "extract-xpath": extractor(
    "extract-xpath",
    "XPath expression.",
    {
      xpath: text("XPath expression."),
      "validate-xml": flag("Validate the XML against its schema (JMeter)."),
      "ignore-whitespace": flag("Ignore white space (JMeter)."),
      "use-namespaces": flag("Use namespaces (JMeter)."),
      "use-tolerant-parser": flag("Read HTML and broken XML (default false)."),
    },
    ["xpath"],
  ),
  "extract-boundary": extractor(
    "extract-boundary",
    undefined,
    {
      left: text("Text before the value."),
      right: text("Text after the value."),
      subject: word("Where to search (default body).", [
        "body",
        "body-unescaped",
        "body-as-document",
        "response-headers",
        "request-headers",
        "url",
        "code",
        "message",
      ]),
    },
    ["left", "right"],
  ),
};

/** The assertions of a request. */
export const assertions = {
  assert: listOf(
    either(
      [
        text("Regular expression that the response body must contain."),
        section(
          "an entry of assert",
          {
            contains: either(
              [
                text("Text or regular expression."),
                listOf(text("Text or regular expression."), "Texts or regular expressions."),
              ],
              "What the subject must contain.",
            ),
            subject: word("Where to search (default body).", ["body", "headers", "http-code"]),
            regexp: flag("Treat the texts as regular expressions (default true)."),
            not: flag("Fail when they are found (default false)."),
            "assume-success": flag("Ignore the response code (default false)."),
          },
          { required: ["contains"] },
        ),
      ],
      "Text or regular expression.",
    ),
    "What each response must contain.",
  ),
  "assert-jsonpath": listOf(
    either(
      [
        text("JSONPath that must exist."),
        section(
          "an entry of assert-jsonpath",
          {
            jsonpath: text("JSONPath to the value."),
            validate: flag("Compare with expected-value (default false)."),
            "expected-value": anything("Value, or regular expression, to compare with."),
            regexp: flag("Treat expected-value as a regular expression (default true)."),
            "expect-null": flag("Expect null (default false)."),
            invert: flag("Invert the condition (default false)."),
          },
          { required: ["jsonpath"] },
        ),
      ],
      "JSONPath that must exist.",
    ),
    "What each JSON response must hold.",
  ),
  "assert-xpath": listOf(
    either(
      [
        text("XPath that must match."),
        section(
          "an entry of assert-xpath",
          {
            xpath: text("XPath expression."),
            "use-tolerant-parser": flag("Read HTML and broken XML."),
            "ignore-whitespace": flag("Ignore white space (JMeter)."),
            "validate-xml": flag("Validate the XML against its schema (JMeter)."),
            validate: flag("Validate the XML against its schema (JMeter)."),
            invert: flag("Invert the condition (default false)."),
          },
          { required: ["xpath"] },
        ),
      ],
      "XPath that must match.",
    ),
    "What each XML response must hold.",
  ),
};
