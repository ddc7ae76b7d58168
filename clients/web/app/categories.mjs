// Categories: which values count as productive. The vault has the values; the service gets a category for each token.

import { compare, toHex, utf8 } from "../endkey/bytes.mjs";
import { ENUMS } from "../endkey/registry.mjs";
import { CATEGORIES, sums } from "../dashboard/counted.mjs";
import { duration, element } from "../dashboard/report.mjs";
import { legible, openedElement } from "../dashboard/reveal.mjs";
import { perform } from "./acting.mjs";
import { button, byId, count, drawTable } from "./parts.mjs";

/** @type {Record<string, string>} */
const FIELDS = {
  application_name: "Applications", url: "Websites", window_title: "Titles", document_name: "Documents",
  employee_name: "People",
};
/** How many values are shown of a kind, the longest first. */
const SHOWN = 200;
const NO_RULE = CATEGORIES[CATEGORIES.length - 1];

/** @param {any} rule */
const keyOf = ({ field, value }) => `${field} ${toHex(value)}`;
/** @param {any} rule how rules of a vault are sorted */
const orderOf = ({ field, value }) => Uint8Array.of(ENUMS.TokenField[field], ...value);

export class Categories {
  #field = "application_name";
  /**
   * What is chosen and not saved yet, by field and value.
   * @type {Map<string, {field: string, value: Uint8Array, category: string}>}
   */
  #chosen = new Map();

  /**
   * @param {import("../http/person.mjs").PersonsEnd} person @param {import("./books.mjs").Books} books
   */
  constructor(person, books) {
    this.person = person;
    this.books = books;
    byId("category-save").querySelector("button")?.addEventListener("click", () => this.#save());
  }

  /** @param {boolean} [isAsked] */
  async show(isAsked = false) {
    await this.books.show(isAsked);
    this.#draw();
  }

  #draw() {
    byId("category-fields").replaceChildren(...Object.entries(FIELDS).map(([field, name]) => {
      const tab = button(name, () => {
        this.#field = field;
        this.#draw();
      });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(field === this.#field));
      return tab;
    }));
    const field = this.#field;
    const rules = new Map(this.person.whole.contents.rules.map((/** @type {any} */ one) => [keyOf(one), one.category]));
    drawTable(byId("category-values"), ["Value", "Time", "Category"], this.#values().map(({ text, milliseconds }) => {
      const key = keyOf({ field, value: utf8(text) });
      return [
        element("span", "title", openedElement(text)), element("span", "time", duration(milliseconds)),
        this.#choice(text, this.#chosen.get(key)?.category ?? rules.get(key) ?? NO_RULE),
      ];
    }), "Nothing of this kind was counted.");
    this.#drawSave();
  }

  /** What was counted of the field that is shown, the longest first. */
  #values() {
    const { result } = this.books;
    if (result === null) return [];
    const places = result.counted.fields[this.#field];
    return [...sums(result.counted, null, (i) => (places[i] < 0 ? undefined : places[i]))]
      .map(([place, { milliseconds }]) => ({ text: result.counted.texts[place], milliseconds }))
      .sort((a, b) => b.milliseconds - a.milliseconds).slice(0, SHOWN);
  }

  /** @param {string} text @param {string} category */
  #choice(text, category) {
    const field = this.#field;
    const choice = /** @type {HTMLSelectElement} */ (element("select", ""));
    choice.append(...CATEGORIES.map((name) => {
      const option = element("option", "", name);
      option.setAttribute("value", name);
      return option;
    }));
    choice.value = category;
    choice.setAttribute("aria-label", `Category of ${legible.text(text)}`);
    choice.addEventListener("change", () => {
      const chosen = { field, value: utf8(text), category: choice.value };
      this.#chosen.set(keyOf(chosen), chosen);
      this.#drawSave();
    });
    return choice;
  }

  #drawSave() {
    byId("category-save").hidden = this.#chosen.size === 0;
    /** @type {HTMLElement} */ (byId("category-save").querySelector("span")).textContent =
      `${count(this.#chosen.size, "change")}, not saved yet`;
  }

  async #save() {
    const chosen = new Map(this.#chosen);
    const done = await perform(this.person, (says) => this.person.act("edit", () => ({
      edit: (contents) => ({ ...contents, rules: withRules(contents.rules, chosen) }),
    }), says), "The categories are saved.");
    if (done === undefined) return;
    for (const key of chosen.keys()) this.#chosen.delete(key);
    await this.show();
  }
}

/**
 * The rules of a vault with what was chosen. What was chosen was counted, so its token was seen.
 * @param {any[]} rules @param {Map<string, {field: string, value: Uint8Array, category: string}>} chosen
 */
function withRules(rules, chosen) {
  const made = [...chosen.values()].filter(({ category }) => category !== NO_RULE)
    .map((one) => ({ ...one, seen: true }));
  return [...rules.filter((one) => !chosen.has(keyOf(one))), ...made]
    .sort((a, b) => compare(orderOf(a), orderOf(b)));
}
