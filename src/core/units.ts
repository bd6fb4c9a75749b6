const msOfUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, "": 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const bytesOfUnit: Readonly<Record<string, number>> = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

const durationPart = /(\d+(?:\.\d*)?|\.\d+)(ms|s|m|h|d)?/giy;

/** Reads a duration as Taurus writes it (`1m30s`, `500ms`, `1d 2h`, bare numbers are seconds) into ms; undefined when it is none. */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === "number") return Number.isFinite(text) && text >= 0 ? text * 1000 : undefined;
  const compact = text.replaceAll(" ", "");
  if (compact === "") return undefined;
  let ms = 0;
  durationPart.lastIndex = 0;
  while (durationPart.lastIndex < compact.length) {
    const part = durationPart.exec(compact);
    // Only the last number may go without a unit.
    if (part === null || (part[2] === undefined && durationPart.lastIndex < compact.length)) return undefined;
    ms += Number(part[1]) * (msOfUnit[(part[2] ?? "").toLowerCase()] ?? NaN);
  }
  return ms;
}

/** Writes ms as Taurus reads them: `1m30s`, `1s500ms`, `0s`; parts of a ms are rounded. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  if (rest === 0) return "0s";
  let text = "";
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const size = msOfUnit[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** Reads a size as Taurus writes it (`10MB`, `64kB`, `100`; units are powers of 1,024) into bytes; undefined when it is none. */
export function parseBytes(text: string | number): number | undefined {
  const parts = /^(\d+(?:\.\d*)?|\.\d+)\s*(?:(b)|([kmg])i?b?)?$/i.exec(String(text).trim());
  return parts === null ? undefined : Number(parts[1]) * (bytesOfUnit[(parts[3] ?? "").toLowerCase()] ?? NaN);
}

/** Writes bytes with the largest fitting unit: `512 B`, `1.5 kB`, `10 MB`, `2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let index = 0;
  while (Math.abs(value) >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${formatNumber(value, index === 0 ? 0 : 1)} ${units[index] ?? ""}`;
}

/** Writes a number with thousands separators and at most `decimals` decimals: `12,345.6`. */
export function formatNumber(value: number, decimals = 0): string {
  const [whole = "", fraction = ""] = Math.abs(value).toFixed(decimals).split(".");
  const tail = fraction.replace(/0+$/, "");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (tail === "" ? "" : `.${tail}`);
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Reads a percentage (`5%`, `+0.5 %`, `-10%`) into a ratio; undefined when it is none. */
export function parsePercent(text: string): number | undefined {
  const parts = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)\s*%$/.exec(text.trim());
  return parts === null ? undefined : (Number(parts[2]) / 100) * (parts[1] === "-" ? -1 : 1);
}

/** Writes a ratio as a percentage with at most `decimals` decimals: `12.3%`. */
export function formatPercent(ratio: number, decimals = 1): string {
  return `${formatNumber(ratio * 100, decimals)}%`;
}
