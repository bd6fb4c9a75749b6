/** A source of whole numbers below a bound that gives the same ones for the same seed. */
export type Random = (below: number) => number;

/** Makes a random source out of a seed (mulberry32). */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Mutation = (text: string, random: Random) => string;

const maxLength = 1024 * 1024;
const tokens = [
  "\t",
  "\0",
  "\r\n",
  "\r",
  "\uFEFF",
  "\uD800",
  "\u2028",
  ":",
  ": ",
  "- ",
  "? ",
  "- - ",
  "|",
  ">",
  "|9\n",
  "&a ",
  "*a",
  "*a ",
  "<<: *a\n",
  "!!str ",
  "!!binary ",
  "!x ",
  "%YAML 1.1\n---\n",
  "---\n",
  "...\n",
  "#",
  '"',
  "'",
  "[",
  "]",
  "{",
  "}",
  ",",
  "~",
  "^",
  "$",
  "${",
  "}",
  "${__P(users,5)}",
  "null",
  "~",
  ".nan",
  ".inf",
  "-0",
  "1e999",
  "999999999999999999999",
  "0x1F",
  "1:30",
  "yes",
  "2001-01-01",
  "__proto__: 1\n",
  "constructor: 1\n",
  "toString: 1\n",
  "hold-for: -1\n",
  "concurrency: 1e9\n",
  "<",
  ">",
  "</",
  "/>",
  "<!--",
  "<![CDATA[",
  "&amp;",
  "&#x0;",
  "&lol;",
  "<!DOCTYPE x [",
  "\\",
  "\\u0000",
  "%",
  "@",
  "`",
];

const small: readonly Mutation[] = [
  (text, random) => spliced(text, random, 1, tokens[random(tokens.length)] ?? ""),
  (text, random) => spliced(text, random, 0, tokens[random(tokens.length)] ?? ""),
  (text, random) => spliced(text, random, 0, String.fromCharCode(random(random(4) === 0 ? 65_536 : 256))),
  (text, random) => spliced(text, random, 1 + random(40), ""),
  (text, random) => spliced(text, random, 0, slice(text, random)),
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => swapLines(text, random),
  (text, random) => editLine(text, random, (line) => " ".repeat(random(8)) + line.trimStart()),
  (text, random) => editLine(text, random, (line) => `${line}\n${line}`),
  (text, random) => editLine(text, random, (line) => line.replace(/:.*/, ":")),
  (text, random) => editLine(text, random, (line) => line.replace(/: .*/, `: ${tokens[random(tokens.length)] ?? ""}`)),
  (text, random) => text.replaceAll("\n", random(2) === 0 ? "\r\n" : "\r"),
  (text, random) => text.replace(/\d+/, ["-1", "0", "99999999999999999999", "1.5", "1s1s", "${x}"][random(6)] ?? ""),
];

