// A product: its variants by options, each with an address, a picture, a price and its stock.

import { call, newKey } from "./api.js";
import { add } from "./basket.js";
import { announce, at, busy, byId, el, isOff, money, picture, say, sourceOf, state, tint, write, written } from "./page.js";

/** @typedef {import("./types").Schemas["Product"]} Product */
/** @typedef {import("./types").Schemas["Variant"]} Variant */
/** @typedef {import("./page.js").Image} Image */
/** @typedef {Product["options"][number]["values"][number]} Value */

const MOST = 99; // of one article in a cart
const FEW = 5; // from here on the number is said as a warning
const SMALL = 320; // pixels of a picture that is drawn at 80
const WIDE = "(min-width: 1440px) 692px, (min-width: 700px) calc(51vw - 40px), calc(100vw - 32px)";

/** @type {Product} */
let product;
/** @type {Variant} */
let chosen;
let isKnown = false; // whether the shop has said what there is now; the page itself is older
let trouble = ""; // why not
/** @type {import("./further.js").Further | null | undefined} */
let further;

const form = byId("buy");
const button = byId("add");
const quantity = byId("quantity");

/** The page's own prices, which it has for search engines and, written, in its table. */
function learnPrices() {
  const cells = document.querySelectorAll("#variants td:nth-child(2)");
  const { hasVariant } = JSON.parse(document.querySelector("script[type='application/ld+json']")?.textContent ?? "{}");
  for (const [place, { offers }] of (hasVariant ?? []).entries())
    written.set(offers.price + offers.priceCurrency, cells[place]?.textContent ?? "");
}

// Options --------------------------------------------------------------------------------

/** The variant with this value that keeps most of what is chosen.
 * @param {string} name @param {string} value @returns {Variant | undefined} */
function nearest(name, value) {
  const kept = (/** @type {Variant} */ variant) =>
    product.options.filter((each) => variant.options[each.name] === chosen.options[each.name]).length;
  return product.variants
    .filter((each) => each.options[name] === value)
    .sort((one, other) => kept(other) - kept(one))[0];
}

/** The variant that differs from the chosen one in this value alone.
 * @param {string} name @param {string} value */
function exact(name, value) {
  return product.variants.find((variant) =>
    product.options.every((each) =>
      each.name === name ? variant.options[name] === value : variant.options[each.name] === chosen.options[each.name],
    ),
  );
}

/** The form stays where the page brought it as it is now: making it anew costs a phone a layout. */
function showOptions() {
  const room = byId("options");
  const values = [...room.querySelectorAll("input")].map((each) => `${each.name} ${each.value}`);
  const known = product.options.flatMap((option, place) => option.values.map(({ name }) => `option-${place} ${name}`));
  if (values.join("\n") !== known.join("\n")) room.replaceChildren(...product.options.map(fieldsOf));
  product.options.forEach((option, place) => showOption(option, room.children[place], place === 0));
}

/** @param {Product["options"][number]} option @param {number} place */
function fieldsOf(option, place) {
  const labels = option.values.map(({ name }) =>
    el("label", { class: "value" }, el("input", { type: "radio", name: `option-${place}`, value: name }), el("span", {})),
  );
  const legend = el("legend", {}, capital(option.name) + " ", el("span"));
  return el("fieldset", { class: "option" }, legend, el("div", { class: "values" }, ...labels));
}

/** What is chosen, and what is not to be had with the rest.
 * @param {Product["options"][number]} option @param {any} fields @param {boolean} first */
function showOption(option, fields, first) {
  fields.disabled = false;
  write(fields.querySelector("legend span"), chosen.options[option.name] ?? "");
  const labels = fields.querySelectorAll("label");
  option.values.forEach((value, place) => {
    const variant = exact(option.name, value.name);
    const off = variant || !further ? !variant?.in_stock : further.lacks(chosen, option.name, value.name);
    const [input, shown] = labels[place].children;
    labels[place].classList.toggle("off", off);
    input.checked = chosen.options[option.name] === value.name;
    input.setAttribute(
      "aria-label",
      off ? say(variant ? "value_sold_out" : "value_missing", { name: value.name }) : value.name,
    );
    const image = first ? imageOf(option, value) : null;
    if (!isFace(shown, value, image)) shown.replaceWith(face(value, image));
  });
}

