import { describe, expect, test } from "vitest";
import { compileCondition } from "../../../src/generator/language/condition.ts";
import { scopeOf } from "../scopes.ts";

const variables = { token: "abc", count: "3", ok: "true", off: "false", empty: "", quote: `a"b` };

describe("conditions", () => {
  test.each([
    ['"${token}" == "abc"', true],
    ["'${token}' != 'abc'", false],
    ["${count} < 5 && ${count} >= 3", true],
    ["${count} > 10 || !(${count} == 4)", true],
    ["${ok}", true],
    ["${off}", false],
    ["!${off}", true],
    ["true", true],
    ["false || false", false],
    ['"${empty}" == ""', true],
    ['"${missing}" == "NOT_FOUND"', false],
    ['"${missing}" == "\\${missing}"', true],
    ['"${quote}" == "abc"', false],
    ["${count} % 2 == 1", true],
    ["(${count} + 1) * 2 == 8", true],
    ["1 - 2 < 0", true],
    ['"10" == 10', true],
    ['"b" > "a"', true],
    ['${__jexl3("${token}" == "abc" && ${count} == 3)}', true],
    ["${__intSum(1,2)} == ${count}", true],
  ])("%s", (condition, expected) => {
    expect(compileCondition(condition)(scopeOf(variables))).toBe(expected);
  });

  test.each(["vars.get('a') == 1", "a = 1", "1 ==", "(1", '"open', "1 2", "${x} matches 3", ""])(
    "%s is refused before the run",
    (condition) => {
      expect(() => compileCondition(condition)).toThrow(/cannot evaluate the condition/);
    },
  );
});
