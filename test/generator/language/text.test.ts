import { describe, expect, test } from "vitest";
import { compileText } from "../../../src/generator/language/text.ts";
import { scopeOf } from "../scopes.ts";

const variables = { id: "7", name: "a b", "user.name": "ann", index: "2", item_2: "two" };

describe("templates", () => {
  test.each([
    ["plain", "plain"],
    ["/items/${id}?n=${id}", "/items/7?n=7"],
    ["${unknown}", "${unknown}"],
    ["a ${user.name} b", "a ann b"],
    ["${id", "${id"],
    ["no expression: \\$ \\, \\\\", "no expression: \\$ \\, \\\\"],
    ["\\${id} ${id}", "${id} 7"],
    ["${__urlencode(a b&${id})}", "a+b%267"],
    ["${__urldecode(a%20b)}", "a b"],
    ["${__base64Encode(${id}:x)}", "Nzp4"],
    ["${__base64Decode(Nzp4)}", "7:x"],
    ["${__intSum(1,${id},-3)}", "5"],
    ["${__V(item_${index})}", "two"],
    ["${__P(users,5)}", "5"],
    ["${__P(host,x)}", "example"],
    ["${__property(host)}", "example"],
    ["${__env(host)}", "example"],
    ["${__threadNum}", "3"],
    ["${__base64Encode(f(a\\,b))}", "ZihhLGIp"],
    ['{"a": "${id}", "b": {"c": ${id}}}', '{"a": "7", "b": {"c": 7}}'],
  ])("%s", (template, expected) => {
    expect(compileText(template).render(scopeOf(variables, { host: "example" }))).toBe(expected);
  });

  test("a text without expressions is known before it is used", () => {
    expect(compileText("plain").constant).toBe("plain");
    expect(compileText("${id}").constant).toBeUndefined();
  });

  test("an unknown function is refused by name", () => {
    expect(() => compileText("a ${__javaScript(1+1)}")).toThrow(/no function __javaScript/);
  });

  test.each([
    ["${__UUID()}", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ["${__Random(3,5)}", /^[345]$/],
    ["${__RandomString(4,xy)}", /^[xy]{4}$/],
    ["${__time()}", /^\d{13}$/],
    ["${__time(/1000)}", /^\d{10}$/],
    ["${__time(yyyy-MM-dd'T'HH:mm:ss.SSS)}", /^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}$/],
    ["${__timeShift(yyyy-MM-dd,2026-02-27,P2D,,)}", /^2026-03-01$/],
    ["${__timeShift(HH:mm,10:15,PT-20M,,)}", /^09:55$/],
  ])("%s", (template, pattern) => {
    expect(compileText(template).render(scopeOf({}))).toMatch(pattern);
  });

  test("a function stores its result in the variable that it names", () => {
    const scope = scopeOf({});
    compileText("${__Random(4,4,kept)} ${__RandomString(1,z,other)}").render(scope);
    expect(Object.fromEntries(scope.variables)).toEqual({ kept: "4", other: "z" });
  });

  test("counters count for each user, or for all together", () => {
    const own = compileText("${__counter(TRUE,)}");
    const all = compileText("${__counter(FALSE,)}");
    const [first, second] = [scopeOf({}), scopeOf({})];
    expect([own.render(first), own.render(first), own.render(second)]).toEqual(["1", "2", "1"]);
    expect([all.render(first), all.render(first), all.render(second)]).toEqual(["1", "2", "3"]);
  });
});