/** Whether that is how the value shows itself already.
 * @param {HTMLElement} shown @param {Value} value @param {Image | null} image */
function isFace(shown, value, image) {
  const source = shown.querySelector("img")?.getAttribute("src");
  return shown.className === (image || value.swatch ? "face" : "pill") && source === (image ? sourceOf(image) : undefined);
}

byId("options").addEventListener("change", (/** @type {Event} */ event) => {
  const { name, value } = /** @type {HTMLInputElement} */ (event.target);
  if (!product) return;
  const option = product.options[Number(name.replace("option-", ""))].name;
  if (further) further.find(chosen, option, value).then(choose, (problem) => refuse(problem.words));
  else choose(nearest(option, value));
});

/** The picture of the value's variant, if it is of no other value's.
 * @param {Product["options"][number]} option @param {Value} value */
function imageOf(option, value) {
  const image = option.values.length > 1 ? nearest(option.name, value.name)?.image : null;
  const isOwn = (/** @type {Variant} */ each) => each.image?.url !== image?.url || each.options[option.name] === value.name;
  return (image && product.variants.every(isOwn) && image) || null;
}

/** @param {Value} value @param {Image | null} image */
function face(value, image) {
  if (image)
    return el("span", { class: "face" }, tint(el("span", { class: "tile" }, picture(image, "80px", "", SMALL)), image.ground), value.name);
  if (value.swatch)
    return el("span", { class: "face" }, tint(el("span", { class: "swatch" }), value.swatch), value.name);
  return el("span", { class: "pill" }, value.name);
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase(state.language) + text.slice(1);

/** @param {Variant | undefined} variant */
function choose(variant) {
  if (!variant) return;
  chosen = variant;
  const url = new URL(location.href);
  url.searchParams.set("variant", variant.sku);
  history.replaceState(null, "", url);
  showPicture(variant.image);
  show();
}

// What is shown --------------------------------------------------------------------------

function show() {
  showOptions();
  const price = money(chosen.price);
  write(byId("price"), price);
  write(byId("bar-price"), price);
  write(byId("sku"), say("sku_is", { sku: chosen.sku }));
  showStock();
}

function showStock() {
  const { available } = chosen;
  const stock = byId("stock");
  stock.className = available ? "good" : "error";
  if (!available) stock.textContent = say("sold_out");
  else stock.textContent = say(available <= FEW ? "only" : "in_stock", { count: available });
  const off = !available;
  for (const each of document.querySelectorAll(".buy-row .button, #buy-bar .button")) {
    each.toggleAttribute("aria-disabled", off);
    if (off) each.setAttribute("aria-disabled", "true");
    write(each, off ? say("sold_out") : say("add"));
  }
}

/** What is shown large is what is bought, where the picture is a variant's.
 * @param {Image} image */
function look(image) {
  const own = product.variants.filter((each) => each.image?.url === image.url);
  const alike = (/** @type {Variant} */ each) =>
    product.options.filter(({ name }) => each.options[name] === chosen.options[name]).length;
  if (own.length && !own.includes(chosen)) choose(own.sort((one, other) => alike(other) - alike(one))[0]);
  showPicture(image);
}

/** @param {Image | null} image */
function showPicture(image) {
  const big = byId("picture");
  if (!image || big.querySelector("img")?.getAttribute("src") === sourceOf(image)) return;
  tint(big, image.ground).replaceChildren(picture(image, WIDE, image.alt || product.name));
  byId("thumbs")
    ?.querySelectorAll("button")
    .forEach((/** @type {HTMLElement} */ each, /** @type {number} */ place) =>
      each.setAttribute("aria-pressed", String(product.images[place].url === image.url)),
    );
}

byId("thumbs")
  ?.querySelectorAll("button")
  .forEach((/** @type {HTMLElement} */ each, /** @type {number} */ place) =>
    each.addEventListener("click", () => look(product.images[place])),
  );

// Buying ---------------------------------------------------------------------------------

/** @returns {number | null} */
function wanted() {
  const text = quantity.value.trim();
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MOST) return refuse(say("whole_number", { most: MOST }));
  if (number > chosen.available) return refuse(say("not_so_many", { count: chosen.available }));
  return number;
}

