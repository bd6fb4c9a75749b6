/**
 * Replaces `${__P(name,default)}`, `${__property(name)}` and `${__env(name)}` by their values in a run; what has neither
 * a value nor a default stays for JMeter.
 */
export function resolveProperties(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\{__(?:P|property|env)\(([^,(){}]+)(?:,([^(){}]*))?\)\}/g,
    (whole, name: string, fallback: string | undefined) =>
      environment[name.trim()] ?? fallback?.slice(fallback.lastIndexOf(",") + 1).trim() ?? whole,
  );
}
