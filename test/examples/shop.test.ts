import { once } from "node:events";
import type { Server } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createShop } from "../../examples/shop.ts";

let shop: Server;
let address: string;

beforeEach(async () => {
  shop = createShop(1).listen(0, "127.0.0.1");
  await once(shop, "listening");
  const bound = shop.address();
  if (typeof bound !== "object" || bound === null) throw new Error("The shop has no address.");
  address = `http://127.0.0.1:${bound.port}`;
});

afterEach(async () => {
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
});

async function send(method: string, path: string, options: { token?: string; body?: unknown; text?: string } = {}) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (options.token !== undefined) headers["authorization"] = `Bearer ${options.token}`;
  const body = options.text ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const response = await fetch(`${address}${path}`, { method, headers, body });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

it("sells: log in, fill the cart, check out", async () => {
  const token = "session-1";
  expect(await send("POST", "/login", { body: { user: "ada" } })).toEqual({
    status: 200,
    answer: { token, user: "ada" },
  });
  await send("POST", "/cart", { token, body: { productId: "2" } });
  await send("POST", "/cart", { token, body: { productId: 2 } });
  const cart = { items: [{ productId: "2", quantity: 2 }], total: 33 };
  expect(await send("GET", "/cart", { token })).toEqual({ status: 200, answer: cart });
  expect(await send("POST", "/checkout", { token })).toEqual({ status: 201, answer: { order: 1, total: 33 } });
  expect((await send("POST", "/checkout", { token })).status).toBe(409);
});

it("lists products and shows one", async () => {
  const { answer } = await send("GET", "/products");
  expect(answer).toMatchObject({ products: expect.arrayContaining([expect.objectContaining({ id: "10" })]) });
  expect((await send("GET", "/products/10")).status).toBe(200);
  expect((await send("GET", "/health")).answer).toEqual({ status: "up" });
});

it.each([
  ["GET", "/products/11", undefined, 404],
  ["GET", "/nowhere", undefined, 404],
  ["GET", "/cart", undefined, 401],
  ["POST", "/login", "{}", 400],
  ["POST", "/login", "{", 400],
  ["POST", "/login", "[1]", 400],
  ["POST", "/login", "null", 400],
  ["POST", "/login", JSON.stringify({ user: "x".repeat(70_000) }), 400],
])("answers %s %s %s with a problem", async (method, path, text, status) => {
  const { answer, status: answered } = await send(method, path, text === undefined ? {} : { text });
  expect(answered).toBe(status);
  expect(answer).toMatchObject({ status, detail: expect.any(String) });
});
