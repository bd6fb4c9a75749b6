import type { VerdictStatus } from "../../src/core/run/run.ts";

const paths = {
  passed: "M13.5 4.5 6.5 11.5 2.8 7.8",
  failed: "M4 4 12 12 M12 4 4 12",
  "not judged": "M3.5 8 12.5 8",
  warning: "M8 2.2 14.5 13.5H1.5Z M8 6.4V9.6 M8 11.4V11.8",
  chevron: "M6 4 10 8 6 12",
  "sort-ascending": "M4.5 9.5 8 6 11.5 9.5",
  "sort-descending": "M4.5 6.5 8 10 11.5 6.5",
  dark: "M13 9.6A5.6 5.6 0 1 1 6.4 3 4.6 4.6 0 0 0 13 9.6Z",
  light:
    "M8 5.2A2.8 2.8 0 1 1 8 10.8 2.8 2.8 0 0 1 8 5.2Z M8 1.4V2.8 M8 13.2V14.6 M1.4 8H2.8 M13.2 8H14.6 M3.3 3.3 4.3 4.3 M11.7 11.7 12.7 12.7 M12.7 3.3 11.7 4.3 M4.3 11.7 3.3 12.7",
  plus: "M8 3V13 M3 8H13",
  minus: "M3 8H13",
  play: "M5 3.5 12 8 5 12.5Z",
  pause: "M5.5 3.5V12.5 M10.5 3.5V12.5",
  stop: "M4 4H12V12H4Z",
  left: "M10 3.5 5.5 8 10 12.5",
  right: "M6 3.5 10.5 8 6 12.5",
} satisfies Readonly<Record<VerdictStatus, string>> & Readonly<Record<string, string>>;

/** Name of a drawn icon. */
export type IconName = keyof typeof paths;

/** An icon in the colour of the text around it; the words beside it say the same, so it is hidden from readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
