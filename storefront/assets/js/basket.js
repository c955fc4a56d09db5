// The cart: a guest's by its token, a customer's by who is signed in; the number at its sign.

import { call, newKey } from "./api.js";
import { byId, kept, say } from "./page.js";

/** @typedef {import("./types").Schemas["Cart"]} Cart */

/** The name of the lock under which a guest's cart is moved. */
export const MOVING = "shop.moving";

/** @returns {string | null} the token of the guest's cart */
export const guest = () => kept.get("guest");

/** @returns {Record<string, string>} */
export function whose() {
  const token = guest();
  return token && !kept.get("session") ? { "Cart-Token": token } : {};
}

const isAnybody = () => Boolean(guest() || kept.get("session"));

/** @returns {Promise<{cart: Cart | null, expired: boolean}>} null: there is none yet */
export async function getCart() {
  if (!isAnybody()) return { cart: show(null), expired: false };
  try {
    return { cart: show(await call("cart/", { headers: whose() })), expired: false };
  } catch (error) {
    if (/** @type {any} */ (error).code !== "cart_not_found") throw error;
    kept.set("guest", null);
    show(null);
    return { cart: null, expired: true };
  }
}

/** @param {string} sku @param {number} quantity @param {string} [key] */
export async function add(sku, quantity, key = newKey()) {
  if (!isAnybody()) await open();
  const ask = () =>
    unmoved(() => call("cart/lines/", { method: "POST", key, body: { sku, quantity }, headers: whose() }));
  try {
    return show(await ask());
  } catch (error) {
    if (/** @type {any} */ (error).code !== "cart_not_found") throw error;
    kept.set("guest", null);
    await open();
    return show(await ask());
  }
}

/** While no tab moves the guest's cart to a customer: what is added meanwhile would stay behind.
 * @template T @param {() => Promise<T>} wish @returns {Promise<T>} */
function unmoved(wish) {
  /** @type {any} */
  const asked = navigator.locks?.request(MOVING, { mode: "shared" }, wish) ?? wish();
  return asked;
}

/** One new cart, whichever tab is first. */
async function open() {
  const make = async () => {
    if (guest()) return;
    kept.set("guest", (await call("cart/", { method: "POST" })).token);
  };
  await (navigator.locks ? navigator.locks.request("shop.guest", make) : make());
}

/** @param {string} sku @param {number} quantity @param {boolean} [keepalive] */
export async function setQuantity(sku, quantity, keepalive = false) {
  const method = quantity ? "PATCH" : "DELETE";
  const body = quantity ? { quantity } : undefined;
  return show(
    await call(`cart/lines/${sku}/`, { method, key: newKey(), body, headers: whose(), keepalive }),
  );
}

/** The cart's count at its sign, here and in other tabs.
 * @template {Cart | null} C @param {C} cart @returns {C} */
export function show(cart) {
  const count = cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  kept.set("basket", { count, total: cart?.totals.total.amount });
  kept.set("cart", cart);
  sign(count);
  return cart;
}

/** @param {number} count */
function sign(count) {
  const badge = byId("cart-count");
  if (badge.hidden && !count) return; // as the page came
  badge.hidden = !count;
  badge.textContent = count > 99 ? "99+" : String(count);
  byId("cart-link").setAttribute("aria-label", count ? say("cart_count", { count }) : say("cart"));
}

/** The cart as it was last seen, for when there is no line. @returns {Cart | null} */
export const lastSeen = () => kept.get("cart");

/** Tell when another tab has changed the cart. @param {() => void} listener */
export function onElsewhere(listener) {
  addEventListener("storage", (event) => {
    if (["shop.basket", "shop.guest", "shop.session", null].includes(event.key)) listener();
  });
}

const recall = () => sign(kept.get("basket")?.count ?? 0);
recall();
onElsewhere(recall);
addEventListener("pageshow", recall);
