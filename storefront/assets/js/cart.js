// The cart's page: quantities settle one after the other, and a removed line comes back by "Undo".

import { add, getCart, lastSeen, onElsewhere, setQuantity } from "./basket.js";
import { fullName, row, sums } from "./lines.js";
import { announce, at, byId, el, money, say, state } from "./page.js";

/** @typedef {import("./types").Schemas["Cart"]} Cart */
/** @typedef {import("./types").Schemas["CartLine"]} Line */

const MOST = 99;
const room = byId("cart");
/** @type {Promise<void>} */
let queue = Promise.resolve();

/** After what is under way: an older answer must not cover a newer one. */
function refresh() {
  queue = queue.then(load);
  return queue;
}

async function load() {
  try {
    const { cart, expired } = await getCart();
    show(cart);
    if (expired) announce(say("expired"));
  } catch (error) {
    const again = el("button", { type: "button", class: "button", click: refresh }, say("retry"));
    const note = el("div", { class: "note bad" }, el("p", {}, words(error)), again);
    room.replaceChildren(el("div", {}, note, ...remembered()));
  }
  room.removeAttribute("aria-busy");
}

/** What was in it when it was last seen, to read. */
function remembered() {
  const cart = lastSeen();
  if (!cart?.lines.length) return [];
  const lines = el("ul", { class: "lines" }, ...cart.lines.map((line) => row(line)));
  return [el("p", { class: "small" }, say("last_seen")), lines, sums(cart.totals)];
}

/** @param {unknown} error */
const words = (error) => /** @type {import("./api.js").Problem} */ (error).words;

/** @param {Cart | null} cart */
function show(cart) {
  const focused = document.activeElement?.id;
  if (!cart?.lines.length) {
    const look = el("a", { class: "button", href: at("products/") }, say("look"));
    room.replaceChildren(el("div", {}, el("p", { class: "empty" }, say("empty")), look));
    if (focused) byId("main").focus();
    return;
  }
  const lines = el("ul", { class: "lines" }, ...cart.lines.map(lineOf));
  room.replaceChildren(lines, summary(cart));
  if (focused) (document.getElementById(focused) ?? document.getElementById("main"))?.focus();
}

/** @param {Cart} cart */
function summary(cart) {
  const blocked = cart.lines.some((line) => line.problem);
  const missing = Number(state.free_from.amount) - Number(cart.totals.subtotal.amount);
  const until = missing > 0 && Number(cart.totals.shipping.amount) > 0;
  const digits = state.free_from.amount.split(".")[1]?.length ?? 0;
  const amount = { ...state.free_from, amount: missing.toFixed(digits) };
  return el(
    "aside",
    { class: "summary", "aria-labelledby": "summary" },
    el("h2", { id: "summary" }, say("summary")),
    until && el("p", { class: "small" }, say("until_free", { amount: money(amount) })),
    sums(cart.totals),
    blocked && el("p", { class: "error", id: "blocked" }, say("blocked")),
    el(
      "a",
      blocked
        ? { class: "button wide", role: "link", "aria-disabled": "true", "aria-describedby": "blocked" }
        : { class: "button wide", href: at("checkout/") },
      say("checkout"),
    ),
  );
}

/** @param {Line} line */
function lineOf(line) {
  const problem = line.problem && el("p", { class: "error" }, say(line.problem.code));
  const change =
    line.old_price &&
    el("p", { class: "error" }, say("price_changed", { old: money(line.old_price), new: money(line.unit_price) }));
  return row(line, el("div", {}, change, problem, el("div", { class: "line-row" }, stepper(line), remover(line))));
}

/** @param {Line} line */
function stepper(line) {
  const quantity = wished.get(line.sku) ?? line.quantity;
  const field = el("input", {
    id: `quantity-${line.sku}`,
    type: "text",
    inputmode: "numeric",
    maxlength: 2,
    value: quantity,
    autocomplete: "off",
    "aria-label": say("quantity_of", { name: fullName(line) }),
    change: () => {
      const number = /^\d{1,2}$/.test(field.value.trim()) ? Number(field.value) : NaN;
      if (Number.isNaN(number)) field.value = line.quantity;
      else if (number !== line.quantity) change(line, number);
    },
  });
  const step = (/** @type {number} */ by, /** @type {string} */ name, /** @type {string} */ sign) => {
    const off = quantity + by < 1 || quantity + by > MOST;
    return el(
      "button",
      {
        id: `${name}-${line.sku}`,
        type: "button",
        "aria-disabled": off && "true",
        "aria-label": `${say(name)}: ${fullName(line)}`,
        click: () => {
          const now = (Number(field.value) || line.quantity) + by;
          if (now < 1 || now > MOST) return;
          field.value = String(now);
          settle(line, now);
        },
      },
      sign,
    );
  };
  return el("div", { class: "stepper" }, step(-1, "fewer", "−"), field, step(1, "more", "+"));
}

/** @type {Map<string, {timer: number, go: () => void}>} by SKU */
const settling = new Map();
/** @type {Map<string, number>} by SKU, until the shop has it: shown whatever an earlier answer says */
const wished = new Map();

/** Several clicks are one wish. @param {Line} line @param {number} number */
function settle(line, number) {
  clearTimeout(settling.get(line.sku)?.timer);
  wished.set(line.sku, number);
  const go = () => {
    settling.delete(line.sku);
    change(line, number);
  };
  settling.set(line.sku, { timer: window.setTimeout(go, 350), go });
}

/** What was wished comes before the page that is next. @param {MouseEvent} event */
function flush(event) {
  const link = /** @type {HTMLElement} */ (event.target).closest("a");
  const isElsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link?.href || !wished.size || isElsewhere) return;
  for (const { timer, go } of settling.values()) {
    clearTimeout(timer);
    go();
  }
  event.preventDefault();
  queue.then(() => location.assign(link.href));
}

/** @param {Line} line */
function remover(line) {
  const label = say("remove_named", { name: fullName(line) });
  const click = () => change(line, 0);
  const id = `remove-${line.sku}`;
  return el("button", { id, type: "button", class: "text-button", "aria-label": label, click }, say("remove"));
}

/** @param {Line} line @param {number} number 0 removes */
function change(line, number) {
  queue = queue.then(async () => {
    try {
      const cart = await setQuantity(line.sku, number);
      if (wished.get(line.sku) === number) wished.delete(line.sku);
      show(cart);
      if (number) announce(say("updated", { total: money(cart.totals.total) }));
      else announce(say("removed", { name: fullName(line) }), undo(line));
    } catch (error) {
      wished.delete(line.sku);
      announce(words(error));
      await load();
    }
  });
}

/** @param {Line} line */
function undo(line) {
  const click = async (/** @type {Event} */ event) => {
    /** @type {HTMLElement} */ (event.target).remove();
    try {
      show(await add(line.sku, line.quantity));
      (document.getElementById(`remove-${line.sku}`) ?? byId("main")).focus();
      announce(say("added", { name: fullName(line) }));
    } catch (error) {
      announce(words(error));
      await refresh();
    }
  };
  return el("button", { type: "button", class: "text-button", click }, say("undo"));
}

refresh();
onElsewhere(refresh);
addEventListener("pageshow", (event) => event.persisted && refresh());
addEventListener("click", flush);
// Whoever leaves otherwise means what was clicked as well.
addEventListener("pagehide", () => {
  for (const [sku, { timer }] of settling) {
    clearTimeout(timer);
    setQuantity(sku, wished.get(sku) ?? 1, true).catch(() => {});
  }
  settling.clear();
});
