/** Makes a function that replaces the values of secrets in a text; those that are empty are none. */
export function maskOf(values: readonly string[]): (text: string) => string {
  // A longer value may hold a shorter one.
  const secrets = [...new Set(values)].filter((value) => value !== "").toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
}
