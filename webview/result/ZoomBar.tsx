import { useLayoutEffect, useState } from "preact/hooks";
import { formatElapsed } from "../charts/ticks.ts";
import type { Timeline } from "../charts/timeline.ts";
import { t } from "../language.ts";
import { Icon, type IconName } from "./icons.tsx";

/** What stretch the charts show, and buttons that move and zoom it. */
export function ZoomBar({ timeline }: { readonly timeline: Timeline }) {
  const [, redraw] = useState({});
  useLayoutEffect(() => timeline.subscribe((change) => change === "span" && redraw({})), [timeline]);
  const { from, to } = timeline.span;
  const button = (name: IconName, title: string, act: () => void, isDisabled = !timeline.isZoomed) => (
    <vscode-button secondary aria-label={title} title={title} disabled={isDisabled} onClick={act}>
      <Icon name={name} />
    </vscode-button>
  );
  return (
    <div class="zoom screen-only" role="group" aria-label={t("Zoom of all charts")}>
      <output class="span">
        {formatElapsed(from)} – {formatElapsed(to)}
      </output>
      {button("left", t("Earlier (left arrow)"), () => timeline.pan(-0.25))}
      {button("right", t("Later (right arrow)"), () => timeline.pan(0.25))}
      {button("plus", t("Zoom in (+)"), () => timeline.zoom(0.5), false)}
      {button("minus", t("Zoom out (−)"), () => timeline.zoom(2))}
      <vscode-button secondary disabled={!timeline.isZoomed} onClick={() => timeline.reset()}>
        {t("Reset")}
      </vscode-button>
    </div>
  );
}
