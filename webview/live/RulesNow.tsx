import { formatMeasure } from "../../src/core/results/judgeWords.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { Icon } from "../result/icons.tsx";
import { labelName } from "../result/labels.ts";
import { allowedBy } from "../result/rules.ts";
import { t } from "../language.ts";

/** The rules with what is measured so far; the verdict itself comes with the result. */
export function RulesNow({ rules }: { readonly rules: readonly JudgedRule[] }) {
  if (rules.length === 0) return null;
  return (
    <section aria-labelledby="rules-now-heading">
      <h2 id="rules-now-heading">{t("Criteria so far")}</h2>
      <div class="scroll" role="region" aria-label={t("Criteria")} tabIndex={0}>
        <table class="rules">
          <thead>
            <tr>
              <th scope="col">{t("So far")}</th>
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
              <tr key={`${rule.label} ${rule.text}`} class={`is-${rule.status.replace(" ", "-")}`}>
                <th scope="row">
                  <span class="status">
                    <Icon name={rule.status} />
                    {stateOf(rule)}
                  </span>
                </th>
                <td class="message">
                  <code>{rule.text}</code>
                  {rule.message !== null && <span class="note">{rule.message}</span>}
                </td>
                <td class="number measured">
                  {rule.measured === null ? "–" : formatMeasure(rule.measured, rule.unit)}
                </td>
                <td class="number">{allowedBy(rule)}</td>
                <td>{labelName(rule.label)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function stateOf({ status, atSecond }: JudgedRule): string {
  if (status === "not judged") return t("Judged at the end");
  if (status === "passed") return t("Holds so far");
  return atSecond === null ? t("Broken so far") : t("Broken at {0}", formatElapsed(atSecond));
}
