/**
 * A whole purchase, with the types that openapi-typescript made of the schema (schema.ts).
 *
 * node purchase.js <shop's address> <user> <password>
 *
 * tsc --strict reads it. Writes what it saw as JSON.
 */

import { randomUUID } from "node:crypto";

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Shop = Client<paths>;
type Answer<T> = { data?: T; error?: Schemas["Problem"]; response: Response };

const DEADLINE = 60_000; // ms until an order is confirmed
const POLL = 200; // ms
const ADDRESS: Schemas["AddressRequest"] = {
  name: "Ada Byron",
  line1: "1 Analytical Way",
  postal_code: "10115",
  city: "Berlin",
  country: "DE",
};

/** The answer, where it is no problem. */
function good<T>({ data, error }: Answer<T>): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

/** The problem's code, and which fields are at fault. */
function bad({ error }: Answer<unknown>): string {
  if (error === undefined) throw new Error("no problem");
  return [error.code, ...Object.keys(error.errors ?? {})].join(" ");
}

/** The SKU of the first variant of the first product. */
async function browse(shop: Shop): Promise<string> {
  const health = good(await shop.GET("/api/v1/health/"));
  const tree = good(await shop.GET("/api/v1/categories/"));
  const query = { category: tree.results[0]?.slug ?? "", page_size: 1 };
  const page = good(await shop.GET("/api/v1/products/", { params: { query } }));
  const slug = page.results[0]?.slug ?? "";
  const product = good(await shop.GET("/api/v1/products/{slug}/", { params: { path: { slug } } }));
  const variant = product.variants[0];
  if (health.status !== "ok" || variant === undefined) throw new Error("nothing to buy");
  return variant.sku;
}

/** What checkout answers to the cart's total, sent twice with one key. */
async function orderOf(shop: Shop, cart: Schemas["Cart"], token?: string): Promise<Schemas["Receipt"][]> {
  const header = { "Idempotency-Key": randomUUID(), ...(token && { "Cart-Token": token }) };
  const body: Schemas["CheckoutRequest"] = {
    email: "ada@example.com",
    shipping_address: ADDRESS,
    payment_method: "test-ok",
    expected_total: cart.totals.total,
  };
  const send = () => shop.POST("/api/v1/checkout/", { params: { header }, body });
  return [good(await send()), good(await send())];
}

/** The order, once it is confirmed. */
async function confirmed(shop: Shop, number: string, secret?: string): Promise<Schemas["Order"]> {
  const params = { path: { number }, header: secret === undefined ? {} : { "Order-Secret": secret } };
  for (const deadline = Date.now() + DEADLINE; ; ) {
    const order = good(await shop.GET("/api/v1/orders/{number}/", { params }));
    if (order.status === "confirmed") return order;
    if (Date.now() > deadline) throw new Error(order.status);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

async function buyAsGuest(shop: Shop): Promise<object> {
  const sku = await browse(shop);
  const { token } = good(await shop.POST("/api/v1/cart/"));
  const header = { "Cart-Token": token };
  const change = { params: { path: { sku }, header }, body: { quantity: 2 } };
  good(await shop.POST("/api/v1/cart/lines/", { params: { header }, body: { sku, quantity: 1 } }));
  good(await shop.PATCH("/api/v1/cart/lines/{sku}/", change));
  const cart = good(await shop.GET("/api/v1/cart/", { params: { header } }));
  const problem: Schemas["LineProblem"] | null | undefined = cart.lines[0]?.problem;
  const [first, again] = await orderOf(shop, cart, token);
  const number = first?.number ?? "";
  const order = await confirmed(shop, number, first?.secret);
  const stranger = await shop.GET("/api/v1/orders/{number}/", { params: { path: { number } } });
  return {
    sold: order.lines.map((line) => [line.sku, line.quantity]),
    problem,
    total: order.totals.total.amount,
    "same order": number === again?.number && number === order.number,
    states: order.history.map((entry) => entry.state),
    "placed at": !Number.isNaN(Date.parse(order.placed_at)),
    "a stranger": bad(stranger),
  };
}

async function buyAsCustomer(shop: Shop, url: string, username: string, password: string): Promise<object> {
  const sku = await browse(shop);
  const wrong = await shop.POST("/api/v1/auth/token/", { body: { username, password: "wrong" } });
  const { refresh } = good(await shop.POST("/api/v1/auth/token/", { body: { username, password } }));
  const { access } = good(await shop.POST("/api/v1/auth/token/refresh/", { body: { refresh } }));
  const customer = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${access}` } });
  const add = (quantity: number, of = sku) =>
    customer.POST("/api/v1/cart/lines/", { body: { sku: of, quantity } });
  good(await customer.DELETE("/api/v1/cart/lines/")); // whatever other tests have left in it
  const [receipt] = await orderOf(customer, good(await add(1)));
  const order = await confirmed(customer, receipt?.number ?? "");
  const query = { placed_after: order.placed_at };
  const orders = good(await customer.GET("/api/v1/orders/", { params: { query } }));
  good(await add(1));
  const remove = () => customer.DELETE("/api/v1/cart/lines/{sku}/", { params: { path: { sku } } });
  const without = good(await remove());
  good(await add(1));
  const cleared = good(await customer.DELETE("/api/v1/cart/lines/"));
  return {
    "wrong password": bad(wrong),
    orders: orders.results.map((each) => each.number === order.number),
    lines: [without.lines.length, cleared.lines.length],
    "no such line": bad(await remove()),
    "too many": bad(await add(100, "NO-SUCH")),
  };
}

const [url = "", username = "", password = ""] = process.argv.slice(2);
const shop = createClient<paths>({ baseUrl: url });
const guest = await buyAsGuest(shop);
const customer = await buyAsCustomer(shop, url, username, password);
process.stdout.write(JSON.stringify({ guest, customer }));
