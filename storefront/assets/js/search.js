// Names by their first letters, in files that were made beforehand.

import "./basket.js";
import { at, byId, el, money, picture, say, state, tint } from "./page.js";

/** @typedef {import("./types").Schemas["ProductCard"] & { lang: string }} Card with its name's language */

/** The words, in quotes, by which a page knows which it needs. */
const SAID = { few_left: "few_left", sold_out: "sold_out" };
const MOST = 48;
const SIZES = "(min-width: 1440px) 318px, (min-width: 1024px) calc(23.5vw - 20px), (min-width: 768px) calc(31.5vw - 16px), calc(48vw - 20px)";
const field = byId("q");
/** @type {Map<string, Promise<Card[]>>} */
const files = new Map();

/** Without case and accents: as the files are named. @param {string} text */
const words = (text) =>
  text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** @param {string} letters @returns {Promise<Card[]>} */
function named(letters) {
  const found = files.get(letters);
  if (found) return found;
  const asked = fetch(at(`names/${encodeURIComponent(letters)}.json`))
    .then((answer) => {
      if (!answer.ok && ![403, 404].includes(answer.status)) throw new Error(answer.statusText);
      return answer.ok ? answer.json() : []; // of names that begin so there is no file
    })
    .catch((error) => {
      files.delete(letters);
      throw error;
    });
  files.set(letters, asked);
  return asked;
}

/** @param {string} text @returns {Promise<Card[]>} those whose names and brands begin so */
async function find(text) {
  const wanted = words(text);
  const longest = wanted.reduce((one, other) => (other.length > one.length ? other : one), "");
  const cards = await named([...longest].slice(0, 2).join(""));
  const fits = (/** @type {Card} */ card) => {
    const own = words(`${card.name} ${card.brand}`);
    return wanted.every((each) => own.some((word) => word.startsWith(each)));
  };
  const first = (/** @type {Card} */ card) => Number(words(card.name).join(" ").startsWith(wanted.join(" ")));
  return cards.filter(fits).sort((one, other) => first(other) - first(one));
}

let asked = "";

async function show() {
  const text = field.value.trim();
  asked = text;
  const url = new URL(location.href);
  if (text) url.searchParams.set("q", text);
  else url.searchParams.delete("q");
  history.replaceState(null, "", url);
  const enough = words(text).some((each) => [...each].length > 1);
  const cards = enough ? await find(text).catch(() => null) : [];
  if (asked !== text) return; // typed on meanwhile
  if (!cards) {
    byId("found").textContent = say(navigator.onLine ? "unavailable" : "offline");
    return;
  }
  byId("found").textContent = enough ? told(cards.length, text) : say("hint");
  byId("instead").hidden = cards.length > 0;
  byId("results").replaceChildren(...cards.slice(0, MOST).map(cardOf));
}

/** @param {number} count @param {string} text */
function told(count, text) {
  if (count > MOST) return say("many", { count: MOST, text });
  return count ? say("found", { count, text }) : say("nothing", { text });
}

/** @param {Card} card */
function cardOf(card) {
  const amount = card.price_from ? money(card.price_from) : "";
  const badge = card.availability !== "in_stock" && el("span", { class: "badge" }, say(SAID[card.availability]));
  return el(
    "li",
    { class: "card" },
    el(
      "a",
      { href: at(`products/${card.slug}/`) },
      tint(el("span", { class: "tile" }, picture(card.image, SIZES, ""), badge), card.image?.ground),
      card.brand && el("span", { class: "card-brand" }, card.brand),
      el("span", { class: "card-name", lang: card.lang === state.language ? null : card.lang }, card.name),
      el("span", { class: "card-price" }, card.price_varies ? say("from", { amount }) : amount),
    ),
  );
}

field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("input", show);
byId("search").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  show();
});
if (!field.value) field.focus();
show();
