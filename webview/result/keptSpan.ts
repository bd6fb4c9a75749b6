import { useContext, useEffect, useLayoutEffect } from "preact/hooks";
import type { Span } from "../charts/span.ts";
import type { Timeline } from "../charts/timeline.ts";
import { KeeperContext } from "./kept.ts";

const key = "span";

/** Keeps the stretch that charts are zoomed to, and shows it again after a reload. */
export function useKeptSpan(timeline: Timeline): void {
  const keeper = useContext(KeeperContext);
  useLayoutEffect(() => {
    const span = decodeSpan(keeper?.get(key));
    if (span) timeline.show(span);
  }, [keeper, timeline]);
  useEffect(
    () =>
      timeline.subscribe((change) => {
        if (change === "span") keeper?.set(key, timeline.isZoomed ? timeline.span : null);
      }),
    [keeper, timeline],
  );
}

function decodeSpan(kept: unknown): Span | undefined {
  if (typeof kept !== "object" || kept === null || !("from" in kept) || !("to" in kept)) return undefined;
  const { from, to } = kept;
  return typeof from === "number" && typeof to === "number" ? { from, to } : undefined;
}
