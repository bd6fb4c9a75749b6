import type { ComponentChildren } from "preact";
import { moveFocus } from "./moveFocus.ts";

/** A tab: its id, and its name for people. */
export interface Tab {
  readonly id: string;
  readonly name: string;
}

export interface TabsProps {
  readonly name: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
  readonly onPick: (id: string) => void;
  /** Content of the current tab. */
  readonly children: ComponentChildren;
}

/** Tabs by the pattern of the ARIA guide: one tab stop, arrow keys move and choose. */
export function Tabs({ name, tabs, current, onPick, children }: TabsProps) {
  const follow = (event: KeyboardEvent): void => {
    const id = moveFocus(event, ".tabs [role=tab]")?.id.replace(/^tab-/, "");
    if (id !== undefined) onPick(id);
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={name}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`tab-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === current}
            aria-controls={`tabpanel-${tab.id}`}
            tabIndex={tab.id === current ? 0 : -1}
            onClick={() => onPick(tab.id)}
            onKeyDown={follow}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div id={`tabpanel-${current}`} class="tabpanel" role="tabpanel" aria-labelledby={`tab-${current}`}>
        {children}
      </div>
    </>
  );
}
