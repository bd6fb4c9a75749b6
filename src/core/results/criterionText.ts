import { parseSubject } from "./criterionParts.ts";

/** What is wrong or misleading about a rule, and where in its text; `replacement` mends that stretch. */
export interface CriterionRemark {
  /** Stable kebab-case name. */
  readonly code: string;
  readonly message: string;
  /** Stretch of the text in UTF-16 units; 0 and 0 for the long form. */
  readonly offset: number;
  readonly length: number;
  readonly replacement?: string;
  /** The key of the long form that it is about. */
  readonly key?: string;
}

/** A stretch of the rule's text with its position. */
export interface Part {
  readonly text: string;
  readonly offset: number;
}

/** A rule taken apart, nothing judged yet. */
export interface CriterionTexts {
  readonly message: string | undefined;
  readonly subject: Part;
  readonly label: Part | undefined;
  readonly condition: Part;
  readonly threshold: Part;
  readonly window: { readonly logic: Part; readonly timeframe: Part } | undefined;
  readonly stops: boolean;
  readonly fails: boolean;
}

/** Makes a stretch of text at a position. */
export function part(text = "", offset = 0): Part {
  return { text, offset };
}

/** Makes a remark about a stretch of the text. */
export function remarkAt({ text, offset }: Part, code: string, message: string, replacement?: string): CriterionRemark {
  return { code, message, offset, length: text.length, ...(replacement === undefined ? {} : { replacement }) };
}

/** Takes a rule in the short form apart and adds a warning for each place that Taurus itself reads otherwise. */
export function splitCriterion(text: string, warnings: CriterionRemark[]): CriterionTexts | CriterionRemark {
  const { message, body } = splitMessage(text, warnings);
  const { rule, action } = splitAction(body, warnings);
  const operator = [...rule.text.matchAll(/[<>=]+/g)].at(-1);
  if (operator === undefined) {
    return remarkAt(rule, "malformed", "The rule has no condition; it reads like p95 of Checkout>300ms for 10s.");
  }
  const left = rule.text.slice(0, operator.index);
  const names = /^(\s*)([\w?*.-]+)(?:(\s*of\s*)([\S ]+?))?(\s*)$/.exec(left);
  if (names === null) return malformedLeft({ text: left, offset: rule.offset });
  const [, indent = "", subject = "", of = "", label, space = ""] = names;
  const labelOffset = rule.offset + indent.length + subject.length + of.length;
  let condition = part(operator[0], rule.offset + operator.index);
  if (label !== undefined)
    condition = checkLabel(part(label, labelOffset), part(space, labelOffset + label.length), condition, warnings);
  const right = splitRight(
    part(rule.text.slice(operator.index + operator[0].length), condition.offset + condition.text.length),
    warnings,
  );
  if ("code" in right) return right;
  return {
    message,
    subject: part(subject, rule.offset + indent.length),
    label: label === undefined ? undefined : part(label, labelOffset),
    condition,
    ...right,
    stops: action?.stops ?? true,
    fails: action?.fails ?? true,
  };
}

/** Taurus takes everything before the first colon for a message, also when the colon stands in a label. */
function splitMessage(text: string, warnings: CriterionRemark[]): { message: string | undefined; body: Part } {
  const colon = text.indexOf(":");
  if (colon < 0) return { message: undefined, body: part(text) };
  const rest = text.slice(colon + 1);
  const restSubject = /^\s*([\w?*.-]+?)(?:\s*of\s|\s*[<>=])/.exec(rest)?.[1];
  const headSubject = /^\s*([\w?*.-]+?)\s*of\s/.exec(text.slice(0, colon))?.[1];
  const isLabel = headSubject !== undefined && parseSubject(headSubject) !== undefined;
  if (isLabel && (restSubject === undefined || parseSubject(restSubject) === undefined)) {
    const message =
      "Taurus itself ends a message at this colon and refuses the rule; the long form (subject, label, condition, threshold) takes any label.";
    warnings.push(remarkAt(part(":", colon), "colon-in-label", message));
    return { message: undefined, body: part(text) };
  }
  return { message: text.slice(0, colon).trim(), body: part(rest, colon + 1) };
}

