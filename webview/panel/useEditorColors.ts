import { useEffect, useState } from "preact/hooks";

/** A key that changes whenever the editor gives the page other colours, so that charts can draw again. */
export function useEditorColors(): string {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    // The editor writes its colours as properties of the root element, and the kind of theme as a class of the body.
    const observer = new MutationObserver(() => setChanges((before) => before + 1));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
    observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    return () => observer.disconnect();
  }, []);
  return String(changes);
}
