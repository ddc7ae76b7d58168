// Alerts: what the service is to tell, what it told, and what was counted here of the same.

import { toHex, utf8 } from "../endkey/bytes.mjs";
import { parseToken, writeToken } from "../endkey/text/texts.mjs";
import { CATEGORIES, sums } from "../dashboard/counted.mjs";
import { Opener } from "../dashboard/opener.mjs";
import { duration, element } from "../dashboard/report.mjs";
import { legible, openedElement } from "../dashboard/reveal.mjs";
import { Zone } from "../dashboard/zone.mjs";
import { random } from "../http/keys.mjs";
import { Problem } from "../http/service.mjs";
import { attempt, tell } from "./acting.mjs";
import { ask, button, byId, count, dateOf, drawTable, shortTimeOf } from "./parts.mjs";
import { recompute } from "./recomputed.mjs";

/** @typedef {import("../http/alerts.mjs").Alert} Alert */
/** @typedef {import("./recomputed.mjs").Judged} Judged */
/** @typedef {{field: string, value: string}} Value */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Bounds of days that are put, and how far ahead the last lies at least. */
const DAYS_MAX = 801;
const AHEAD = 180 * DAY;
const REACH = 35 * DAY;
/** How many values can be chosen of a kind, and how many happenings are shown. */
const CHOICES = 50;
const SHOWN = 200;
/** Kinds of values that can be chosen. */
const FIELDS = { application_name: "Applications", url: "Websites" };
/**
 * What can be told: the unit of its amount, what that is called, and the usual amount.
 * @type {Record<string, {unit: number, name: string, usual: number, least: number}>}
 */
const KINDS = {
  more: { unit: HOUR, name: "Hours a day", usual: 2, least: 0.25 },
  less: { unit: HOUR, name: "Hours a day", usual: 4, least: 0.25 },
  silence: { unit: DAY, name: "Days", usual: 3, least: 0.25 },
  expiry: { unit: DAY, name: "Days", usual: 14, least: 1 },
};
/** @type {Record<Judged["verdict"], {text: string, state: string}>} */
const VERDICTS = {
  so: { text: "counted here, too", state: "is-good" },
  other: { text: "not borne out by the records", state: "is-bad" },
  missing: { text: "the records say so, and the service has not told it", state: "is-bad" },
  erased: { text: "records were erased: it cannot be recomputed", state: "" },
  late: { text: "records made in that time are here; they may have come later", state: "" },
  unknown: { text: "this browser has nothing to hold it against", state: "" },
};

export class Alerts {
  /** @type {import("../http/alerts.mjs").AlertList} */
  #list = { days: [], items: [] };
  #tag = "";
  /**
   * What the tokens of alerts are.
   * @type {Map<string, Value>}
   */
  #values = new Map();
  /**
   * What can be chosen.
   * @type {Value[]}
   */
  #choices = [];

  /**
   * @param {import("../http/person.mjs").PersonsEnd} person @param {import("./books.mjs").Books} books
   */
  constructor(person, books) {
    this.person = person;
    this.books = books;
    const form = this.form;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(() => this.#add(new FormData(form)));
    });
    select(form, "on").addEventListener("change", () => this.#drawKind());
    this.#drawKind();
  }

  get form() {
    return /** @type {HTMLFormElement} */ (byId("make-alert"));
  }

  /** @param {boolean} [isAsked] */
  async show(isAsked = false) {
    await this.books.show(isAsked);
    const opener = await Opener.of(this.person.whole);
    await this.#read(opener);
    await this.#renew(opener);
    const firings = await this.person.firings();
    this.#drawChoices();
    this.#drawStrange();
    this.#drawList();
    this.#drawHappened(firings);
    document.dispatchEvent(new Event("alerts-seen"));
  }

  /** @param {Opener} opener */
  async #read(opener) {
    const { list, tag } = await this.person.alerts();
    [this.#list, this.#tag] = [list, tag];
    await this.#learn(opener, [...list.items, ...this.#remembered() ?? []]);
  }

