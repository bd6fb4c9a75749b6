import { expect, it } from "vitest";
import { compareVersions } from "../../src/deploy/version.ts";

it.each([
  ["0.1.0", "0.1.0", 0],
  ["0.10.0", "0.9.9", 1],
  ["1.0.0", "0.99.0", 1],
  ["0.1.0", "0.1.1", -1],
  ["0.1", "0.1.0", 0],
  ["0.2.0-next", "0.1.9", 1],
])("compares %s with %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});
