// The checkout's address: which fields a country has, what is missing, and what was typed.

import { call } from "./api.js";
import { mark } from "./form.js";
import { byId, el, kept, say, state, tab } from "./page.js";

const FIELDS = ["name", "line1", "line2", "postal_code", "city", "administrative_area", "country"];
const ASKED = { z: "postal_code", c: "city", s: "administrative_area" };
const KINDS = Object.fromEntries(
  ["state", "province", "prefecture", "emirate", "county", "department", "island", "parish", "oblast", "district"].map(
    (kind, place) => ["tpfeydihok"[place], kind],
  ),
);
const form = /** @type {HTMLFormElement} */ (byId("form"));
const country = /** @type {HTMLSelectElement} */ (byId("country"));
const names = new Intl.DisplayNames(state.language, { type: "region" });

function fillCountries() {
  const sorter = new Intl.Collator(state.language);
  const options = Object.keys(state.countries)
    .map((code) => el("option", { value: code }, names.of(code)))
    .sort((one, other) => sorter.compare(one.textContent, other.textContent));
  country.replaceChildren(...options);
  const region = new Intl.Locale(navigator.language).region ?? "DE";
  country.value = region in state.countries ? region : "DE";
}

/** What the country's addresses have; the API decides. A capital letter is needed. */
function askByCountry() {
  /** @type {string} */
  const rules = state.countries[country.value] ?? "zCs";
  const kind = Object.entries(KINDS).find(([letter]) => rules.includes(letter))?.[1] ?? "area";
  for (const [letter, id] of Object.entries(ASKED)) {
    const needed = rules.includes(letter.toUpperCase());
    const asked = needed || rules.includes(letter);
    byId(id).required = needed;
    byId(id).closest(".field").hidden = !asked;
    if (!needed) mark(id, "");
    const name = say(id === "administrative_area" ? kind : id);
    const label = /** @type {HTMLElement} */ (document.querySelector(`label[for=${id}]`));
    label.textContent = needed ? name : say("optional", { name });
  }
  offerAreas().catch(() => {}); // they can be typed as well
}

/** The states to choose from, whose names the API takes as well as their codes. */
async function offerAreas() {
  const code = country.value;
  byId("areas").replaceChildren();
  if (!isAsked("administrative_area")) return;
  const { areas } = await call(`countries/${code}/`, { anonymous: true });
  const options = areas.map((/** @type {{ name: string }} */ { name }) => el("option", { value: name }));
  if (code === country.value) byId("areas").replaceChildren(...options);
}

/** Whether the field is shown. @param {string} name */
export const isAsked = (name) => !byId(name).closest(".field").hidden;

/** @returns {Record<string, string>} all fields, filled or not */
function typed() {
  return Object.fromEntries(FIELDS.map((name) => [name, byId(name).value.trim()]));
}

/** @returns {Record<string, string>} what the order is sent to */
export function address() {
  return Object.fromEntries(Object.entries(typed()).filter(([name, value]) => value && isAsked(name)));
}

/** The sentences for what is missing. @returns {Record<string, string>} */
export function missing() {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const each of form.querySelectorAll(".field [required]")) {
    const field = /** @type {HTMLInputElement} */ (each);
    if (!field.value.trim()) errors[field.id] = say("required");
  }
  if (!errors.email && !byId("email").checkValidity()) errors.email = say("needed_email");
  const city = byId("city").value.trim().toLowerCase();
  if (city && city === names.of(country.value)?.toLowerCase() && country.value !== "SG")
    errors.city = say("city_is_country");
  return errors;
}

/**
 * The API's errors by the fields' ids: those of the address are within their own object. Where the
 * page has a sentence of its own for the field, it says that.
 * @param {Record<string, any>} errors @returns {Record<string, string>}
 */
export function fieldErrors({ shipping_address: within = {}, ...rest }) {
  const all = Object.entries({ ...rest, ...(Array.isArray(within) ? {} : within) });
  const known = all.filter(([name]) => byId(name)?.closest(".field"));
  for (const [name] of known) byId(name).closest(".field").hidden = false;
  return Object.fromEntries(known.map(([name, sentences]) => [name, sentence(name, [sentences].flat().join(" "))]));
}

/** With the examples of the API's own sentence, which calls countries by their letters.
 * @param {string} name @param {string} given */
function sentence(name, given) {
  const example = given.match(/ (?:like|one of|wie|zur Wahl stehen) (.*)\.$/i)?.[1].split(/ or | oder /)[0];
  const where = names.of(country.value) ?? "";
  if (`wrong_${name}` in state.texts && example) return say(`wrong_${name}`, { country: where, example });
  return given;
}

/** What was typed, for whoever comes back in this tab. */
export const draft = {
  /** Nobody's who has signed out since, in whichever tab. */
  get() {
    const typed = tab.get("draft");
    return typed?.at > (kept.get("left") ?? 0) ? typed : null;
  },
  keep() {
    tab.set("draft", { email: form.email.value, ...typed(), at: Date.now() });
  },
  /** @param {Record<string, string>} values */
  fill(values) {
    for (const [name, value] of Object.entries(values)) if (byId(name) && value) byId(name).value = value;
    askByCountry();
  },
};

fillCountries();
askByCountry();
country.addEventListener("change", () => {
  byId("administrative_area").value = ""; // of another country
  askByCountry();
});
form.addEventListener("input", (event) => {
  draft.keep();
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.closest(".field") && field.value.trim()) mark(field.id, "");
});
