/** Takes the mark `|` out of a text and tells where it was. */
export function unmark(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf("|");
  if (offset < 0) throw new Error("The text has no mark.");
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
