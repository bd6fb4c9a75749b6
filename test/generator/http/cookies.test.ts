import fc from "fast-check";
import { CookieJar as OtherJar } from "tough-cookie";
import { describe, expect, test } from "vitest";
import { CookieJar } from "../../../src/generator/http/cookies.ts";

const now = Date.UTC(2026, 10, 24);
const shop = { hostname: "shop.example.com", path: "/cart/items?x=1", isSecure: true };

function headerAfter(setCookies: readonly string[], target: Partial<typeof shop> = {}): string {
  const jar = new CookieJar();
  for (const header of setCookies) jar.store(header, shop, now);
  return jar.header({ ...shop, ...target }, now + 1000);
}

describe("cookies of a user", () => {
  test.each<[string, string[], Partial<typeof shop>, string]>([
    ["are sent back", ["a=1", "b=2; HttpOnly"], {}, "a=1; b=2"],
    ["replace those of the same name", ["a=1", "a=2"], {}, "a=2"],
    ["stay with their host", ["a=1"], { hostname: "www.example.com" }, ""],
    ["reach a whole domain", ["a=1; Domain=example.com"], { hostname: "www.example.com" }, "a=1"],
    ["of a foreign domain are dropped", ["a=1; Domain=evil.com"], { hostname: "evil.com" }, ""],
    ["of a top-level domain are dropped", ["a=1; Domain=com"], { hostname: "other.com" }, ""],
    ["keep to the path of the request", ["a=1"], { path: "/other" }, ""],
    ["keep to their path", ["a=1; Path=/ca"], { path: "/cart/items" }, ""],
    ["with the longest path come first", ["a=1; Path=/", "b=2; Path=/cart"], {}, "b=2; a=1"],
    ["that are secure need TLS", ["a=1; Secure", "b=2"], { isSecure: false }, "b=2"],
    ["that are secure are sent over TLS", ["a=1; Secure"], {}, "a=1"],
    ["end with Max-Age", ["a=1; Max-Age=1"], {}, ""],
    ["are deleted by Max-Age=0", ["a=1; Path=/", "a=; Path=/; Max-Age=0"], {}, ""],
    ["end with Expires", ["a=1; Expires=Mon, 23 Nov 2026 10:00:00 GMT"], {}, ""],
    ["prefer Max-Age to Expires", ["a=1; Max-Age=60; Expires=Mon, 23 Nov 2026 10:00:00 GMT"], {}, "a=1"],
    ["keep equal signs in their value", ["a=b=c"], {}, "a=b=c"],
    ["without a name are dropped", ["=1", "nonsense"], {}, ""],
  ])("%s", (_name, headers, target, expected) => {
    expect(headerAfter(headers, target)).toBe(expected);
  });

  test("are chosen as tough-cookie chooses them", () => {
    const host = fc.constantFrom("shop.example.com", "www.example.com", "example.com", "x.shop.example.com");
    const path = fc.constantFrom("/", "/cart", "/cart/", "/cart/items", "/cartoon", "/other/x");
    const attributes = fc.record({
      name: fc.constantFrom("a", "b", "c"),
      value: fc.constantFrom("1", "2", "long value"),
      domain: fc.constantFrom("", "; Domain=example.com", "; Domain=.shop.example.com", "; Domain=www.example.com"),
      path: fc.oneof(
        fc.constant(""),
        path.map((text) => `; Path=${text}`),
      ),
      secure: fc.constantFrom("", "; Secure"),
      age: fc.constantFrom("", "; Max-Age=0", "; Max-Age=100"),
    });
    const target = fc.record({ hostname: host, path, isSecure: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.tuple(attributes, target), { maxLength: 8 }), target, (sets, asked) => {
        const jar = new CookieJar();
        const other = new OtherJar();
        for (const [cookie, from] of sets) {
          const header = `${cookie.name}=${cookie.value}${cookie.domain}${cookie.path}${cookie.secure}${cookie.age}`;
          jar.store(header, from, Date.now());
          other.setCookieSync(header, urlOf(from), { ignoreError: true });
        }
        const parts = (header: string): string[] => header.split("; ").toSorted();
        expect(parts(jar.header(asked, Date.now()))).toEqual(parts(other.getCookieStringSync(urlOf(asked))));
      }),
    );
  });
});

function urlOf(target: typeof shop): string {
  return `${target.isSecure ? "https" : "http"}://${target.hostname}${target.path}`;
}
