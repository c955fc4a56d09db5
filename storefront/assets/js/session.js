// Signing in and out; a guest's cart comes along.

import { call, keepSession, newKey } from "./api.js";
import { guest } from "./basket.js";
import { fullName } from "./lines.js";
import { kept, say, tab, tellNext } from "./page.js";

/** @returns {string | null} the name of whoever is signed in */
export const signedIn = () => kept.get("session")?.name ?? null;

/** Throws Problem. @param {string} username @param {string} password */
export async function signIn(username, password) {
  const body = { username, password };
  const tokens = await call("auth/token/", { method: "POST", body, anonymous: true });
  keepSession({ ...tokens, name: username });
  await bringCart();
}

/** What opens a guest's order; of many, the latest. @param {string} number @param {string} secret */
export function keepSecret(number, secret) {
  const { [number]: _, ...others } = kept.get("orders") ?? {};
  kept.set("orders", Object.fromEntries([...Object.entries(others), [number, secret]].slice(-20)));
}

/** Nothing of the person stays for who comes next. */
export function signOut() {
  for (const name of ["session", "basket", "cart", "pending", "moving", "orders"]) kept.set(name, null);
  for (const name of ["draft", "fresh"]) tab.set(name, null);
}

/**
 * Each line of the guest's cart is added to the customer's, once however often this is begun:
 * the keys are kept before the first is sent.
 */
export async function bringCart() {
  const token = guest();
  if (!token || !signedIn()) return;
  const begun = kept.get("moving");
  const open = begun?.token === token ? begun.lines : await linesOf(token);
  kept.set("moving", { token, lines: open });
  /** @type {string[]} */
  const behind = [];
  for (const line of open)
    await call("cart/lines/", {
      method: "POST",
      key: line.key,
      body: { sku: line.sku, quantity: line.quantity },
    }).catch((error) => {
      if (error.isOpen || error.status === 401 || error.status === 429) throw error;
      behind.push(line.name); // sold out meanwhile, or the cart is full
    });
  kept.set("guest", null);
  kept.set("moving", null);
  if (behind.length) tellNext(say("left_behind", { names: behind.join("; ") }));
}

/** @param {string} token */
async function linesOf(token) {
  const cart = await call("cart/", { headers: { "Cart-Token": token } }).catch((error) => {
    if (error.status === 404) return { lines: [] };
    throw error;
  });
  return cart.lines.map((/** @type {import("./types").Schemas["CartLine"]} */ line) => ({
    sku: line.sku,
    quantity: line.quantity,
    name: fullName(line),
    key: newKey(),
  }));
}
