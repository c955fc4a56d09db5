// Signing in, and the orders of whoever is signed in.

import { call } from "./api.js";
import { getCart } from "./basket.js";
import { fail, mark } from "./form.js";
import { announce, at, busy, byId, el, isOff, money, say, state } from "./page.js";
import { bringCart, signedIn, signIn, signOut } from "./session.js";

/** @typedef {import("./types").Schemas["Order"]} Order */
/** @typedef {import("./api.js").Problem} Problem */

const form = byId("sign-in");
const room = byId("orders");
const dates = new Intl.DateTimeFormat(state.language, { dateStyle: "long" });

/** Where to go on: a page of this shop, or none. */
function next() {
  const asked = new URLSearchParams(location.search).get("next");
  try {
    const url = new URL(asked ?? "", location.origin);
    return asked && url.origin === location.origin ? url.href : null;
  } catch {
    return null;
  }
}

async function show() {
  const name = signedIn();
  form.hidden = Boolean(name);
  byId("title").textContent = name ? say("hello", { name }) : say("title");
  room.replaceChildren();
  if (!name) return;
  const list = el("ul", { class: "orders" });
  const none = el("p", { class: "empty", hidden: true }, say("none"));
  const more = el("button", { type: "button", class: "button quiet", hidden: true }, say("more"));
  room.replaceChildren(
    el("button", { type: "button", class: "text-button", click: leave }, say("sign_out")),
    el("h2", {}, say("orders")),
    list,
    none,
    more,
  );
  await fill("orders/", list, none, more);
}

/** @param {string} path @param {HTMLElement} list @param {HTMLElement} none @param {HTMLElement} more */
async function fill(path, list, none, more) {
  try {
    const page = await call(path);
    list.append(...page.results.map(lineOf));
    none.hidden = list.children.length > 0;
    more.hidden = !page.next;
    more.onclick = () => fill(`orders/${new URL(page.next).search}`, list, none, more);
  } catch (error) {
    const problem = /** @type {Problem} */ (error);
    if (problem.status === 401) return show();
    announce(problem.words);
  }
}

/** @param {Order} order */
function lineOf(order) {
  const status = el("span", {}, say(order.status));
  return el(
    "li",
    {},
    el(
      "a",
      { href: `${at("order/")}#${order.number}` },
      el("strong", {}, order.number),
      el("span", {}, dates.format(new Date(order.placed_at))),
      status,
      el("span", {}, money(order.totals.total)),
    ),
  );
}

function leave() {
  signOut();
  getCart().catch(() => {});
  announce(say("signed_out"));
  show();
}

form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  if (isOff(button)) return;
  fail("");
  const { username, password } = form;
  for (const field of [username, password]) mark(field.id, field.value ? "" : say("required"));
  const empty = [username, password].find((each) => !each.value);
  if (empty) return empty.focus();
  const free = busy(button, say("signing_in"));
  try {
    await signIn(username.value, password.value);
    await getCart();
    const to = next();
    if (to) return location.assign(to);
    await show();
    byId("main").focus();
  } catch (error) {
    const problem = /** @type {Problem} */ (error);
    if (signedIn()) announce(problem.words); // the cart stays a guest's, and comes the next time
    else fail(problem.code === "no_active_account" ? say("wrong") : problem.words);
    if (signedIn()) show();
  } finally {
    free();
  }
});

addEventListener("pageshow", (event) => event.persisted && location.reload());
if (signedIn()) bringCart().then(getCart).catch(() => {});
show();
