const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const named: Readonly<Record<string, string>> = { YMD: "yyyyMMdd", HMS: "HHmmss", YMDHMS: "yyyyMMdd-HHmmss" };
const tokenPattern = /'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+/g;

/**
 * Writes an instant (epoch ms) as JMeter's `__time` does: no pattern gives ms, `/1000` divides, `YMD`, `HMS`, `YMDHMS`
 * and property names stand for patterns, everything else is a Java date pattern in local time.
 */
export function formatDate(atMs: number, format: string, properties: Readonly<Record<string, string>>): string {
  if (format.trim() === "") return String(atMs);
  const divisor = /^\/(\d+)$/.exec(format);
  if (divisor !== null) return String(Math.floor(atMs / Number(divisor[1])));
  const pattern = named[format] ?? properties[`time.${format}`] ?? format;
  const date = new Date(atMs);
  return pattern.replace(tokenPattern, (token: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === "" ? "'" : quoted.replaceAll("''", "'");
    return field(date, token);
  });
}

function field(date: Date, token: string): string {
  const number = (value: number): string => String(value).padStart(token.length, "0");
  const word = (value: string | undefined): string => (token.length > 3 ? value : value?.slice(0, 3)) ?? "";
  switch (token.charAt(0)) {
    case "y":
    case "u":
      return token.length === 2 ? number(date.getFullYear() % 100) : number(date.getFullYear());
    case "M":
    case "L":
      return token.length > 2 ? word(months[date.getMonth()]) : number(date.getMonth() + 1);
    case "d":
      return number(date.getDate());
    case "E":
      return word(days[date.getDay()]);
    case "H":
      return number(date.getHours());
    case "h":
      return number(date.getHours() % 12 || 12);
    case "m":
      return number(date.getMinutes());
    case "s":
      return number(date.getSeconds());
    case "S":
      return String(date.getMilliseconds()).padStart(3, "0").slice(0, token.length).padEnd(token.length, "0");
    case "a":
      return date.getHours() < 12 ? "AM" : "PM";
    case "Z":
      return offset(date, "");
    case "X":
      return date.getTimezoneOffset() === 0 ? "Z" : offset(date, token.length > 2 ? ":" : "");
    default:
      return token;
  }
}

function offset(date: Date, separator: string): string {
  const minutes = -date.getTimezoneOffset();
  const part = (value: number): string => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${part(Math.floor(size / 60))}${separator}${part(size % 60)}`;
}

/** Reads an instant (epoch ms) that is written with a pattern of numeric fields; without a pattern it is epoch ms. */
export function parseDate(text: string, pattern: string): number {
  if (pattern === "") return Number(text);
  const values: Record<string, number> = {};
  let at = 0;
  for (const [token] of pattern.matchAll(tokenPattern)) {
    if (!/^[a-zA-Z]/.test(token)) {
      at += token.startsWith("'") ? token.length - 2 : token.length;
      continue;
    }
    const digits = new RegExp(`^\\d{1,${String(Math.max(token.length, 1))}}`).exec(text.slice(at))?.[0] ?? "";
    values[token.charAt(0)] = Number(digits);
    at += digits.length;
  }
  const { y = 1970, u = y, M = 1, d = 1, H = 0, m = 0, s = 0, S = 0 } = values;
  return new Date(u, M - 1, d, H, m, s, S).getTime();
}

/** Adds an ISO 8601 duration such as `P1DT-2H` or `-PT5M` to an instant; an empty one changes nothing. */
export function shiftDate(atMs: number, shift: string): number {
  const match = /^([-+]?)P(?:([-+]?\d+)D)?(?:T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+(?:\.\d+)?)S)?)?$/i.exec(
    shift,
  );
  if (match === null) return atMs;
  const [, sign, day = "0", hour = "0", minute = "0", second = "0"] = match;
  const seconds = ((Number(day) * 24 + Number(hour)) * 60 + Number(minute)) * 60 + Number(second);
  return atMs + (sign === "-" ? -1 : 1) * seconds * 1000;
}
