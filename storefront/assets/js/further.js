// A product with more variants than its page: which combinations can be had, and the way to each.

import { call } from "./api.js";
import { state } from "./page.js";

/** @typedef {import("./types").Schemas["Product"]} Product */
/** @typedef {import("./types").Schemas["Variant"]} Variant */
/** @typedef {Record<string, string>} Options */

export class Further {
  loaded = new Set([1]); // pages of `variants/`

  /** @param {Product} product its `variants` grow by those of the pages that are asked for */
  constructor(product) {
    this.product = product;
    this.bits = atob(product.further?.to_be_had ?? "");
  }

  /** The number of a combination: its values' places as digits, the first option's the highest.
   * @param {Options} options */
  number(options) {
    return this.product.options.reduce(
      (number, { name, values }) => number * values.length + values.findIndex((each) => each.name === options[name]),
      0,
    );
  }

  /** @param {number} number @returns {Options} */
  options(number) {
    /** @type {Options} */
    const options = {};
    for (const { name, values } of [...this.product.options].reverse()) {
      options[name] = values[number % values.length].name;
      number = Math.floor(number / values.length);
    }
    return options;
  }

  /** Whether there is a piece of this combination, as far as the shop has counted.
   * @param {number} number */
  has(number) {
    return Boolean(this.bits.charCodeAt(number >> 3) & (1 << (number & 7)));
  }

  /** Whether the variant is not to be had with this value instead of its own.
   * @param {Variant} variant @param {string} name @param {string} value */
  lacks(variant, name, value) {
    return !this.has(this.number({ ...variant.options, [name]: value }));
  }

  /** @param {number} page */
  async load(page) {
    if (this.loaded.has(page)) return;
    const { results } = await call(`products/${state.slug}/variants/?page=${page}`);
    this.product.variants.push(...results);
    this.loaded.add(page);
  }

  /** The variant of this combination, if there is one. Throws Problem.
   * @param {Options} options @returns {Promise<Variant | undefined>} */
  async at(options) {
    const number = this.number(options);
    const before = (this.product.further?.pages ?? []).filter((first) => first <= number);
    await this.load(Math.max(1, before.length));
    return this.product.variants.find((each) => this.kept(each.options, options) === this.product.options.length);
  }

  /** How many options have the same value.
   * @param {Options} one @param {Options} other */
  kept(one, other) {
    return this.product.options.filter(({ name }) => one[name] === other[name]).length;
  }

  /** The variant with this value that can be had and keeps most of what is chosen. Throws Problem.
   * @param {Variant} chosen @param {string} name @param {string} value */
  find(chosen, name, value) {
    const wanted = { ...chosen.options, [name]: value };
    if (this.has(this.number(wanted))) return this.at(wanted);
    let [best, most] = [wanted, -1];
    for (let number = 0; number < 8 * this.bits.length; number += 1) {
      const options = this.options(number);
      if (options[name] !== value || !this.has(number)) continue;
      const kept = this.kept(options, wanted);
      if (kept > most) [best, most] = [options, kept];
    }
    return this.at(best);
  }
}

/** With the page of the variant that is asked for. Throws Problem.
 * @param {Product} product @param {string | null} sku */
export async function of(product, sku) {
  const further = new Further(product);
  const last = product.further?.pages?.length ?? 1;
  for (let page = 2; sku && page <= last && !product.variants.some((each) => each.sku === sku); page += 1)
    await further.load(page);
  return further;
}
