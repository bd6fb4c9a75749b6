import { t } from "../language.ts";
import type { HeadlineFigure } from "./headlineFigure.ts";

/** The figures that people ask for first. */
export function Headline({ figures }: { readonly figures: readonly HeadlineFigure[] }) {
  return (
    <section class="headline" aria-label={t("Headline figures")}>
      <dl>
        {figures.map(({ name, value, detail }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="figure">{value}</span>
              <span class="detail">{detail}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
