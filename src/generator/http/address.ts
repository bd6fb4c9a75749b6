import { LanguageFault, type Scope, type Text } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import { type Target, targetOf } from "./outgoing.ts";

/** Where a request goes. */
export interface Destination {
  readonly target: Target;
  /** Path and query, ready for the request line. */
  readonly path: string;
}

/** A URL that was compiled once. */
export interface CompiledAddress {
  readonly isConstant: boolean;
  /** @throws {Error} when the rendered text is no HTTP address */
  readonly render: (scope: Scope) => Destination;
}

// Nothing that an address would have to encode, resolve or cut off.
const plainPath = /^\/(?!\/)(?!.*\/\.{1,2}(?:[/?]|$))[!$-;=?-[\]_a-z|~]*$/;

/**
 * Compiles the URL of a request. As in Taurus, a default address gives scheme, host and port; a URL without a host is a
 * path on it. `query` is added to the URL's own.
 * @throws {LanguageFault} when a URL has no host and there is no default address
 */
export function compileAddress(
  url: string,
  defaultAddress: string | undefined,
  query: Text | undefined,
): CompiledAddress {
  const text = compileText(url);
  const base = defaultAddress === undefined ? undefined : compileText(defaultAddress);
  if (base === undefined && text.constant !== undefined && !isAbsolute(text.constant)) {
    throw new LanguageFault(`The request to "${url}" names no host, and the scenario has no default-address`);
  }
  const baseTarget = base?.constant === undefined ? undefined : targetOf(parse(base.constant));
  const render = (scope: Scope): Destination => {
    const own = withQuery(text.render(scope), query?.render(scope) ?? "");
    if (baseTarget !== undefined && plainPath.test(own)) return { target: baseTarget, path: own };
    const parsed = isAbsolute(own)
      ? parse(own)
      : parse(`${originOf(base?.render(scope) ?? "")}/${own.replace(/^\//, "")}`);
    return { target: targetOf(parsed), path: `${parsed.pathname}${parsed.search}` };
  };
  const isConstant =
    text.constant !== undefined &&
    (query === undefined || query.constant !== undefined) &&
    (isAbsolute(text.constant) || base?.constant !== undefined);
  return { isConstant, render };
}

function isAbsolute(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

function withQuery(url: string, query: string): string {
  return query === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${query}`;
}

function originOf(address: string): string {
  return parse(address).origin;
}

function parse(address: string): URL {
  const full = isAbsolute(address) ? address : `http://${address}`;
  if (!URL.canParse(full)) throw new Error(`Illegal address: ${address === "" ? "no host" : address}`);
  return new URL(full);
}
