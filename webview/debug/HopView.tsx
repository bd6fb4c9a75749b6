import { formatCount } from "../../src/core/results/figures.ts";
import type { DebugHeader, DebugHop } from "../../src/core/run/debug.ts";
import { t, tell } from "../language.ts";
import { BodyView, regionName } from "./BodyView.tsx";
import { TimingBar } from "./TimingBar.tsx";

export interface HopViewProps {
  readonly hop: DebugHop;
  /** `Redirect 1 of 2:` when redirects were followed. */
  readonly position: string | undefined;
  readonly onOpen: (text: string, language: string) => void;
}

/** One request with its answer: line, times, headers and contents of both. */
export function HopView({ hop, position, onOpen }: HopViewProps) {
  const answer = hop.status === null ? t("no answer") : `${hop.status} ${hop.statusText}`.trim();
  return (
    <article class="hop">
      <h3>
        {position && <span class="muted">{position} </span>}
        <code>
          {hop.method} {hop.url}
        </code>{" "}
        → {answer}
      </h3>
      {hop.failure !== null && <p class="callout">{tell(hop.failure)}</p>}
      <TimingBar timing={hop.timing} />
      <details open>
        <summary>{t("Response")}</summary>
        <Headers name={t("Response headers")} position={position} headers={hop.responseHeaders} />
        <BodyView name={t("Response body")} position={position} body={hop.responseBody} onOpen={onOpen} />
      </details>
      <details>
        <summary>{t("Request")}</summary>
        <Headers name={t("Request headers")} position={position} headers={hop.requestHeaders} />
        <BodyView name={t("Request body")} position={position} body={hop.requestBody} onOpen={onOpen} />
      </details>
    </article>
  );
}

interface HeadersProps {
  readonly name: string;
  readonly position: string | undefined;
  readonly headers: readonly DebugHeader[];
}

function Headers({ name, position, headers }: HeadersProps) {
  if (headers.length === 0) return <p class="muted">{t("{0}: none.|headers", name)}</p>;
  return (
    <div class="scroll" role="region" aria-label={regionName(name, position)} tabIndex={0}>
      <table>
        <caption>
          {name} ({formatCount(headers.length)})
        </caption>
        <tbody>
          {headers.map(([header, value], index) => (
            <tr key={`${header} ${index}`}>
              <th scope="row">{header}</th>
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
