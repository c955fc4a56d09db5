// The checkout: one page, one key for one order, and an order that is under way is never a second.

import { address, draft, fieldErrors, missing } from "./address.js";
import { call, newKey } from "./api.js";
import { getCart, guest, onElsewhere, whose } from "./basket.js";
import { fail, markAll } from "./form.js";
import { row, sums } from "./lines.js";
import { announce, at, busy, byId, el, isOff, kept, money, say, state, tab } from "./page.js";
import { keepSecret, signedIn } from "./session.js";

/** @typedef {import("./types").Schemas["Cart"]} Cart */
/** @typedef {import("./types").Schemas["Receipt"]} Receipt */
/** @typedef {import("./api.js").Problem} Problem */
/** @typedef {{key: string, body: any, whose: Record<string, string>, lines: string, name: string | null, at: number}} Pending */

const form = /** @type {HTMLFormElement} */ (byId("form"));
const pay = /** @type {HTMLButtonElement} */ (byId("pay"));

/** @type {Cart | null} */
let cart = null;

function fillMethods() {
  byId("methods").replaceChildren(
    ...state.methods.map((/** @type {string} */ method, /** @type {number} */ place) =>
      el(
        "label",
        { class: "radio" },
        el("input", { type: "radio", name: "payment_method", value: method, checked: place === 0 }),
        el("span", {}, method in state.texts ? say(method) : method),
        `${method}_hint` in state.texts && el("small", {}, say(`${method}_hint`)),
      ),
    ),
  );
}

// What is ordered ------------------------------------------------------------------------

/** @param {Cart | null} found */
function show(found) {
  cart = found;
  byId("checkout").hidden = !found?.lines.length;
  if (!found?.lines.length) return tell(say("empty"), at("products/"), say("look"));
  byId("lines").replaceChildren(el("ul", {}, ...found.lines.map((line) => row(line, changed(line)))), sums(found.totals));
  pay.textContent = say("pay", { total: money(found.totals.total) });
}

/** @param {Cart["lines"][number]} line */
function changed(line) {
  if (line.problem) return el("p", { class: "error" }, say(`line_${line.problem.code}`));
  if (!line.old_price) return null;
  return el("p", { class: "error" }, say("was_now", { old: money(line.old_price), new: money(line.unit_price) }));
}

/** @param {string} text @param {string} [href] @param {string} [label] */
function tell(text, href, label) {
  const link = href && el("a", { class: "button quiet", href }, label);
  const note = el("div", { class: "note", tabindex: "-1" }, el("p", {}, text), link);
  byId("notice").replaceChildren(note);
  note.focus();
}

async function refresh() {
  const { cart: found } = await getCart();
  show(found);
  return found;
}

/** Another tab has changed the cart: what is to be paid never changes unsaid. */
async function follow() {
  const before = cart?.totals.total.amount;
  const now = await refresh();
  if (now?.lines.length && before && now.totals.total.amount !== before)
    announce(say("total_now", { total: money(now.totals.total) }));
}

// Ordering -------------------------------------------------------------------------------

const KNOWN = 20 * 3_600_000; // milliseconds; the shop knows a key for a day
/** @param {Pending} order */
const isOld = (order) => Date.now() - order.at > KNOWN;

/** What is in a cart, to tell it from another of the same price. @param {Cart | null} cart */
const linesOf = (cart) => (cart?.lines ?? []).map(({ sku, quantity }) => `${quantity} ${sku}`).sort().join();

/** The order under way: kept before it is sent, until its answer is known. */
const pending = {
  /** @returns {Pending | null} */
  get: () => kept.get("pending"),
  /** @param {any} body */
  begin(body) {
    const known = pending.get();
    const lines = linesOf(cart);
    const wish = JSON.stringify([body, whose(), lines]);
    const same = known && !isOld(known) && JSON.stringify([known.body, known.whose, known.lines]) === wish;
    const order = same ? known : { key: newKey(), body, whose: whose(), lines, name: signedIn(), at: Date.now() };
    kept.set("pending", order);
    return order;
  },
  /** @param {string | undefined} key another tab's order stays */
  end(key) {
    if (pending.get()?.key === key) kept.set("pending", null);
  },
};

/** @param {Pending} order @returns {Promise<Receipt>} */
function send({ key, body, whose: headers, name }) {
  return call("checkout/", { method: "POST", key, body, headers, anonymous: !name });
}

/** What its cart holds: nothing if it was ordered; something if not, or if it was filled anew since.
 * @param {Pending} order */
async function isIn({ whose: headers, name }) {
  try {
    return linesOf(await call("cart/", { headers, anonymous: !name }));
  } catch (error) {
    if (/** @type {Problem} */ (error).code === "cart_not_found") return "";
    throw error;
  }
}

