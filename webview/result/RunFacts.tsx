import type { RunResult } from "../../src/core/results/result.ts";
import { t } from "../language.ts";
import { factsOf } from "./fact.ts";

/** Who ran what, with which load, where, and how well the load generators held up. */
export function RunFacts({ result }: { readonly result: RunResult }) {
  return (
    <section aria-labelledby="facts-heading">
      <h2 id="facts-heading">{t("About this run")}</h2>
      <div class="facts">
        {factsOf(result).map(({ title, facts }) => (
          <div key={title}>
            <h3>{title}</h3>
            <dl class="pairs">
              {facts.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
