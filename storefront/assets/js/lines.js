// Lines and sums, as cart, checkout and order show them.

import { at, el, money, say } from "./page.js";

/** @typedef {import("./types").Schemas["CartLine"]} CartLine */
/** @typedef {import("./types").Schemas["OrderLine"]} OrderLine */
/** @typedef {import("./types").Schemas["Totals"]} Totals */

/** @param {CartLine | OrderLine} line */
export function fullName(line) {
  return [line.name, ...Object.values(line.options)].join(", ");
}

/** @param {CartLine | OrderLine} line @param {...(Node | string | null | false | undefined)} rest */
export function row(line, ...rest) {
  const image = line.image && el("img", { src: line.image, alt: "", width: 80, height: 80, loading: "lazy" });
  const link = at(`products/${line.slug}/?variant=${encodeURIComponent(line.sku)}`);
  return el(
    "li",
    { class: "line", "data-sku": line.sku },
    el("span", { class: "tile" }, image),
    el(
      "p",
      { class: "line-top" },
      line.slug ? el("a", { href: link }, line.name) : el("span", {}, line.name),
      el("span", {}, money(line.line_total)),
    ),
    el("p", { class: "small" }, details(line)),
    ...rest,
  );
}

/** @param {CartLine | OrderLine} line */
function details(line) {
  const each = say("each", { amount: money(line.unit_price) });
  const parts = [...Object.values(line.options), say("pieces", { count: line.quantity })];
  return [...parts, ...(line.quantity > 1 ? [each] : [])].join(" · ");
}

/** @param {Totals} totals */
export function sums(totals) {
  const free = Number(totals.shipping.amount) === 0;
  return el(
    "dl",
    { class: "sums" },
    el("dt", {}, say("subtotal")),
    el("dd", {}, money(totals.subtotal)),
    el("dt", {}, say("shipping")),
    el("dd", {}, free ? say("free") : money(totals.shipping)),
    el("dt", { class: "total" }, say("total")),
    el("dd", { class: "total" }, money(totals.total)),
    el("dt", {}, say("tax")),
    el("dd", {}, money(totals.tax)),
  );
}
