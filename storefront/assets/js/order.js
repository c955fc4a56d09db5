// An order: found by number and secret, and followed until it has an end.

import { add, getCart } from "./basket.js";
import { call, newKey } from "./api.js";
import { fail, mark } from "./form.js";
import { fullName, row, sums } from "./lines.js";
import { announce, at, busy, byId, el, isOff, kept, say, state, tab } from "./page.js";
import { keepSecret, signedIn } from "./session.js";

/** @typedef {import("./types").Schemas["Order"]} Order */
/** @typedef {import("./api.js").Problem} Problem */

const STEPS = ["created", "prepared", "confirmed"];
const OVER = new Set(["cancelled", "expired"]);
const NUMBER = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/;
const PAUSE = { first: 700, most: 8_000, late: 30_000 }; // milliseconds
const countries = new Intl.DisplayNames(state.language, { type: "region" });
const room = byId("order");
const form = byId("look-up");
/** @type {Map<string, string>} secrets that have not opened their order yet: such are not kept */
const given = new Map();
let asking = 0; // which order is being followed: a later one ends the earlier

/** As people type it: small letters, without dashes, O for 0 and I for 1. @param {string} text */
function tidy(text) {
  const letters = text.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return letters.match(/.{1,4}/g)?.join("-") ?? "";
}

/** From the address: #NUMBER, or #NUMBER.SECRET, whose secret is kept and taken out of sight. */
function fromAddress() {
  const [number = "", secret] = location.hash.slice(1).split(".");
  if (!NUMBER.test(number)) return "";
  if (secret) {
    given.set(number, secret);
    history.replaceState(null, "", `#${number}`);
  }
  return number;
}

/** @param {string} number @param {string | undefined} secret @returns {Promise<Order>} */
function get(number, secret) {
  return call(`orders/${number}/`, { headers: secret ? { "Order-Secret": secret } : {} });
}

/** @param {string} number */
async function follow(number) {
  const mine = (asking += 1);
  const begun = Date.now();
  const secret = given.get(number) ?? kept.get("orders")?.[number];
  let pause = PAUSE.first;
  let shown = "";
  let trouble = ""; // said once, not with each attempt
  while (mine === asking) {
    try {
      const order = await get(number, secret);
      if (mine !== asking) return;
      trouble = "";
      if (secret && given.delete(number)) keepSecret(number, secret);
      if (stateOf(order) !== shown) show(order, shown);
      shown = stateOf(order);
      if (order.status !== "open") return;
      if (Date.now() - begun > PAUSE.late) byId("late").hidden = false;
    } catch (error) {
      const problem = /** @type {Problem} */ (error);
      const ended = problem.code === "session_ended"; // goes on as a guest: the secret may be kept
      if (!ended && (problem.status === 404 || problem.status === 401)) {
        given.delete(number);
        return ask(number, say("not_found"));
      }
      if (!ended && problem.words !== trouble) announce(problem.words);
      trouble = problem.words;
    }
    await new Promise((done) => setTimeout(done, pause));
    pause = Math.min(pause * 1.3, PAUSE.most);
  }
}

/** How far it has come. @param {Order} order */
const stateOf = ({ history }) => history.at(-1)?.state ?? "created";

/** @param {Order} order @param {string} before the state that was shown */
function show(order, before) {
  form.hidden = true;
  const over = OVER.has(order.status);
  const fresh = tab.get("fresh") === order.number && !over;
  const title = fresh ? say("thanks") : say("title", { number: order.number });
  byId("title").textContent = title;
  document.title = title;
  const lead = order.status === "cancelled" ? why(order) : say(`${stateOf(order)}_lead`, { email: order.email });
  const parts = [
    fresh && el("p", { class: "lead" }, say("title", { number: order.number })),
    el("p", { class: over ? "note bad" : "lead", id: "status" }, lead),
    el("ol", { class: "steps", "aria-label": say("progress") }, ...steps(order)),
    el("p", { class: "note", id: "late", hidden: true }, say("late")),
    over && again(order),
    el(
      "div",
      { class: "two" },
      el("section", {}, el("h2", {}, say("lines")), el("ul", {}, ...order.lines.map((line) => row(line)))),
      el(
        "aside",
        { class: "summary" },
        el("h2", {}, say("to")),
        el("p", { class: "address" }, label(order)),
        sums(order.totals),
        signedIn() && el("a", { href: at("account/") }, say("all")),
      ),
    ),
  ];
  room.replaceChildren(...parts.filter((each) => each));
  if (before) announce(`${say(stateOf(order))}. ${lead}`);
  else byId("main").focus({ preventScroll: true });
  if (order.status === "confirmed") tab.set("draft", null);
}

/** By how far it had come: the API's own reason is for the shop. @param {Order} order */
function why({ history, lines, reason, payment_status: paid }) {
  const before = history.at(-2)?.state;
  if (before === "held" || paid !== "none") return say("refunded_lead");
  if (before === "prepared") return say("declined_lead");
  const short = lines.find((line) => reason.endsWith(line.sku));
  return short ? say("sold_out_lead", { name: fullName(short) }) : say("cancelled_lead");
}

/** @param {Order} order */
function label({ shipping_address: to }) {
  const city = [to.postal_code, to.city].filter(Boolean).join(" ");
  const country = countries.of(to.country);
  return [to.name, to.line1, to.line2, city, to.administrative_area, country].filter(Boolean).join("\n");
}

/** @param {Order} order */
function steps(order) {
  const reached = STEPS.filter((step) => order.history.some((each) => each.state === step));
  if (STEPS.includes(stateOf(order)))
    return STEPS.map((step) => {
      const done = reached.includes(step);
      const now = stateOf(order) === step;
      return el("li", { class: `${done ? "done" : ""} ${now ? "now" : ""}`, "aria-current": now && "step" }, say(step));
    });
  const end = el("li", { class: "wrong", "aria-current": "step" }, say(stateOf(order)));
  return [...reached.map((step) => el("li", { class: "done" }, say(step))), end];
}

/** @param {Order} order */
function again(order) {
  // Once made: what was added before the line was cut is not added again.
  const open = order.lines.map(({ sku, quantity }) => ({ sku, quantity, key: newKey() }));
  const click = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    if (isOff(button)) return;
    const free = busy(button, say("busy"));
    try {
      for (; open.length; open.shift())
        await add(open[0].sku, open[0].quantity, open[0].key).catch((error) => {
          if (error.isOpen || error.status === 401 || error.status === 429) throw error;
        }); // What is sold out is left out: the others come.
      location.assign(at("cart/"));
    } catch (error) {
      announce(/** @type {Problem} */ (error).words);
      free();
    }
  };
  return el("button", { type: "button", class: "button", click }, say("again"));
}

/** @param {string} number @param {string} [why] */
function ask(number, why = "") {
  asking += 1;
  room.replaceChildren();
  form.hidden = false;
  byId("title").textContent = say("find");
  form.number.value = number;
  fail(why);
}

form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  fail("");
  const number = tidy(form.number.value);
  const secret = form.secret.value.trim();
  mark("number", NUMBER.test(number) ? "" : say("number_form"));
  if (!NUMBER.test(number)) return form.number.focus();
  if (secret) given.set(number, secret);
  if (location.hash === `#${number}`) open();
  else location.hash = number;
});

function open() {
  const number = fromAddress();
  if (number) follow(number);
  else ask("");
}

addEventListener("hashchange", open);
addEventListener("pageshow", (event) => event.persisted && location.reload());
if (tab.get("fresh")) getCart().catch(() => {}); // what was ordered is no longer in it
open();