  /**
   * Opens the tokens of alerts.
   * @param {Opener} opener @param {Alert[]} alerts
   */
  async #learn(opener, alerts) {
    await Promise.all(alerts.flatMap(({ tokens = [] }) => tokens).map(async (text) => {
      const opened = await opener.open(text);
      if ("value" in opened) this.#values.set(text, { field: parseToken(utf8(text)).field, value: opened.value });
    }));
  }

  /**
   * Names values by tokens of new keys, too, and days that come: what they mean stays the same.
   * @param {Opener} opener
   */
  async #renew(opener) {
    const { days, items } = this.#list;
    if (items.length === 0) return;
    const isShort = (days[days.length - 1] ?? 0) < this.person.now() + AHEAD;
    const renewed = await Promise.all(items.map(async (alert) => {
      const missing = (await Promise.all(this.#valuesOf(alert).map((value) => this.#tokenOf(opener, value))))
        .filter((token) => !alert.tokens?.includes(token));
      return missing.length === 0 ? alert : { ...alert, tokens: [...alert.tokens ?? [], ...missing] };
    }));
    if (!isShort && renewed.every((alert, n) => alert === items[n])) return;
    await this.#put({ days: isShort ? this.#days(items) : days, items: renewed });
    await this.#learn(opener, renewed);
  }

  /**
   * The token of a value under the keys of now.
   * @param {Opener} opener @param {Value} value
   */
  async #tokenOf(opener, { field, value }) {
    const [cipher] = opener.ciphers.get(this.person.whole.state.header.epoch) ?? [];
    return writeToken(await cipher.seal(field, utf8(value)));
  }

  /**
   * The values of an alert, each once.
   * @param {Alert} alert @returns {Value[]}
   */
  #valuesOf({ tokens = [] }) {
    const values = tokens.flatMap((token) => this.#values.get(token) ?? []);
    return [...new Map(values.map((one) => [`${one.field} ${one.value}`, one])).values()];
  }

  /**
   * Midnights here, from the first alert on.
   * @param {Alert[]} items
   */
  #days(items) {
    const zone = new Zone(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const now = this.person.now();
    let day = zone.day(Math.max(now - REACH, Math.min(now, ...items.map(({ from }) => from))));
    const bounds = [day.start];
    while (bounds.length < DAYS_MAX) {
      bounds.push(day.end);
      day = zone.day(day.end);
    }
    return bounds;
  }

  /** @param {import("../http/alerts.mjs").AlertList} list */
  async #put(list) {
    await this.person.setAlerts(list, this.#tag);
    const isOwn = this.#isAsRemembered();
    const { tag } = await this.person.alerts();
    [this.#list, this.#tag] = [list, tag];
    if (isOwn) this.#remember();
  }

  /**
   * Changes the list, unless another did so meanwhile.
   * @param {(items: Alert[]) => Alert[]} change @param {string} done
   */
  async #change(change, done) {
    tell("");
    try {
      const items = change(this.#list.items);
      await this.#put({ days: this.#list.days.length === 0 ? this.#days(items) : this.#list.days, items });
    } catch (error) {
      if (!(error instanceof Problem) || error.type !== "precondition") throw error;
      await this.show();
      return tell("The alerts were changed elsewhere meanwhile. Look at them, and do it again.", "problem");
    }
    await this.show();
    return tell(done);
  }

  // What this browser saw last

  get #place() {
    return `endkey alerts ${toHex(this.person.whole.account)}`;
  }

  /** @returns {Alert[] | null} null where nothing is remembered */
  #remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#place) ?? "null");
      return Array.isArray(kept) ? kept : null;
    } catch {
      return null;
    }
  }

  #remember() {
    try {
      localStorage.setItem(this.#place, JSON.stringify(this.#list.items));
    } catch {
      // A browser that keeps nothing has nothing to hold the list against.
    }
  }

  /**
   * What an alert means, whatever tokens name its values.
   * @param {Alert} alert
   */
  #meaning(alert) {
    const { id, from, on, ms, is, per, agents = [], categories = [], tokens = [] } = alert;
    const closed = tokens.filter((token) => !this.#values.has(token));
    const values = this.#valuesOf(alert).map(({ field, value }) => `${field} ${value}`).sort();
    return JSON.stringify([id, from, on, ms, is, per, agents, categories, values, closed]);
  }

  #isAsRemembered() {
    const remembered = this.#remembered();
    const meanings = (/** @type {Alert[]} */ items) => items.map((one) => this.#meaning(one)).sort().join();
    return remembered === null || meanings(remembered) === meanings(this.#list.items);
  }

  /** A list that another wrote than this browser: by another device, or by the service. */
  #drawStrange() {
    const place = byId("alerts-strange");
    place.hidden = this.#isAsRemembered();
    if (place.hidden) return this.#remember();
    const before = this.#remembered() ?? [];
    const has = (/** @type {Alert[]} */ items) => {
      const meanings = new Set(items.map((one) => this.#meaning(one)));
      return (/** @type {Alert} */ one) => meanings.has(this.#meaning(one));
    };
    const [wasThere, isThere] = [has(before), has(this.#list.items)];
    const line = (/** @type {string} */ word) => (/** @type {Alert} */ one) =>
      element("li", "", `${word}: `, this.#sentence(one));
    place.replaceChildren(
      element("p", "", "The alerts are others than this browser saw last. Another device changed them, or the service "
        + "did."),
      element("ul", "", ...before.filter((one) => !isThere(one)).map(line("went")),
        ...this.#list.items.filter((one) => !wasThere(one)).map(line("came"))),
      button("They are right", () => {
        this.#remember();
        place.hidden = true;
      }));
    return undefined;
  }

  // What is shown

  #drawKind() {
    const { on, amount } = fieldsOf(this.form);
    const { name, usual, least } = KINDS[on.value];
    byId("alert-amount").textContent = name;
    Object.assign(amount, { value: String(usual), min: String(least) });
    for (const one of this.form.querySelectorAll("[data-sum]")) {
      /** @type {HTMLElement} */ (one).hidden = on.value === "silence" || on.value === "expiry";
    }
  }

  #drawChoices() {
    const { what } = fieldsOf(this.form);
    const chosen = what.value;
    this.#choices = [];
    const option = (/** @type {string} */ value, /** @type {string} */ text) => {
      const made = element("option", "", text);
      made.setAttribute("value", value);
      return made;
    };
    const group = (/** @type {string} */ name, /** @type {HTMLElement[]} */ options) => {
      const made = element("optgroup", "", ...options);
      made.setAttribute("label", name);
      return made;
    };
    const groups = Object.entries(FIELDS).map(([field, name]) => group(name, this.#longest(field).map((value) =>
      option(`value ${this.#choices.push({ field, value }) - 1}`, legible.text(value)))));
    what.replaceChildren(option("all", "all time"),
      group("Categories", CATEGORIES.slice(0, 3).map((name) => option(`category ${name}`, name))),
      ...groups.filter(({ children }) => children.length > 0));
    what.value = chosen;
    if (what.selectedIndex < 0) what.selectedIndex = 0;
  }

  /**
   * The values of a field that most time was counted of.
   * @param {string} field
   */
  #longest(field) {
    const { result } = this.books;
    if (result === null) return [];
    const places = result.counted.fields[field];
    return [...sums(result.counted, null, (i) => (places[i] < 0 ? undefined : places[i]))]
      .sort(([, a], [, b]) => b.milliseconds - a.milliseconds).slice(0, CHOICES)
      .map(([place]) => result.counted.texts[place]);
  }

  /** @param {FormData} fields */
  async #add(fields) {
    const on = String(fields.get("on"));
    const common = {
      id: toHex(random(8)), from: this.person.now(), ms: Math.round(Number(fields.get("amount")) * KINDS[on].unit),
    };
    if (on !== "more" && on !== "less") {
      return this.#change((items) => [...items, { ...common, on: /** @type {"silence" | "expiry"} */ (on) }],
        "The alert is made.");
    }
    const [kind, name] = String(fields.get("what")).split(" ");
    const value = kind === "value" ? this.#choices[Number(name)] : undefined;
    const opener = await Opener.of(this.person.whole);
    const tokens = value === undefined ? []
      : [...new Set(await Promise.all([...opener.ciphers.values()].flat().map(async (cipher) =>
        writeToken(await cipher.seal(value.field, utf8(value.value))))))];
    /** @type {Alert} */
    const alert = {
      ...common, on: "time", is: on, per: fields.get("per") === "account" ? "account" : "agent", agents: [],
      tokens: tokens.slice(-TOKENS_MAX), categories: kind === "category" ? [name] : [],
    };
    return this.#change((items) => [...items, alert], "The alert is made.");
  }

  /**
   * An alert in words.
   * @param {Alert} alert @returns {HTMLElement}
   */
  #sentence(alert) {
    const { on, ms, is, per, categories = [], tokens = [] } = alert;
    if (on === "silence") return element("span", "", `nothing comes of a computer for ${days(ms)}`);
    if (on === "expiry") return element("span", "", `the account's state ends within ${days(ms)}`);
    const values = this.#valuesOf(alert);
    const closed = tokens.some((token) => !this.#values.has(token));
    /** @type {(Node | string)[]} */
    const of = values.flatMap(({ value }, n) => [n === 0 ? " of " : ", ", openedElement(value)]);
    if (closed) of.push(" of something that does not open");
    if (categories.length > 0) of.push(` of ${categories.join(", ")} time`);
    return element("span", "", `${is === "more" ? "at least" : "less than"} ${duration(ms)} a day`, ...of,
      per === "agent" ? ", for each computer" : ", all computers together");
  }

  #drawList() {
    drawTable(byId("alerts"), ["Tell when", "Since", ""], this.#list.items.map((alert) => {
      const sentence = this.#sentence(alert);
      return [
        element("span", "title", sentence), element("time", "", dateOf(alert.from)),
        element("div", "actions", button("Delete", () => this.#delete(alert), "", sentence.textContent ?? "")),
      ];
    }), "The service tells nothing yet.");
  }

  /** @param {Alert} alert */
  async #delete(alert) {
    const answer = await ask("Delete this alert?", [this.#sentence(alert), "What it told goes with it."], "Delete");
    if (answer === null) return;
    await attempt(() => this.#change((items) => items.filter(({ id }) => id !== alert.id), "The alert is deleted."));
  }

  /** @param {import("../http/alerts.mjs").Firing[]} firings */
  #drawHappened(firings) {
    const { result } = this.books;
    if (result === null) return;
    const judged = recompute(this.#list, firings, {
      result, values: this.#values, validUntil: this.person.whole.state.valid_until, now: this.person.now(),
    });
    const bad = judged.filter(({ verdict }) => verdict === "other" || verdict === "missing");
    const told = byId("alerts-differ");
    told.hidden = bad.length === 0;
    told.textContent = bad.length === 0 ? "" : `The service does not tell what the records say, in ${
      count(bad.length, "case")}. If a refresh in a minute shows the same, it keeps alerts back or invents them.`;
    // What needs a look comes first; what was seen comes last.
    const rank = (/** @type {Judged} */ one) =>
      (bad.includes(one) ? 0 : one.firing !== null && one.firing.acknowledged === null ? 1 : 2);
    const labels = new Map(result.members.map(({ agent_id, label }) => [agent_id, label]));
    const rows = judged.map((one) => ({ one, at: rank(one) })).sort((a, b) => a.at - b.at).slice(0, SHOWN);
    drawTable(byId("happened"), ["What", "Computer", "When", "The service says", "Recomputed here", ""],
      rows.map(({ one }) => this.#row(one, labels)), "Nothing has happened.");
    const unseen = firings.filter(({ acknowledged }) => acknowledged === null);
    if (unseen.length > 1) {
      byId("happened").append(element("p", "actions",
        button(`All ${unseen.length} are seen`, () => this.#see(unseen))));
    }
  }

  /**
   * @param {Judged} judged @param {Map<string, string>} labels
   * @returns {(Node | string)[]}
   */
  #row({ alert, firing, agent, day, verdict, counted }, labels) {
    const { text, state } = VERDICTS[verdict];
    const label = labels.get(agent ?? "") ?? "";
    const isSum = alert?.on === "time";
    const short = element("span", "id", agent?.slice(0, 8) ?? "");
    const name = agent === null ? "all" : label === "" ? short : openedElement(label);
    const what = element("span", firing?.acknowledged === null || firing === null ? "title" : "",
      alert === null ? "an alert that is not in the list" : this.#sentence(alert));
    return [
      what, name,
      element("time", "", isSum ? dateOf(day) : shortTimeOf(day)),
      firing === null ? "nothing" : duration(firing.ms),
      element("span", `state ${state}${state === "is-bad" ? " bad" : ""}`,
        `${isSum && counted !== null ? `${duration(counted)}: ` : ""}${text}`),
      element("div", "actions", ...(firing === null ? [] : firing.acknowledged !== null
        ? [element("span", "where", "seen")]
        : [button("Seen", () => this.#see([firing]), "", what.textContent ?? "")])),
    ];
  }

  /** @param {import("../http/alerts.mjs").Firing[]} firings */
  async #see(firings) {
    await attempt(async () => {
      for (let first = 0; first < firings.length; first += SEEN_AT_ONCE) {
        await this.person.acknowledge(firings.slice(first, first + SEEN_AT_ONCE).map(({ ordinal }) => ordinal));
      }
      await this.show();
    });
  }
}

/** Firings that one request names, and tokens of one alert. */
const SEEN_AT_ONCE = 1000;
const TOKENS_MAX = 64;

/** @param {number} milliseconds */
function days(milliseconds) {
  const number = milliseconds / DAY;
  return number < 1 ? duration(milliseconds) : `${Math.round(number * 100) / 100} day${number === 1 ? "" : "s"}`;
}

/** @param {HTMLFormElement} form @param {string} name */
const select = (form, name) => /** @type {HTMLSelectElement} */ (form.elements.namedItem(name));

/** @param {HTMLFormElement} form */
const fieldsOf = (form) => ({
  on: select(form, "on"), what: select(form, "what"),
  amount: /** @type {HTMLInputElement} */ (form.elements.namedItem("amount")),
});
