import type { Timeline } from "./timeline.ts";

/** Keys that {@link zoomByKey} knows, as `aria-keyshortcuts` names them. */
export const zoomKeys = "+ - ArrowLeft ArrowRight 0";

/** Zooms, moves or resets a timeline by a key; other keys keep their meaning. */
export function zoomByKey(timeline: Timeline, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const actions: Readonly<Record<string, () => void>> = {
    "+": () => timeline.zoom(0.5),
    "=": () => timeline.zoom(0.5),
    "-": () => timeline.zoom(2),
    ArrowLeft: () => timeline.pan(-0.25),
    ArrowRight: () => timeline.pan(0.25),
    "0": () => timeline.reset(),
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}