/** @param {string} text @returns {null} */
function refuse(text) {
  const error = byId("buy-error");
  error.textContent = text;
  error.hidden = !text;
  if (text) {
    quantity.setAttribute("aria-describedby", "buy-error");
    announce(text);
  }
  return null;
}

for (const each of form.querySelectorAll("[data-step]"))
  each.addEventListener("click", () => {
    const now = Number(quantity.value) || 1;
    const most = isKnown ? Math.min(MOST, Math.max(1, chosen.available)) : MOST;
    quantity.value = String(Math.min(most, Math.max(1, now + Number(each.dataset.step))));
    refuse("");
  });

/** @type {{wish: string, key: string} | null} the same key for the same wish, until it is done */
let pending = null;

form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  if (isOff(button)) return;
  refuse("");
  if (!isKnown) {
    const free = busy(button, say("checking"));
    await refresh();
    free();
    if (isKnown) showStock();
    else return refuse(trouble);
  }
  if (!chosen.available) return;
  const count = wanted();
  if (!count) return quantity.focus();
  const wish = `${chosen.sku} ${count}`;
  if (pending?.wish !== wish) pending = { wish, key: newKey() };
  const free = busy(button, say("adding"));
  try {
    await add(chosen.sku, count, pending.key);
    pending = null;
    const name = [product.name, ...Object.values(chosen.options)].join(", ");
    announce(say("added", { name }), el("a", { href: at("cart/") }, say("show_cart")));
  } catch (error) {
    const problem = /** @type {import("./api.js").Problem} */ (error);
    if (!problem.isOpen) pending = null;
    refuse(problem.words);
  } finally {
    free();
    showStock();
  }
});

// A bar with the button on the phone, while the button itself is out of view.
new IntersectionObserver(([entry]) => (byId("buy-bar").hidden = entry.isIntersecting)).observe(button);

/** What there is now, at what price; what was chosen meanwhile stays chosen. */
async function refresh() {
  const asked = new URLSearchParams(location.search).get("variant");
  try {
    product = await call(`products/${state.slug}/`);
    further = product.further?.pages && (await (await import("./further.js")).of(product, asked));
    trouble = "";
  } catch (error) {
    const problem = /** @type {import("./api.js").Problem} */ (error);
    const gone = problem.status === 404;
    trouble = problem.code === "offline" ? problem.words : say("not_known");
    byId("stock").textContent = gone ? say("gone") : trouble;
    form.hidden = gone;
    for (const each of product ? [] : byId("options").children) each.disabled = true; // it would change nothing
    return;
  }
  const { variants } = product;
  const before = chosen?.image?.url ?? variants[0].image?.url;
  const picked = touched();
  chosen = picked ?? variants.find((each) => each.sku === asked) ?? variants.find((each) => each.in_stock) ?? variants[0];
  isKnown = true;
  if (picked) return choose(picked);
  show();
  if (chosen.image && chosen.image.url !== before) showPicture(chosen.image);
}

/** The variant that somebody chose before the shop had answered, or this module was there. */
function touched() {
  const inputs = /** @type {HTMLInputElement[]} */ ([...byId("options").querySelectorAll("input")]);
  if (inputs.every((each) => each.checked === each.defaultChecked)) return undefined;
  const values = inputs.filter((each) => each.checked).map((each) => each.value);
  return product.variants.find((each) =>
    product.options.every((option, place) => each.options[option.name] === values[place]),
  );
}

learnPrices();
refresh();
addEventListener("pageshow", (event) => event.persisted && refresh());
addEventListener("online", () => isKnown || refresh());