/** Taurus begins the action at the first comma, also when the comma stands in a label. */
function splitAction(
  body: Part,
  warnings: CriterionRemark[],
): { rule: Part; action: { stops: boolean; fails: boolean } | undefined } {
  const found = /,\s*(stop|continue)\b(?:\s+as\s+(failed|non-failed)\b)?([^,]*)$/.exec(body.text);
  const ruleText = found === null ? body.text : body.text.slice(0, found.index);
  const comma = ruleText.indexOf(",");
  if (comma >= 0) {
    const isLabel = /[<>=]/.test(ruleText.slice(comma));
    const where = part(isLabel ? "," : ruleText.slice(comma), body.offset + comma);
    if (!isLabel) {
      warnings.push(
        remarkAt(
          where,
          "action-ignored",
          "What follows the comma is neither stop nor continue, so the rule stops the run as failed.",
        ),
      );
      return { rule: part(ruleText.slice(0, comma), body.offset), action: undefined };
    }
    const message =
      "Taurus itself ends the rule at this comma and refuses it; the long form (subject, label, condition, threshold) takes any label.";
    warnings.push(remarkAt(where, "comma-in-label", message));
  }
  if (found === null) return { rule: body, action: undefined };
  const [, verb, status, rest = ""] = found;
  if (rest.trim() !== "") {
    const where = part(rest, body.offset + body.text.length - rest.length);
    const message = `"${rest.trim()}" is ignored; an action reads stop or continue, then as failed or as non-failed.`;
    warnings.push(remarkAt(where, "action-ignored", message));
  }
  return { rule: part(ruleText, body.offset), action: { stops: verb === "stop", fails: status !== "non-failed" } };
}

function malformedLeft(left: Part): CriterionRemark {
  const wrongWord = /^\s*[\w?*.-]+\s+(for)\s+/.exec(left.text);
  if (wrongWord !== null) {
    const where = part("for", left.offset + wrongWord[0].lastIndexOf("for"));
    return remarkAt(where, "for-instead-of-of", "A label follows the word of, not for.", "of");
  }
  return remarkAt(
    left,
    "malformed",
    "A rule begins with its subject and, when it is about one label, of and the label: avg-rt of Checkout>150ms.",
  );
}

/** Answers the condition as a person means it and names what Taurus makes of the end of the label. */
function checkLabel(label: Part, space: Part, condition: Part, warnings: CriterionRemark[]): Part {
  if (space.text !== "") {
    const message = `Taurus itself keeps the space and looks for the label "${label.text}${space.text}", which there is not: write the condition right behind the label.`;
    warnings.push(remarkAt(space, "space-after-label", message, ""));
  }
  if (condition.text.length > 1) {
    const message = `Taurus itself takes "${condition.text.slice(0, -1)}" for the end of the label; the long form (subject, label, condition, threshold) is read rightly.`;
    warnings.push(remarkAt(condition, "condition-after-label", message));
  }
  return condition;
}

function splitRight(
  right: Part,
  warnings: CriterionRemark[],
): Pick<CriterionTexts, "threshold" | "window"> | CriterionRemark {
  const found = /^(\s*)(\S+)(?:(\s+)(for|within|over)(\s+)(\S+))?/.exec(right.text);
  if (found === null)
    return remarkAt(right, "missing-threshold", "The rule ends behind its condition, without a threshold.");
  const [all, indent = "", threshold = "", gap = "", logic, gap2 = "", timeframe = ""] = found;
  const rest = right.text.slice(all.length);
  if (rest.trim() !== "") {
    const unit = /^\s+(ms|s|m|h|d)\b/i.exec(rest)?.[0];
    const where = part(unit ?? rest, right.offset + all.length);
    const message = `Taurus ignores "${rest.trim()}"${unit === undefined ? "" : "; a unit stands right behind its number"}.`;
    warnings.push(remarkAt(where, "text-ignored", message, unit?.trim() ?? ""));
  }
  const thresholdOffset = right.offset + indent.length;
  if (logic === undefined) return { threshold: part(threshold, thresholdOffset), window: undefined };
  const logicOffset = thresholdOffset + threshold.length + gap.length;
  return {
    threshold: part(threshold, thresholdOffset),
    window: {
      logic: part(logic, logicOffset),
      timeframe: part(timeframe, logicOffset + logic.length + gap2.length),
    },
  };
}
