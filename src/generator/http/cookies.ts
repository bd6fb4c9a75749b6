interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Sent to the host that set it only (no `Domain` attribute). */
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  /** Epoch ms; Infinity for a session's cookie. */
  readonly expiresAtMs: number;
}

/** Where a request goes, as far as cookies care. */
export interface CookieTarget {
  readonly hostname: string;
  /** Path with or without its query. */
  readonly path: string;
  readonly isSecure: boolean;
}

/** The cookies of one virtual user, kept and sent by the rules of RFC 6265 and its successor's draft. */
export class CookieJar {
  #cookies: readonly Cookie[] = [];

  get isEmpty(): boolean {
    return this.#cookies.length === 0;
  }

  /** Keeps what a `Set-Cookie` header says; a cookie for a foreign domain is dropped. */
  store(header: string, target: CookieTarget, nowMs: number): void {
    const cookie = parseCookie(header, target, nowMs);
    if (cookie === undefined) return;
    const others = this.#cookies.filter((other) => !isSameCookie(other, cookie));
    this.#cookies = cookie.expiresAtMs <= nowMs ? others : [...others, cookie];
  }

  /** Writes the `Cookie` header for a request: longest paths first, then in the order of their arrival; "" without any. */
  header(target: CookieTarget, nowMs: number): string {
    return this.#cookies
      .filter((cookie) => cookie.expiresAtMs > nowMs && isSentTo(cookie, target))
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => (name === "" ? value : `${name}=${value}`))
      .join("; ");
  }
}

function isSameCookie(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path;
}

function isSentTo(cookie: Cookie, { hostname, path, isSecure }: CookieTarget): boolean {
  if (cookie.isSecure && !isSecure) return false;
  const isHost = cookie.isHostOnly ? hostname === cookie.domain : isWithinDomain(hostname, cookie.domain);
  return isHost && isWithinPath(pathOf(path), cookie.path);
}

function isWithinDomain(hostname: string, domain: string): boolean {
  if (hostname === domain) return true;
  return hostname.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(hostname);
}

function isWithinPath(path: string, scope: string): boolean {
  return path === scope || (path.startsWith(scope) && (scope.endsWith("/") || path.charAt(scope.length) === "/"));
}

function pathOf(path: string): string {
  const end = path.indexOf("?");
  return end < 0 ? path : path.slice(0, end);
}

function parseCookie(header: string, target: CookieTarget, nowMs: number): Cookie | undefined {
  const [pair = "", ...attributes] = header.split(";");
  const split = pair.indexOf("=");
  const name = pair.slice(0, Math.max(split, 0)).trim();
  const value = pair.slice(split + 1).trim();
  if (split < 0 || name === "") return undefined;
  let domain = target.hostname;
  let isHostOnly = true;
  let path = defaultPath(pathOf(target.path));
  let isSecure = false;
  let expiresAtMs = Infinity;
  let hasMaxAge = false;
  for (const attribute of attributes) {
    const [, key = "", text = ""] = /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/s.exec(attribute) ?? [];
    switch (key.toLowerCase()) {
      case "domain":
        if (text === "" || text === ".") break;
        domain = text.replace(/^\./, "").toLowerCase();
        isHostOnly = false;
        break;
      case "path":
        path = text.startsWith("/") ? text : defaultPath(pathOf(target.path));
        break;
      case "secure":
        isSecure = true;
        break;
      case "max-age":
        if (!/^-?\d+$/.test(text)) break;
        hasMaxAge = true;
        expiresAtMs = Number(text) <= 0 ? 0 : nowMs + Number(text) * 1000;
        break;
      case "expires": {
        const atMs = Date.parse(text);
        if (!hasMaxAge && !Number.isNaN(atMs)) expiresAtMs = atMs;
        break;
      }
    }
  }
  // As in browsers, a secure cookie cannot come over an open connection.
  if (isSecure && !target.isSecure) return undefined;
  const isForeign = !isHostOnly && (!isWithinDomain(target.hostname, domain) || isPublicName(domain, target.hostname));
  return isForeign ? undefined : { name, value, domain, isHostOnly, path, isSecure, expiresAtMs };
}

// A name of one label ("com") stands for everybody below it; only a host of that very name may use it.
function isPublicName(domain: string, hostname: string): boolean {
  return !domain.includes(".") && domain !== hostname;
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}
