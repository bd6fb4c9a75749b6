import { formatCount } from "../../src/core/results/figures.ts";
import type { DebugHeader, DebugHop } from "../../src/core/run/debug.ts";
import { BodyView } from "./BodyView.tsx";
import { TimingBar } from "./TimingBar.tsx";

export interface HopViewProps {
  readonly hop: DebugHop;
  /** `1 of 2` when redirects were followed. */
  readonly position: string | undefined;
  readonly onOpen: (text: string, language: string) => void;
}

/** One request with its answer: line, times, headers and contents of both. */
export function HopView({ hop, position, onOpen }: HopViewProps) {
  const answer = hop.status === null ? "no answer" : `${hop.status} ${hop.statusText}`.trim();
  return (
    <article class="hop">
      <h3>
        {position && <span class="muted">Redirect {position}: </span>}
        <code>
          {hop.method} {hop.url}
        </code>{" "}
        → {answer}
      </h3>
      {hop.failure !== null && <p class="callout">{hop.failure}</p>}
      <TimingBar timing={hop.timing} />
      <details open>
        <summary>Response</summary>
        <Headers name="Response headers" headers={hop.responseHeaders} />
        <BodyView name="Response body" body={hop.responseBody} onOpen={onOpen} />
      </details>
      <details>
        <summary>Request</summary>
        <Headers name="Request headers" headers={hop.requestHeaders} />
        <BodyView name="Request body" body={hop.requestBody} onOpen={onOpen} />
      </details>
    </article>
  );
}

function Headers({ name, headers }: { readonly name: string; readonly headers: readonly DebugHeader[] }) {
  if (headers.length === 0) return <p class="muted">{name}: none.</p>;
  return (
    <div class="scroll" role="region" aria-label={name} tabIndex={0}>
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
