import { useMemo, useState } from "preact/hooks";
import { formatBytes } from "../../src/core/results/figures.ts";
import type { DebugBody } from "../../src/core/run/debug.ts";
import { hexDump, prettyJson } from "./bodyText.ts";

type Mode = "pretty" | "text" | "hex";

const names: Readonly<Record<Mode, string>> = { pretty: "Pretty", text: "Text", hex: "Hex" };

export interface BodyViewProps {
  /** `Request body` or `Response body`. */
  readonly name: string;
  readonly body: DebugBody | null;
  readonly onOpen: (text: string, language: string) => void;
}

/** A content: JSON laid out, as text, or its bytes; of what is not text only its size. */
export function BodyView({ name, body, onOpen }: BodyViewProps) {
  const pretty = useMemo(() => (body?.kind === "text" ? prettyJson(body.text) : undefined), [body]);
  const [wanted, setMode] = useState<Mode>("pretty");
  if (body === null || body.bytes === 0) return <p class="muted">{name}: none.</p>;
  if (body.kind === "binary") {
    return (
      <p class="muted">
        {name}: {formatBytes(body.bytes)} that are not text. Debug Once keeps only the size of such a content.
      </p>
    );
  }
  const modes: readonly Mode[] = pretty === undefined ? ["text", "hex"] : ["pretty", "text", "hex"];
  const mode = modes.includes(wanted) ? wanted : "text";
  const text = mode === "hex" ? hexDump(body.text) : mode === "pretty" ? (pretty ?? body.text) : body.text;
  return (
    <div class="body">
      <div class="section-head">
        <h4>
          {name} <span class="muted">{formatBytes(body.bytes)}</span>
        </h4>
        <span class="actions" role="group" aria-label={`${name} as`}>
          {modes.map((one) => (
            <vscode-button key={one} secondary aria-pressed={one === mode} onClick={() => setMode(one)}>
              {names[one]}
            </vscode-button>
          ))}
          <vscode-button secondary onClick={() => onOpen(text, pretty === undefined ? "plaintext" : "json")}>
            Open in editor
          </vscode-button>
        </span>
      </div>
      {body.isCut && (
        <p class="muted">Only the first part was kept; the whole content has {formatBytes(body.bytes)}.</p>
      )}
      <pre class="text" role="region" aria-label={name} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
