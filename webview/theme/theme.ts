import { useEffect, useState } from "preact/hooks";

/** A colour scheme, or `auto`: the one that the system asks for. */
export type Theme = "auto" | "light" | "dark";

const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"];

/** Tells whether the page shows dark colours now. */
export function isDark(theme: Theme): boolean {
  return theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

/** Shows the page in a theme; kept by the page alone, so a reload begins with the system's. */
export function applyTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
}

/** Counts the changes of what colours depend on (system theme, forced colours, print), so that charts can draw again. */
export function useColorChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const count = (): void => setChanges((before) => before + 1);
    const media = queries.map((query) => matchMedia(query));
    for (const list of media) list.addEventListener("change", count);
    return () => {
      for (const list of media) list.removeEventListener("change", count);
    };
  }, []);
  return changes;
}

/** Tells whether the page is being printed, when everything that is folded away opens. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const print = matchMedia("print");
    const update = (): void => setPrinting(print.matches);
    print.addEventListener("change", update);
    return () => print.removeEventListener("change", update);
  }, []);
  return isPrinting;
}
