import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64Shared, encodeBase64 } from "../../../src/core/results/base64.ts";

test("writes and reads base64 as Node does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(Uint8Array.from(decodeBase64Shared(text) ?? [])).toEqual(bytes);
    }),
  );
});

test.each(["A", "AB", "ABC", "AB=C", "A===", "AAA\u00e9", "AA A", "AAA\n"])("refuses %j", (text) => {
  expect(decodeBase64Shared(text)).toBeUndefined();
});
