import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ExportFormat } from "../../src/core/panel/protocol.ts";
import { t } from "../language.ts";
import { moveFocus } from "./moveFocus.ts";

function formats(): readonly { readonly format: ExportFormat; readonly name: string }[] {
  return [
    { format: "html", name: t("HTML report") },
    { format: "json", name: t("JSON result") },
    { format: "csv", name: t("CSV figures") },
    { format: "junit", name: t("JUnit verdict") },
  ];
}

/** A menu of the files that a result can be written to. */
export function ExportMenu({ onExport }: { readonly onExport: (format: ExportFormat) => void }) {
  const [isOpen, setOpen] = useState(false);
  const frameRef = useRef<HTMLDivElement>(null);
  // Before the next key arrives, which is meant for the menu.
  useLayoutEffect(() => {
    if (!isOpen) return;
    frameRef.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (event: FocusEvent | PointerEvent): void => {
      if (event.target instanceof Node && !frameRef.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("focusin", close);
    document.addEventListener("pointerdown", close);
    return () => {
      document.removeEventListener("focusin", close);
      document.removeEventListener("pointerdown", close);
    };
  }, [isOpen]);
  const end = (): void => {
    setOpen(false);
    frameRef.current?.querySelector<HTMLElement>(".menu-button")?.focus();
  };
  const byKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") end();
    else moveFocus(event, ".menu [role=menuitem]");
  };
  return (
    <div ref={frameRef} class="menu-frame">
      <vscode-button
        class="menu-button"
        secondary
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        // Otherwise the key that opens the menu would also choose its first item, which has the focus by then.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      >
        {t("Export")}
      </vscode-button>
      {isOpen && (
        <div class="menu" role="menu" aria-label={t("Export")}>
          {formats().map(({ format, name }) => (
            <button
              key={format}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onKeyDown={byKey}
              onClick={() => {
                end();
                onExport(format);
              }}
            >
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
