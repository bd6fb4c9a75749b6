/**
 * Moves the focus among the elements that match a selector and make up one widget: arrow keys, Home and End.
 * Answers the element that has it now; undefined when the key means something else.
 */
export function moveFocus(event: KeyboardEvent, selector: string): HTMLElement | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const items = [...document.querySelectorAll<HTMLElement>(selector)];
  const at = items.findIndex((item) => item === document.activeElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: -1,
  };
  const target = targets[event.key];
  if (target === undefined || items.length === 0) return undefined;
  event.preventDefault();
  const item = items.at(target % items.length);
  item?.focus();
  return item;
}
