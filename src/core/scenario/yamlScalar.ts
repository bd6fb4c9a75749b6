/** The value of a plain (unquoted) YAML scalar as Taurus' own reader (PyYAML, YAML 1.1) resolves it: `yes` is true, `1:30` is 90, `1e3` is text. */
export function resolvePlain(text: string): string | number | boolean | null {
  if (isNull(text)) return null;
  if (/^(?:yes|no|true|false|on|off)$/i.test(text)) return resolveBoolean(text) ?? text;
  return /^[-+.\d]/.test(text) ? (resolveNumber(text) ?? text) : text;
}

/** Reads text as a YAML 1.1 number; undefined when it is none. */
export function resolveNumber(text: string): number | undefined {
  const digits = text.replaceAll("_", "");
  if (/^[-+]?(?:0|[1-9]\d*)$/.test(digits)) return Number(digits);
  if (/^[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]\d+)?$/.test(digits)) return Number(digits);
  if (/^[-+]?0[0-7]+$/.test(digits)) return signed(digits, (rest) => Number.parseInt(rest, 8));
  if (/^[-+]?0x[\da-fA-F]+$/.test(digits)) return signed(digits, (rest) => Number.parseInt(rest.slice(2), 16));
  if (/^[-+]?0b[01]+$/.test(digits)) return signed(digits, (rest) => Number.parseInt(rest.slice(2), 2));
  if (/^[-+]?\d+(?::[0-5]?\d)+(?:\.\d*)?$/.test(digits)) return signed(digits, readBase60);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(digits)) return digits.startsWith("-") ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(digits) ? NaN : undefined;
}

/** Reads text as a YAML 1.1 boolean; undefined when it is none. */
export function resolveBoolean(text: string): boolean | undefined {
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  return /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text) ? false : undefined;
}

function isNull(text: string): boolean {
  return text === "" || text === "~" || text === "null" || text === "Null" || text === "NULL";
}

function signed(text: string, read: (rest: string) => number): number {
  return text.startsWith("-") ? -read(text.slice(1)) : read(text.replace(/^\+/, ""));
}

function readBase60(text: string): number {
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
