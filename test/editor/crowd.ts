/** Customers who do nothing but check out, which makes the sample shop slower for everyone and fail now and then. */
export interface Crowd extends AsyncDisposable {
  /** Checkouts that were answered. */
  readonly checkouts: () => number;
}

/** Lets customers check out one order after the other until it is disposed. @param address of the shop */
export function gatherCrowd(address: string, customers: number): Crowd {
  const state = { checkouts: 0, isOver: false };
  const post = async (path: string, body: unknown, token = "") => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const response = await fetch(`${address}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  };
  const shop = async (_: unknown, index: number) => {
    const { token } = await post("/login", { user: `customer-${index}` });
    while (!state.isOver) {
      await post("/cart", { productId: "1" }, token);
      await post("/checkout", {}, token);
      state.checkouts += 1;
    }
  };
  const all = Promise.all(Array.from({ length: customers }, shop));
  return {
    checkouts: () => state.checkouts,
    async [Symbol.asyncDispose]() {
      state.isOver = true;
      await all;
    },
  };
}
