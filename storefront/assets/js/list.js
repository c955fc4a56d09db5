// A list: prices and stock as they are now, where the page is older.

import { call } from "./api.js";
import "./basket.js";
import { money, say, state, write } from "./page.js";

/** @typedef {import("./types").Schemas["ProductCard"]} Card */

/** The words, in quotes, by which a page knows which it needs. */
const SAID = { few_left: "few_left", sold_out: "sold_out" };

/** @param {HTMLElement} node @param {Card} card */
export function freshen(node, card) {
  const price = /** @type {HTMLElement} */ (node.querySelector(".card-price"));
  const badge = /** @type {HTMLElement} */ (node.querySelector(".badge"));
  const { amount = "", currency = "" } = card.price_from ?? {};
  const now = `${card.price_varies ? "from " : ""}${amount} ${currency}`;
  if (node.dataset.price !== now) {
    const shown = card.price_from ? money(card.price_from) : "";
    write(price, card.price_varies ? say("from", { amount: shown }) : shown);
    node.dataset.price = now;
  }
  badge.hidden = card.availability === "in_stock";
  if (card.availability !== "in_stock") badge.textContent = say(SAID[card.availability]);
}

function freshenAll() {
  const nodes = new Map();
  for (const node of document.querySelectorAll("[data-slug]"))
    nodes.set(node.getAttribute("data-slug"), node);
  call(state.list)
    .then(({ results }) => {
      for (const card of results) if (nodes.has(card.slug)) freshen(nodes.get(card.slug), card);
    })
    .catch(() => {}); // What the page says was true when it was made; the cart says what is.
}

// Who never scrolls down to the cards costs the shop no call.
const first = state.list && document.querySelector("[data-slug]");
if (first)
  new IntersectionObserver(
    (seen, watch) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      watch.disconnect();
      freshenAll();
    },
    { rootMargin: "50%" },
  ).observe(first);
