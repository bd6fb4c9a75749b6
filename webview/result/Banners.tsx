import { formatCount } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { usePrinting } from "../theme/theme.ts";
import { t } from "../language.ts";
import { bannersOf } from "./banner.ts";
import { Icon } from "./icons.tsx";

/** More details than these are folded away. */
const shownDetails = 3;

/** What a reader has to know before trusting the figures. */
export function Banners({ result }: { readonly result: RunResult }) {
  const banners = bannersOf(result);
  if (banners.length === 0) return null;
  return (
    <ul class="banners" aria-label={t("Before you rely on these figures")}>
      {banners.map(({ title, text, details }) => (
        <li key={title}>
          <Icon name="warning" />
          <div>
            <p>
              <strong>{title}</strong> {text}
            </p>
            <Details lines={details} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Details({ lines }: { readonly lines: readonly string[] }) {
  const isPrinting = usePrinting();
  const folded = lines.slice(shownDetails);
  return (
    <>
      {lines.length > 0 && <Lines lines={lines.slice(0, shownDetails)} />}
      {folded.length > 0 && (
        <details open={isPrinting}>
          <summary>{t("Show {0} more", formatCount(folded.length))}</summary>
          <Lines lines={folded} />
        </details>
      )}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
