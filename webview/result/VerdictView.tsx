import { describeResult } from "../../src/core/results/figures.ts";
import { formatMeasure } from "../../src/core/results/judgeWords.ts";
import type { JudgedRule, RunResult } from "../../src/core/results/result.ts";
import type { VerdictStatus } from "../../src/core/run/run.ts";
import { t, tell } from "../language.ts";
import { Icon } from "./icons.tsx";
import { labelName } from "./labels.ts";
import { allowedBy } from "./rules.ts";
import { verdictName } from "./statusName.ts";

/** The verdict, the sentence that says what happened, and each rule with measured against allowed. */
export function VerdictView({ result }: { readonly result: RunResult }) {
  const { status, rules } = result.verdict;
  return (
    <section class={`verdict is-${className(status)}`} aria-labelledby="verdict-heading">
      <div class="verdict-head">
        <span class="verdict-mark">
          <Icon name={status} />
        </span>
        <div>
          <h2 id="verdict-heading">{verdictName(status)}</h2>
          <p>{tell(describeResult(result))}</p>
        </div>
      </div>
      {rules.length > 0 && <RuleTable rules={rules} />}
    </section>
  );
}

function RuleTable({ rules }: { readonly rules: readonly JudgedRule[] }) {
  return (
    <div class="scroll" role="region" aria-label={t("Rules")} tabIndex={0}>
      <table class="rules">
        <thead>
          <tr>
            <th scope="col">{t("Verdict")}</th>
            <th scope="col">{t("Fails if")}</th>
            <th scope="col" class="number">
              {t("Measured")}
            </th>
            <th scope="col" class="number">
              {t("Allowed")}
            </th>
            <th scope="col">{t("Request")}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <RuleRow key={rule.text} rule={rule} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RuleRow({ rule }: { readonly rule: JudgedRule }) {
  return (
    <tr class={`is-${className(rule.status)}`}>
      <th scope="row">
        <span class="status">
          <Icon name={rule.status} />
          {verdictName(rule.status)}
        </span>
      </th>
      <td class="message">
        <code>{rule.text}</code>
        {rule.message !== null && <span class="note">{rule.message}</span>}
        {rule.status !== "passed" && <span class="note muted">{tell(rule.sentence)}</span>}
      </td>
      <td class="number measured">{rule.measured === null ? "–" : formatMeasure(rule.measured, rule.unit)}</td>
      <td class="number">{allowedBy(rule)}</td>
      <td>{labelName(rule.label)}</td>
    </tr>
  );
}

function className(status: VerdictStatus): string {
  return status.replace(" ", "-");
}
