import { render } from "preact";
import { useState } from "preact/hooks";
import { errorMessage } from "../../src/core/errors.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { formatInstant } from "../result/instant.ts";
import { Icon } from "../result/icons.tsx";
import { ResultView } from "../result/ResultView.tsx";
import type { ResultSource } from "../source.ts";
import { applyTheme, isDark, useColorChanges, type Theme } from "../theme/theme.ts";

/** Reads the result and replaces what the element shows by the report, or by the reason why there is none. */
export async function showReport(element: HTMLElement, source: ResultSource, signal: AbortSignal): Promise<void> {
  const page = await source.result(signal).then(
    (result) => <Report result={result} />,
    (error: unknown) => <Failure error={error} />,
  );
  element.replaceChildren();
  render(page, element);
}

function Report({ result }: { readonly result: RunResult }) {
  const [theme, setTheme] = useState<Theme>("auto");
  const changes = useColorChanges();
  const other = isDark(theme) ? "light" : "dark";
  const switchTheme = (): void => {
    applyTheme(other);
    setTheme(other);
  };
  return (
    <>
      <header>
        <div>
          <h1>{result.name}</h1>
          <p class="muted">
            Load test of {formatInstant(result.startAtMs ?? result.endedAtMs)} · run <code>{result.runId}</code>
          </p>
        </div>
        <vscode-button secondary class="screen-only" onClick={switchTheme}>
          <span slot="content-before">
            <Icon name={other} />
          </span>
          {other === "dark" ? "Dark theme" : "Light theme"}
        </vscode-button>
      </header>
      <main>
        <ResultView result={result} colorsKey={`${theme} ${changes}`} />
      </main>
      <footer class="muted">
        Made by Loadfleet {result.origin.toolVersion}. This file holds the whole result and loads nothing from
        elsewhere.
      </footer>
    </>
  );
}

function Failure({ error }: { readonly error: unknown }) {
  const { message, hint } = errorMessage(error);
  return (
    <main>
      <h1>This report cannot be shown</h1>
      <p role="alert">
        {message} {hint}
      </p>
    </main>
  );
}
