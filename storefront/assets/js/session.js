// Signing in and out; a guest's cart comes along.

import { call, keepSession, newKey } from "./api.js";
import { guest, MOVING } from "./basket.js";
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

/** What opens a guest's order; of many, the latest. @param {string} number @param {string} secret
 * @returns {boolean} whether the next page finds it */
export function keepSecret(number, secret) {
  const { [number]: _, ...others } = kept.get("orders") ?? {};
  return kept.set("orders", Object.fromEntries([...Object.entries(others), [number, secret]].slice(-20)));
}

/** Nothing of the person stays for who comes next. */
export function signOut() {
  for (const name of ["session", "basket", "cart", "pending", "moving", "orders"]) kept.set(name, null);
  for (const name of ["draft", "fresh"]) tab.set(name, null);
  kept.set("left", Date.now());
}

// Whoever leaves in one tab has left in all, and behind "back".
addEventListener("storage", ({ key }) => key === "shop.left" && location.reload());

/**
 * Each line of the guest's cart is added to the customer's, once however often this is begun:
 * the keys are kept before the first is sent.
 */
export async function bringCart() {
  await (navigator.locks ? navigator.locks.request(MOVING, move) : move());
}

async function move() {
  const token = guest();
  if (!token || !signedIn()) return;
  const begun = kept.get("moving");
  const known = begun?.token === token ? begun.lines : [];
  const open = [...known, ...(await linesBeyond(known, token))];
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

/** What the guest's cart has more than was begun with.
 * @param {{sku: string, quantity: number}[]} known @param {string} token */
async function linesBeyond(known, token) {
  const cart = await call("cart/", { headers: { "Cart-Token": token } }).catch((error) => {
    if (error.status === 404) return { lines: [] };
    throw error;
  });
  const begun = (/** @type {string} */ sku) =>
    known.filter((each) => each.sku === sku).reduce((sum, each) => sum + each.quantity, 0);
  return cart.lines
    .map((/** @type {import("./types").Schemas["CartLine"]} */ line) => ({
      sku: line.sku,
      quantity: line.quantity - begun(line.sku),
      name: fullName(line),
      key: newKey(),
    }))
    .filter((/** @type {{quantity: number}} */ { quantity }) => quantity > 0);
}
