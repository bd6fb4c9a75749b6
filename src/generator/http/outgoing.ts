/** The server that a request goes to, taken apart once. */
export interface Target {
  /** Scheme, host and port: `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly host: string;
  readonly hostname: string;
  readonly isSecure: boolean;
}

/** A request that is ready to be sent; it has the fields that undici's `dispatch` takes. */
export interface Outgoing extends Target {
  /** Path and query. */
  readonly path: string;
  readonly method: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | null;
  /** Size on the wire. */
  readonly bytes: number;
}

/** Takes the server out of an address. */
export function targetOf({ origin, host, hostname, protocol }: URL): Target {
  return { origin, host, hostname, isSecure: protocol === "https:" };
}

/** Puts a request together. */
export function makeOutgoing(
  target: Target,
  path: string,
  content: { readonly method: string; readonly headers: string[]; readonly body: Buffer | null },
): Outgoing {
  const { method, headers, body } = content;
  // Request line, host, connection, and the blank line, as undici writes them.
  let bytes = method.length + path.length + 12 + target.host.length + 8 + 24 + 2;
  for (let index = 0; index < headers.length; index++) bytes += (headers[index]?.length ?? 0) + 2;
  if (body !== null) bytes += body.length + 18 + String(body.length).length;
  const { origin, host, hostname, isSecure } = target;
  return { origin, host, hostname, isSecure, path, method, headers, body, bytes };
}

/**
 * The request that a redirect asks for, as JMeter follows it: always GET (or HEAD), and 307 and 308 only for those two.
 * Undefined when the status or its `Location` asks for nothing, an error when it leads nowhere.
 */
export function redirected(
  request: Outgoing,
  status: number,
  location: string | undefined,
): Outgoing | Error | undefined {
  if (location === undefined || location === "") return undefined;
  const isSafe = request.method === "GET" || request.method === "HEAD";
  const isRedirect =
    status === 301 || status === 302 || status === 303 || (isSafe && (status === 307 || status === 308));
  const base = `${request.origin}${request.path}`;
  if (!isRedirect) return undefined;
  if (!URL.canParse(location, base)) return new Error(`Illegal redirect to ${location}`);
  const url = new URL(location, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") return new Error(`Illegal redirect to ${location}`);
  const method = request.method === "HEAD" ? "HEAD" : "GET";
  return makeOutgoing(targetOf(url), `${url.pathname}${url.search}`, {
    method,
    headers: headersFor(request, url),
    body: null,
  });
}

// What proves who one is stays with the target that it was meant for; cookies come from the jar.
function headersFor(request: Outgoing, url: URL): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < request.headers.length; index += 2) {
    const name = request.headers[index] ?? "";
    const isSecret = /^(authorization|proxy-authorization|cookie|host)$/i.test(name) && url.origin !== request.origin;
    const isOfBody = request.body !== null && /^content-(type|length|encoding)$/i.test(name);
    if (!isSecret && !isOfBody) kept.push(name, request.headers[index + 1] ?? "");
  }
  return kept;
}
