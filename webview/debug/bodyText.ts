import { t } from "../language.ts";

const shownBytes = 16 * 1024;

/**
 * Lays out JSON over several lines without reading its values: numbers and escapes stay as they were sent.
 * Answers undefined when the text is no JSON.
 */
export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let depth = 0;
  const indented = (): string => `\n${"  ".repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  return tokens.reduce((pretty, token, at) => {
    if (token === "{" || token === "[") {
      const next = tokens[at + 1];
      if (next === "}" || next === "]") return pretty + token;
      depth++;
      return pretty + token + indented();
    }
    if (token === "}" || token === "]") {
      const previous = tokens[at - 1];
      if (previous === "{" || previous === "[") return pretty + token;
      depth--;
      return pretty + indented() + token;
    }
    if (token === ",") return pretty + token + indented();
    return pretty + (token === ":" ? ": " : token);
  }, "");
}

/** Writes a text's UTF-8 bytes as rows of sixteen, with their letters beside them; the first 16 KiB. */
export function hexDump(text: string): string {
  const bytes = new TextEncoder().encode(text.slice(0, shownBytes)).subarray(0, shownBytes);
  const rows = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => {
    const part = [...bytes.subarray(row * 16, row * 16 + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const letters = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    return `${(row * 16).toString(16).padStart(6, "0")}  ${hex.padEnd(47)}  ${letters}`;
  });
  const isCut = text.length > bytes.length;
  return [...rows, ...(isCut ? [t("The rest is left out here.")] : [])].join("\n");
}
