import { useMemo, useState } from "preact/hooks";
import { formatBytes } from "../../src/core/results/figures.ts";
import type { DebugBody } from "../../src/core/run/debug.ts";
import { t } from "../language.ts";
import { hexDump, prettyJson } from "./bodyText.ts";

type Mode = "pretty" | "text" | "hex";

export interface BodyViewProps {
  /** `Request body` or `Response body`, in the language. */
  readonly name: string;
  /** Which of several redirects it belongs to. */
  readonly position: string | undefined;
  readonly body: DebugBody | null;
  readonly onOpen: (text: string, language: string) => void;
}

/** A content: JSON laid out, as text, or its bytes; of what is not text only its size. */
export function BodyView({ name, position, body, onOpen }: BodyViewProps) {
  const pretty = useMemo(() => (body?.kind === "text" ? prettyJson(body.text) : undefined), [body]);
  const [wanted, setMode] = useState<Mode>("pretty");
  if (body === null || body.bytes === 0) return <p class="muted">{t("{0}: none.|body", name)}</p>;
  if (body.kind === "binary") {
    return (
      <p class="muted">
        {t("{0}: {1} that are not text.", name, formatBytes(body.bytes))}{" "}
        {t("Debug Once keeps only the size of such a content.")}
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
        <span class="actions" role="group" aria-label={t("{0} as|mode", name)}>
          {modes.map((one) => (
            <vscode-button key={one} secondary aria-pressed={one === mode} onClick={() => setMode(one)}>
              {modeName(one)}
            </vscode-button>
          ))}
          <vscode-button secondary onClick={() => onOpen(text, pretty === undefined ? "plaintext" : "json")}>
            {t("Open in editor")}
          </vscode-button>
        </span>
      </div>
      {body.isCut && (
        <p class="muted">{t("Only the first part was kept; the whole content has {0}.", formatBytes(body.bytes))}</p>
      )}
      <pre class="text" role="region" aria-label={regionName(name, position)} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}

/** Name of a part of a page that shows several such parts, one for each redirect. */
export function regionName(name: string, position: string | undefined): string {
  return position === undefined ? name : `${position} ${name}`;
}

function modeName(mode: Mode): string {
  const names: Readonly<Record<Mode, string>> = { pretty: t("Pretty"), text: t("Text"), hex: t("Hex") };
  return names[mode];
}
