import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { splitCsv } from "../../../src/core/run/splitCsv.ts";

const plain = { hasHeader: false, isQuoted: false };
const quoted = { hasHeader: false, isQuoted: true };

function partsOf(text: string, of: number, form: typeof plain): readonly string[] {
  return Array.from({ length: of }, (_, index) => splitCsv(text, index, of, form));
}

describe("splitCsv", () => {
  test.each([
    { name: "cuts rows", text: "1\n2\n3\n", form: plain, parts: ["1\n", "2\n3\n"] },
    {
      name: "repeats the header",
      text: "id\n1\n2\n",
      form: { ...plain, hasHeader: true },
      parts: ["id\n1\n", "id\n2\n"],
    },
    { name: "keeps CR LF", text: "1\r\n2\r\n", form: plain, parts: ["1\r\n", "2\r\n"] },
    { name: "ends a last line that has no end", text: "1\n2", form: plain, parts: ["1\n", "2\n"] },
    {
      name: "keeps a quoted line end inside its row",
      text: '"a\nb",1\n2\n',
      form: quoted,
      parts: ['"a\nb",1\n', "2\n"],
    },
    { name: "reads doubled quotes", text: '"a""\nb"\n2\n', form: quoted, parts: ['"a""\nb"\n', "2\n"] },
    {
      name: "takes quotes as they are when rows are not quoted",
      text: '"a\nb"\n',
      form: plain,
      parts: ['"a\n', 'b"\n'],
    },
    { name: "keeps empty rows", text: "1\n\n2\n3\n", form: plain, parts: ["1\n\n", "2\n3\n"] },
    {
      name: "gives the header alone where there are no rows left",
      text: "id\n1\n",
      form: { ...plain, hasHeader: true },
      parts: ["id\n", "id\n1\n"],
    },
    { name: "has nothing to cut in an empty file", text: "", form: { ...plain, hasHeader: true }, parts: ["", ""] },
  ])("$name", ({ text, form, parts }) => {
    expect(partsOf(text, 2, form)).toEqual(parts);
  });

  it("loses and doubles nothing", () => {
    const anyText = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r\n", "ü") }).map((text) => `${text}\n`);
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 9 }), fc.boolean(), (text, of, isQuoted) => {
        const open = isQuoted && text.split('"').length % 2 === 0 ? "\n" : "";
        expect(partsOf(text, of, { hasHeader: false, isQuoted }).join("")).toBe(text + open);
      }),
    );
  });
});
