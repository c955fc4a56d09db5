// What every page needs: its state, words, money, elements, and what is said aloud.

/** @typedef {import("./types").Schemas["Money"]} Money */
/** @typedef {import("./types").Schemas["Image"]} Image */

/**
 * @typedef {object} State
 * @property {string} language
 * @property {string} root
 * @property {string} api
 * @property {Record<string, string | Record<string, string>>} texts
 */

export const state = /** @type {State & Record<string, any>} */ (
  JSON.parse(byId("state").textContent ?? "{}")
);

/** @param {string} id @returns {any} the element, which the page has */
export function byId(id) {
  return document.getElementById(id);
}

/** @type {Intl.PluralRules | undefined} few pages count */
let plurals;

/**
 * The words of that name, with the values in their places; `count` picks the plural.
 * @param {string} name @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  const text = state.texts[name];
  if (typeof text === "string") return fill(text, values);
  plurals ??= new Intl.PluralRules(state.language);
  return fill(text[plurals.select(Number(values.count))] ?? text.other, values);
}

/** @param {string} words @param {Record<string, string | number>} values */
function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
}

/** Amounts as they are written, by amount and currency. A page brings what it says itself: the first
 * that a browser has to write takes a phone 40 ms. @type {Map<string, string>} */
export const written = new Map();

/** With as many digits as the shop gives: browsers would round forints. @param {Money} amount */
export function money({ amount, currency }) {
  const name = amount + currency;
  if (!written.has(name)) {
    const digits = amount.split(".")[1]?.length ?? 0;
    const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const format = new Intl.NumberFormat(state.language, { style: "currency", currency, ...shown });
    written.set(name, format.format(Number(amount)));
  }
  return /** @type {string} */ (written.get(name));
}

/**
 * An element with attributes (null and false leave one out, functions are listeners) and children.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...(Node | string | null | false | undefined)} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== false && value !== undefined)
      made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) made.append(child);
  return made;
}

/** Only what differs: the same words again would cost a phone a layout.
 * @param {Node} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Where a page of this language is. @param {string} path */
export const at = (path) => state.root + path;

/** By which a picture is known: what is made to be compared would be fetched. @param {Image} image */
export const sourceOf = ({ renditions, url }) => renditions.at(-2)?.url ?? url;

/** @param {Image | null | undefined} image @param {string} sizes @param {string} [alt]
 * @param {number} [most] pixels: a browser that has a larger one would take and decode that */
export function picture(image, sizes, alt, most = Infinity) {
  if (!image) return el("span", { class: "no-picture" });
  const { renditions, url, width, height } = image;
  const widths = renditions.filter((each) => each.width <= most).map((each) => `${each.url} ${each.width}w`);
  if (width && width <= most) widths.push(`${url} ${width}w`);
  return el("img", {
    src: sourceOf(image),
    srcset: widths.length > 1 && widths.join(", "),
    sizes: widths.length > 1 && sizes,
    width,
    height,
    alt: alt ?? image.alt,
  });
}

/** A tile of that colour: allowed by script, where the policy allows no style attribute.
 * @param {HTMLElement} tile @param {string | undefined} colour */
export function tint(tile, colour) {
  if (colour) tile.style.setProperty("--c", colour);
  else tile.style.removeProperty("--c");
  return tile;
}

let fading = 0;

/**
 * Said once, in the one live region; with what can be done about it.
 * @param {string} text @param {Node} [action]
 */
export function announce(text, action) {
  clearTimeout(fading);
  byId("live").replaceChildren(el("div", { class: "toast" }, el("span", {}, text), action));
  fading = window.setTimeout(() => byId("live").replaceChildren(), action ? 12_000 : 6_000);
}

/** Said here, and again on the next page if this one is left at once. @param {string} text */
export function tellNext(text) {
  tab.set("told", text);
  told();
}

const HEARD = 4_000; // milliseconds

function told() {
  const text = tab.get("told");
  if (!text) return;
  announce(text);
  window.setTimeout(() => tab.set("told", null), HEARD);
}

/** Busy, not to be pressed twice, and still where the focus is.
 * @param {HTMLButtonElement} button @param {string} [text] what it says meanwhile */
export function busy(button, text) {
  const before = button.textContent ?? "";
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  if (text) button.textContent = text;
  return () => {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    if (text) button.textContent = before;
  };
}

/** @param {HTMLElement} button */
export const isOff = (button) => button.getAttribute("aria-disabled") === "true";

/** Whether what is kept is what this version keeps: anything else is forgotten.
 * @type {Record<string, (value: any) => boolean>} */
const SHAPES = {
  guest: (value) => typeof value === "string",
  session: ({ access, refresh, name }) => [access, refresh, name].every((each) => typeof each === "string"),
  pending: ({ key, body, whose, lines }) => Boolean(key && body?.expected_total && whose && lines),
  moving: ({ token, lines }) => Boolean(token) && Array.isArray(lines),
  cart: ({ lines, totals }) => Array.isArray(lines) && Boolean(totals),
  orders: (value) => typeof value === "object" && !Array.isArray(value),
};

/** @param {string} name @param {string | null | undefined} text */
function read(name, text) {
  try {
    const value = JSON.parse(text ?? "null");
    return value === null || (SHAPES[name]?.(value) ?? true) ? value : null;
  } catch {
    return null;
  }
}

/** What is kept under a name; where the browser keeps nothing, as long as the page.
 * @param {() => Storage} storage */
function store(storage) {
  /** @type {Map<string, string>} */
  const here = new Map();
  return {
    /** @param {string} name @returns {any} */
    get(name) {
      if (here.has(name)) return read(name, here.get(name)); // the newer one, which found no room
      try {
        return read(name, storage().getItem(`shop.${name}`));
      } catch {
        return null;
      }
    },
    /** @param {string} name @param {any} value null forgets it
     * @returns {boolean} whether it is there for the next page */
    set(name, value) {
      here.delete(name);
      try {
        if (value === null) storage().removeItem(`shop.${name}`);
        else storage().setItem(`shop.${name}`, JSON.stringify(value));
        return true;
      } catch {
        if (value !== null) here.set(name, JSON.stringify(value));
        return false;
      }
    },
  };
}

/** Kept in this browser, and in this tab. */
export const kept = store(() => localStorage);
export const tab = store(() => sessionStorage);

for (const each of document.querySelectorAll("[data-language]"))
  each.addEventListener("click", () => {
    const link = /** @type {HTMLAnchorElement} */ (each);
    link.href = link.pathname + location.search + location.hash;
  });

told();
// Its prices are of when it was seen; the worker says that there is no line, whatever the browser thinks.
if (!navigator.onLine || "seen" in document.documentElement.dataset) announce(say("offline"));

// Pages that were seen are there without a line too. The policy wants script addresses vouched for.
const vouched = /** @type {any} */ (window).trustedTypes?.createPolicy("shop", {
  createScriptURL: (/** @type {string} */ url) => url,
});
const worker = state.api.replace("api/v1/", "worker.js"); // at the shop's root
addEventListener("load", () =>
  navigator.serviceWorker?.register(vouched?.createScriptURL(worker) ?? worker).catch(() => {}),
);
