/** The name of a scenario's file without its folders and its ending. */
export function nameOf(file: string): string {
  const name = file.split(/[/\\]/).at(-1) ?? file;
  return name.replace(/(\.loadtest)?\.(ya?ml|json|jmx)$/i, "") || name;
}
