import type { DebugAssertion, DebugSample } from "../../src/core/run/debug.ts";
import type { PanelRequest } from "../../src/core/panel/protocol.ts";
import { Icon } from "../result/icons.tsx";
import { t, tell } from "../language.ts";
import { HopView } from "./HopView.tsx";

export interface SampleViewProps {
  readonly sample: DebugSample;
  readonly onRequest: (request: PanelRequest) => void;
}

/** A request step as it was executed: what failed, what was sent and received, what was checked and extracted. */
export function SampleView({ sample, onRequest }: SampleViewProps) {
  const { label, failure, hops, assertions, variables, line } = sample;
  const open = (text: string, language: string): void => onRequest({ kind: "open-text", text, language });
  return (
    <section class="sample" aria-labelledby="sample-heading">
      <div class="section-head">
        <h2 id="sample-heading">{label}</h2>
        <span class="actions">
          <vscode-button secondary onClick={() => onRequest({ kind: "open-scenario", line })}>
            {t("Go to line {0}", line)}
          </vscode-button>
        </span>
      </div>
      {failure !== null && <p class="callout">{tell(failure)}</p>}
      <Assertions assertions={assertions} />
      <Variables variables={variables} />
      {hops.map((hop, index) => (
        <HopView
          key={index}
          hop={hop}
          position={hops.length > 1 ? t("Redirect {0} of {1}:", index + 1, hops.length) : undefined}
          onOpen={open}
        />
      ))}
    </section>
  );
}

function Assertions({ assertions }: { readonly assertions: readonly DebugAssertion[] }) {
  if (assertions.length === 0) return <p class="muted">{t("This request has no assertions.")}</p>;
  return (
    <div class="scroll" role="region" aria-label={t("Assertions")} tabIndex={0}>
      <table class="rules">
        <caption>{t("Assertions")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("Outcome")}</th>
            <th scope="col">{t("Assertion")}</th>
            <th scope="col">{t("Expected")}</th>
            <th scope="col">{t("Actual")}</th>
          </tr>
        </thead>
        <tbody>
          {assertions.map(({ name, isPassed, expected, actual }, index) => (
            <tr key={index} class={isPassed ? "is-passed" : "is-failed"}>
              <th scope="row">
                <span class="status">
                  <Icon name={isPassed ? "passed" : "failed"} />
                  {isPassed ? t("Passed|assertion") : t("Failed|assertion")}
                </span>
              </th>
              <td class="message">{name}</td>
              <td class="message">
                <code>{expected ?? "–"}</code>
              </td>
              <td class="message measured">
                <code>{actual ?? "–"}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Variables({ variables }: { readonly variables: DebugSample["variables"] }) {
  if (variables.length === 0) return <p class="muted">{t("No variable was set or changed.")}</p>;
  return (
    <div class="scroll" role="region" aria-label={t("Variables")} tabIndex={0}>
      <table>
        <caption>{t("Variables set or changed")}</caption>
        <tbody>
          {variables.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td class="message">
                <code>{value}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
