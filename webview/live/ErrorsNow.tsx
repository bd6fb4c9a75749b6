import { formatCount, formatPercent } from "../../src/core/results/figures.ts";
import { t, tell } from "../language.ts";
import type { Reading } from "./reading.ts";

/** The most frequent kinds of errors so far; nothing while none is known. */
export function ErrorsNow({ reading: { errors, labels } }: { readonly reading: Reading }) {
  if (errors.length === 0) return null;
  const failed = labels.find(({ label }) => label === "")?.soFar.failed ?? 0;
  return (
    <section aria-labelledby="errors-now-heading">
      <h2 id="errors-now-heading">{t("Most frequent errors so far")}</h2>
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
            </tr>
          </thead>
          <tbody>
            {errors.map(({ message, code, count }) => (
              <tr key={`${code} ${message}`}>
                <th scope="row" class="message">
                  {tell(message)}
                </th>
                <td>{code === "" ? <span class="muted">{t("no response")}</span> : <code>{code}</code>}</td>
                <td class="number">{formatCount(count)}</td>
                <td class="number">{formatPercent(failed === 0 ? 0 : count / failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
