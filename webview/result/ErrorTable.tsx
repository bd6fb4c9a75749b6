import { formatCount, formatPercent } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { t, tell } from "../language.ts";
import { errorsOf } from "./errorSummary.ts";

/** Errors by kind, with the requests that had them. */
export function ErrorTable({ result }: { readonly result: RunResult }) {
  const errors = errorsOf(result);
  const failed = result.labels[""]?.failed ?? 0;
  return (
    <section aria-labelledby="error-kinds-heading">
      <h2 id="error-kinds-heading">{t("Errors by kind")}</h2>
      {errors.length === 0 ? (
        <p class="muted">{failed === 0 ? t("No request failed.") : t("The engine gave no details of the failures.")}</p>
      ) : (
        <div class="scroll" role="region" aria-label={t("Figures per error")} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("Error")}</th>
                <th scope="col">{t("Code")}</th>
                <th scope="col" class="number">
                  {t("Count")}
                </th>
                <th scope="col" class="number">
                  {t("Of all failures")}
                </th>
                <th scope="col">{t("Requests")}</th>
              </tr>
            </thead>
            <tbody>
              {errors.map(({ message, code, count, labels }) => (
                <tr key={`${code} ${message}`}>
                  <th scope="row" class="message">
                    {tell(message)}
                  </th>
                  <td>{code === "" ? <span class="muted">{t("no response")}</span> : <code>{code}</code>}</td>
                  <td class="number">{formatCount(count)}</td>
                  <td class="number">{formatPercent(failed === 0 ? 0 : count / failed)}</td>
                  <td class="message">{labels.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