/** @param {Receipt} receipt */
function done(receipt) {
  pending.end(pending.get()?.key);
  const isKept = keepSecret(receipt.number, receipt.secret);
  tab.set("fresh", receipt.number);
  location.assign(`${at("order/")}#${receipt.number}${isKept ? "" : `.${receipt.secret}`}`);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isOff(pay) || !cart) return;
  fail("");
  const errors = missing();
  if (markAll(form, errors)) return fail(say("fix", { count: Object.keys(errors).length }));
  const chosen = /** @type {HTMLInputElement} */ (form.querySelector("[name=payment_method]:checked"));
  const body = {
    email: byId("email").value.trim(),
    shipping_address: address(),
    payment_method: chosen.value,
    expected_total: cart.totals.total,
  };
  const free = busy(pay, say("paying"));
  /** @type {Pending | null} */
  const earlier = pending.get();
  let order = earlier;
  try {
    // An earlier one, of other words, whose answer never came: was it done?
    const other = order && order.name === signedIn() && JSON.stringify(order.body) !== JSON.stringify(body);
    if (!order || isOld(order) || !other || (await isIn(order))) order = pending.begin(body);
    done(await send(order));
  } catch (error) {
    free();
    await explain(/** @type {Problem} */ (error), order?.key, order?.key !== earlier?.key);
  }
});

/** Whether the answer proves that this order was not made, and is not to be asked for again: the
 * shop would repeat what it had said of one that was.
 * @param {Problem} problem */
const isRefused = (problem) => [400, 404, 422].includes(problem.status) || problem.code === "price_changed";

/** Whether it was not let in: proof only for an order that was sent for the first time.
 * @param {Problem} problem */
const isBarred = (problem) => problem.code === "offline" || problem.status === 401;

/** @param {Problem} problem @param {string} [key] @param {boolean} [isFirst] whether no other attempt went before */
async function explain(problem, key, isFirst) {
  if (isRefused(problem) || (isFirst && isBarred(problem))) pending.end(key);
  if (problem.isOpen) return fail(problem.words);
  if (problem.status === 401) return ended();
  if (problem.code === "price_changed" || problem.errors.cart || problem.code === "cart_not_found")
    return compare().catch((error) => fail(error.words));
  const errors = fieldErrors(problem.errors);
  if (markAll(form, errors)) return fail(say("fix", { count: Object.keys(errors).length }));
  fail(problem.words);
}

/** Look at the cart as it is now, and say what has changed. */
async function compare() {
  const before = cart;
  const now = await refresh();
  if (!now?.lines.length) return tell(say("emptied"), at("products/"), say("look"));
  if (now.lines.some((line) => line.problem)) return tell(say("sold_out"), at("cart/"), say("to_cart"));
  const old = before && money(before.totals.total);
  const fresh = money(now.totals.total);
  tell(old === fresh ? say("changed") : say("price_changed", { old: String(old), new: fresh }));
  pay.textContent = say("again", { total: fresh });
}

function ended() {
  draft.keep();
  showWho();
  tell(say("session_ended"), `${at("account/")}?next=${encodeURIComponent(at("checkout/"))}`, say("or_sign_in"));
}

function showWho() {
  const name = signedIn();
  const link = el("a", { href: `${at("account/")}?next=${encodeURIComponent(at("checkout/"))}` }, say("or_sign_in"));
  byId("who").replaceChildren(...(name ? [say("signed_in", { name })] : [say("guest"), " ", link]));
}

/**
 * An order whose answer never came. An empty cart was ordered, or emptied: the same key asks which,
 * and cannot order anything. A full one is the customer's to order, by the same key again.
 * @returns {Promise<boolean>} whether the page is done with
 */
async function resume() {
  const order = pending.get();
  if (!order) return false;
  if (isOld(order)) {
    pending.end(order.key);
    return false;
  }
  if (order.name && order.name !== signedIn()) {
    if (!signedIn()) ended(); // only who sent it can ask what became of it
    return false;
  }
  tell(say("resuming"));
  try {
    const inside = await isIn(order);
    if (inside && inside !== order.lines) {
      pending.end(order.key);
      tell(say("maybe_made"));
      return false;
    }
    if (inside) {
      draft.fill({ email: order.body.email, ...order.body.shipping_address });
      draft.keep();
      tell(say("open_order"));
      return false;
    }
    done(await send(order));
    return true;
  } catch (error) {
    const problem = /** @type {Problem} */ (error);
    if (isRefused(problem)) {
      pending.end(order.key);
      draft.fill({ email: order.body.email, ...order.body.shipping_address });
      tell(say("not_done"));
      return false;
    }
    const again = el("button", { type: "button", class: "button", click: () => location.reload() }, say("retry"));
    byId("notice").replaceChildren(el("div", { class: "note bad" }, el("p", {}, problem.words), again));
    return true;
  }
}

/** The address of the customer's last order, where nothing is typed yet. */
async function prefill() {
  const typed = draft.get();
  if (typed) return draft.fill(typed);
  if (!signedIn()) return;
  const { results } = await call("orders/?page_size=1");
  if (results.length && !draft.get()) draft.fill({ email: results[0].email, ...results[0].shipping_address });
}

async function start() {
  fillMethods();
  showWho();
  if (await resume()) return;
  try {
    const told = byId("notice").firstChild; // of an order before: no "empty" covers it
    await refresh();
    if (told && !cart?.lines.length) byId("notice").replaceChildren(told);
    await prefill();
  } catch (error) {
    const problem = /** @type {Problem} */ (error);
    if (problem.status === 401) return location.reload(); // the session is over: as a guest
    const again = el("button", { type: "button", class: "button", click: () => location.reload() }, say("retry"));
    byId("notice").replaceChildren(el("div", { class: "note bad" }, el("p", {}, problem.words), again));
  }
}

onElsewhere(() => {
  showWho();
  if (!isOff(pay) && (guest() || signedIn() || cart)) follow().catch(() => {});
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
start();