/** Texts that are hard on parsers, `size` characters or so long. */
const hostile: readonly ((size: number) => string)[] = [
  (size) => "[".repeat(size),
  (size) => "{a: ".repeat(size / 4),
  (size) => "- ".repeat(size / 2),
  (size) => "? ".repeat(size / 2),
  (size) => Array.from({ length: Math.sqrt(size) }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
  (size) => `a: "${"x".repeat(size)}`,
  (size) => `a: |\n${" x\n".repeat(size / 3)}`,
  (size) => Array.from({ length: size / 10 }, (_, index) => `k${index}: 1\n`).join(""),
  (size) => "k: 1\n".repeat(size / 5),
  (size) => "---\na: 1\n".repeat(size / 9),
  (size) => "#\n".repeat(size / 2),
  (size) => "\n".repeat(size),
  (size) => " ".repeat(size),
  (size) => "\t".repeat(size),
  (size) => "&a ".repeat(size / 3),
  (size) => "*a\n".repeat(size / 3),
  (size) => `a: &a [x]\nb: [${"*a,".repeat(size / 3)}]\n`,
  (size) =>
    `${Array.from({ length: size / 22 }, (_, index) => `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`)
      .join("\n")
      .replaceAll("*a-1", "x")}\n`,
  (size) =>
    `${Array.from({ length: size / 25 }, (_, index) => `a${index}: &a${index} {<<: *a${index - 1}, k${index}: 1}`)
      .join("\n")
      .replace("<<: *a-1, ", "")}\n`,
  (size) => "a: &a [*a]\n".repeat(size / 11),
  (size) => `execution: {scenario: s}\nscenarios:\n  s:\n    requests:\n${"    - http://x/\n".repeat(size / 15)}`,
  (size) => `execution: {scenario: s}\nscenarios:\n  s:\n    requests:\n${"    - /x${a}\n".repeat(size / 11)}`,
  (size) => `execution:\n${"- concurrency: 1\n  scenario: s\n".repeat(size / 31)}`,
  (size) =>
    `scenarios:\n${Array.from({ length: size / 60 }, (_, index) => `  s${index}:\n    requests: [include-scenario: s${index + 1}, include-scenario: s${index + 1}]\n`).join("")}execution: {scenario: s0}\n`,
  (size) =>
    `execution: {scenario: s}\nreporting:\n- module: passfail\n  criteria:\n${Array.from({ length: size / 26 }, (_, index) => `  - p95 of label${index}>300ms\n`).join("")}`,
  (size) => `execution: {hold-for: "${"1 ".repeat(size / 2)}x"}\n`,
  (size) => `execution: {hold-for: "${"1m".repeat(size / 2)}x"}\n`,
  (size) =>
    `settings: {env: {A: "${"x".repeat(size / 2)}"}}\nscenarios: {s: {requests: [${"${A},".repeat(size / 8)}]}}\n`,
  (size) => `included-configs: [${"a.yml,".repeat(size / 6)}]\n`,
  (size) => `<jmeterTestPlan>${"<hashTree>".repeat(size / 10)}`,
  (size) => `<jmeterTestPlan>${"<a b='c'/>".repeat(size / 10)}</jmeterTestPlan>`,
  (size) =>
    `<jmeterTestPlan><hashTree>${"<ThreadGroup testname='&#120;'/><hashTree/>".repeat(size / 43)}</hashTree></jmeterTestPlan>`,
  (size) => `<!DOCTYPE x [<!ENTITY a "${"b".repeat(size / 2)}">]><x>${"&a;".repeat(size / 6)}</x>`,
  (size) => `<a>${"&#x41;".repeat(size / 6)}</a>`,
  (size) => "<".repeat(size),
  (size) => `<a ${"b".repeat(size)}`,
  (size) =>
    `<jmeterTestPlan><hashTree>${"<CSVDataSet><stringProp name='filename'>/x</stringProp></CSVDataSet><hashTree/>".repeat(size / 80)}</hashTree></jmeterTestPlan>`,
];

/** Changes a text in one to a dozen ways, or makes one that is hard on parsers, of up to `limit` characters. */
export function mutate(text: string, random: Random, limit: number): string {
  if (random(8) === 0) {
    const make = hostile[random(hostile.length)];
    const hard = make?.(Math.max(100, random(limit))) ?? "";
    return (random(2) === 0 ? hard : text + hard).slice(0, maxLength);
  }
  let mutant = text;
  for (let count = 1 + random(12); count > 0; count--) mutant = small[random(small.length)]?.(mutant, random) ?? mutant;
  if (random(10) === 0) mutant = mutant.repeat(Math.max(1, Math.floor(random(limit) / (mutant.length + 1))));
  return mutant.slice(0, maxLength);
}

function spliced(text: string, random: Random, remove: number, insert: string): string {
  const at = random(text.length + 1);
  return text.slice(0, at) + insert + text.slice(at + remove);
}

function slice(text: string, random: Random): string {
  const start = random(text.length + 1);
  return text.slice(start, start + random(400));
}

function editLine(text: string, random: Random, edit: (line: string) => string): string {
  const lines = text.split("\n");
  const at = random(lines.length);
  lines[at] = edit(lines[at] ?? "");
  return lines.join("\n");
}

function swapLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const [from, to] = [random(lines.length), random(lines.length)];
  [lines[from], lines[to]] = [lines[to] ?? "", lines[from] ?? ""];
  return lines.join("\n");
}
