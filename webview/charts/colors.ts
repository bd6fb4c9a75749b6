import type { ColorToken } from "./spec.ts";

/** Looks up the colour that a token has in the theme of now, as a canvas takes it; `opacity` is 0..1. */
export type Colors = (token: ColorToken, opacity?: number) => string;

/** Reads tokens as the page computes them: `light-dark()`, forced colours and the editor's own are resolved then. */
export function readColors(): Colors {
  const known = new Map<ColorToken, string>();
  return (token, opacity = 1) => {
    const color = known.get(token) ?? computeColor(token);
    known.set(token, color);
    return opacity === 1 ? color : withOpacity(color, opacity);
  };
}

function computeColor(token: ColorToken): string {
  const probe = document.createElement("span");
  probe.style.setProperty("forced-color-adjust", "none");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Computed colours read `rgb(…)` with parts of 255, or `color(srgb …)` with parts of 1 when they were mixed. */
function withOpacity(color: string, opacity: number): string {
  const [red = 0, green = 0, blue = 0, own = 1] = (color.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const scale = color.startsWith("color(") ? 255 : 1;
  return `rgba(${red * scale}, ${green * scale}, ${blue * scale}, ${own * opacity})`;
}
