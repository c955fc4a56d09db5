// Fields and their errors: each beside its field, and the focus in the first.

import { byId, el } from "./page.js";

/** @param {string} id @param {string} text none clears it */
export function mark(id, text) {
  const field = byId(id);
  document.getElementById(`${id}-error`)?.remove();
  field.toggleAttribute("aria-invalid", Boolean(text));
  if (text) field.setAttribute("aria-invalid", "true");
  if (!text) return field.removeAttribute("aria-describedby");
  field.setAttribute("aria-describedby", `${id}-error`);
  field.closest(".field").append(el("p", { class: "error", id: `${id}-error` }, text));
}

/** Mark these, and no others; how many. @param {HTMLFormElement} form @param {Record<string, string>} errors */
export function markAll(form, errors) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(".field [name]"));
  for (const { id } of fields) mark(id, errors[id] ?? "");
  const first = Array.from(fields).find(({ id }) => errors[id]);
  first?.focus();
  return Object.keys(errors).length;
}

/** What stands in the way of the form as a whole. @param {string} text none clears it */
export function fail(text) {
  const failure = byId("failure");
  failure.hidden = !text;
  failure.textContent = text;
  failure.setAttribute("role", "alert");
}
