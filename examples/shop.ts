import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";

/** A sample shop API to load-test: in memory, on this machine only, its delays drawn from a seeded sequence. */

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly delayMs: number;
}

type Cart = Map<string, number>;

interface Shop {
  readonly random: () => number;
  readonly carts: Map<string, Cart>;
  logins: number;
  orders: number;
  checkoutsInFlight: number;
}

interface Call {
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string;
  readonly productId: string;
}

type Route = (shop: Shop, call: Call) => Answer;

const mostSessions = 10_000;
const mostBodyBytes = 64 * 1024;
/** Checkouts at the same time from which the payment provider begins to refuse some. */
const pressure = 6;

const products = ["Kettle", "Lamp", "Teapot", "Blanket", "Notebook", "Radio", "Basket", "Clock", "Mirror", "Stool"].map(
  (name, index) => ({ id: String(index + 1), name, price: 9.5 + index * 7, stock: 1000 }),
);

const routes: Readonly<Record<string, Route>> = {
  "GET /health": () => ({ status: 200, body: { status: "up" }, delayMs: 0 }),
  "GET /products": (shop) => ({ status: 200, body: { products }, delayMs: between(shop, 6, 24) }),
  "GET /products/:id": (shop, { productId }) => {
    const product = products.find(({ id }) => id === productId);
    if (product === undefined) return problem(404, `There is no product ${productId}.`, between(shop, 4, 8));
    return { status: 200, body: product, delayMs: between(shop, 5, 18) };
  },
  "POST /login": (shop, { body }) => {
    const user = body["user"] ?? body["username"];
    if (typeof user !== "string" || user === "") return problem(400, "The field user is missing.", between(shop, 4, 8));
    return { status: 200, body: { token: openSession(shop), user }, delayMs: between(shop, 15, 40) };
  },
  "GET /cart": (shop, { token }) =>
    withCart(shop, token, (cart) => ({ status: 200, body: describeCart(cart), delayMs: between(shop, 5, 16) })),
  "POST /cart": (shop, { token, body }) =>
    withCart(shop, token, (cart) => {
      const { productId } = body;
      const id = typeof productId === "number" ? String(productId) : productId;
      if (typeof id !== "string" || !products.some((product) => product.id === id)) {
        return problem(400, "The field productId names no product.", between(shop, 4, 8));
      }
      cart.set(id, (cart.get(id) ?? 0) + 1);
      return { status: 201, body: describeCart(cart), delayMs: between(shop, 8, 28) };
    }),
  "POST /checkout": (shop, { token }) => withCart(shop, token, (cart) => checkOut(shop, cart)),
};

function checkOut(shop: Shop, cart: Cart): Answer {
  if (cart.size === 0) return problem(409, "The cart is empty.", between(shop, 4, 8));
  const excess = Math.max(0, shop.checkoutsInFlight - pressure);
  if (excess > 0 && shop.random() < 0.02) {
    return problem(503, "The payment provider does not answer in time.", between(shop, 20, 40));
  }
  const { total } = describeCart(cart);
  cart.clear();
  shop.orders += 1;
  return { status: 201, body: { order: shop.orders, total }, delayMs: between(shop, 35, 90) + 3 * excess };
}

function between(shop: Shop, fromMs: number, toMs: number): number {
  // The square makes short delays frequent and long ones rare, as response times are.
  return fromMs + (toMs - fromMs) * shop.random() ** 2;
}

function openSession(shop: Shop): string {
  shop.logins += 1;
  const token = `session-${shop.logins}`;
  shop.carts.set(token, new Map());
  const [oldest] = shop.carts.keys();
  if (shop.carts.size > mostSessions && oldest !== undefined) shop.carts.delete(oldest);
  return token;
}

function withCart(shop: Shop, token: string, answer: (cart: Cart) => Answer): Answer {
  const cart = shop.carts.get(token);
  return cart === undefined ? problem(401, "Log in first: POST /login gives a token.", 3) : answer(cart);
}

function describeCart(cart: Cart) {
  const items = [...cart].map(([productId, quantity]) => ({ productId, quantity }));
  const total = items.reduce((sum, { productId, quantity }) => {
    return sum + quantity * (products.find(({ id }) => id === productId)?.price ?? 0);
  }, 0);
  return { items, total };
}

function problem(status: number, detail: string, delayMs: number): Answer {
  return { status, body: { title: "The request was refused.", status, detail }, delayMs };
}

// mulberry32, so that two shops with the same seed and the same requests behave the same.
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes <= mostBodyBytes) chunks.push(chunk);
  }
  if (bytes > mostBodyBytes) return undefined;
  const text = Buffer.concat(chunks).toString();
  if (text === "") return {};
  if (request.headers["content-type"]?.includes("json") !== true) return Object.fromEntries(new URLSearchParams(text));
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

async function answerRequest(shop: Shop, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://shop");
  const productId = /^\/products\/([^/]+)$/.exec(pathname)?.[1] ?? "";
  const route = routes[`${request.method} ${productId === "" ? pathname : "/products/:id"}`];
  if (route === undefined) return problem(404, `There is no ${request.method} ${pathname}.`, 1);
  const body = await readBody(request).catch((error: unknown) => {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  });
  if (body === undefined) return problem(400, "The body is no JSON object of at most 64 KiB.", 1);
  const token = (request.headers.authorization ?? "").replace(/^Bearer /i, "");
  return route(shop, { body, token, productId });
}

async function serve(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isCheckout = request.url === "/checkout";
  if (isCheckout) shop.checkoutsInFlight += 1;
  try {
    const { status, body, delayMs } = await answerRequest(shop, request);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const type = status < 400 ? "application/json" : "application/problem+json";
    const text = JSON.stringify(body);
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
  } finally {
    if (isCheckout) shop.checkoutsInFlight -= 1;
  }
}

/** Makes the shop's server, not yet listening; shops of one seed draw the same delays. */
export function createShop(seed: number): Server {
  const shop: Shop = { random: seededRandom(seed), carts: new Map(), logins: 0, orders: 0, checkoutsInFlight: 0 };
  // Longer than a user thinks, so that no connection is closed at the moment it is used again.
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(shop, request, response).catch((error: unknown) => {
      // A client that went away while it sent its request.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

function main(): void {
  const options = { port: { type: "string", default: "8080" }, seed: { type: "string", default: "1" } } as const;
  const { values } = parseArgs({ options });
  const server = createShop(Number(values.seed));
  // Loopback only: a sample target has no business on the network.
  server.listen({ port: Number(values.port), host: "127.0.0.1" }, () => {
    const address = server.address();
    if (typeof address === "object") console.log(`The shop is open at http://127.0.0.1:${address?.port}`);
  });
  server.on("error", (error) => {
    console.error(`Could not open the shop on port ${values.port}: ${error.message}. Choose another with --port.`);
    process.exitCode = 4;
  });
  // Started by the demo: the shop closes when the demo is gone, however that ended.
  process.once("disconnect", () => process.exit());
}

if (import.meta.main) main();
