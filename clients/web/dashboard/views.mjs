// What a person sees once the batches are counted: who worked how long on what, and whether it is proven.

import { byDay, CATEGORIES, eachDay, lastEnds, newestDays, newestEnd, remarks, sums } from "./counted.mjs";
import { drawDifferences, drawFindings } from "./findings.mjs";
import { List } from "./list.mjs";
import { drawPictures, isPicture, lookAtAll, nameOf } from "./pictures.mjs";
import { drawReport, duration, element, timeRow, unopenedElement } from "./report.mjs";
import { legible, openedElement } from "./reveal.mjs";
import { dayText, timeText } from "./zone.mjs";

/** @typedef {"time" | "name"} Order */
/** @typedef {{agent: number, employee: number, milliseconds: number, categories: number[]}} Person */

/** @type {Record<string, string>} */
const TABS = {
  application_name: "Applications", window_title: "Titles", url: "Websites", document_name: "Documents",
  pictures: "Screenshots",
};
const DAYS_SHOWN = 31;
/** A computer is silent whose last record ended so long before the newest of all. */
const SILENT = 2 * 86_400_000;
const YEAR = 365 * 86_400_000;
const SHORT_ID = 8;
/** Milliseconds of work before others have their turn. */
const SLICE = 16;

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));
const count = (/** @type {number} */ number, /** @type {string} */ what) =>
  `${number} ${what}${number === 1 ? "" : "s"}`;
const compareNames = new Intl.Collator(undefined, { sensitivity: "base", numeric: true }).compare;

/**
 * Takes in what will be shown, so that values that look alike are told apart: a little at a time.
 * @param {string[]} values
 */
export async function takeIn(values) {
  let until = performance.now() + SLICE;
  for (const value of values) {
    legible.add(value);
    if (performance.now() < until) continue;
    await new Promise((done) => { setTimeout(done); });
    until = performance.now() + SLICE;
  }
}

export class View {
  /** @type {import("./counted.mjs").Period | null} */
  period = null;
  /** @type {Order} */
  order = "time";
  /** @type {Person | null} */
  #selected = null;
  #tab = "application_name";
  #persons = new List(byId("persons"));
  #values = new List(byId("values"));
  #pictures = new List(byId("pictures"));
  #silent = new List(/** @type {HTMLElement} */ (byId("silent").lastElementChild));
  /** @type {import("./pictures.mjs").Looked} */
  #looked = new Map();
  /**
   * Pictures that are missing, or are others.
   * @type {import("./audit.mjs").Finding[]}
   */
  #faulty = [];
  #isProofDue = false;

  /**
   * @param {import("./audit.mjs").Result} result @param {import("./service.mjs").Report} report
   * @param {import("./opener.mjs").Opener} opener @param {import("./zone.mjs").Zone} zone
   * @param {import("./findings.mjs").Acknowledged} acknowledged
   */
  constructor(result, report, opener, zone, acknowledged) {
    this.result = result;
    this.counted = result.counted;
    this.report = report;
    this.opener = opener;
    this.zone = zone;
    this.acknowledged = acknowledged;
    this.allPictures = new Map(result.counted.pictures.filter(isPicture).map((one) =>
      [nameOf(one, result.members[one.agent].agent_id), one]));
    this.now = Date.now();
    this.newest = newestEnd(result.counted, this.now);
    this.members = new Map(result.members.map((member) => [member.agent_id, member]));
    const format = (/** @type {Intl.DateTimeFormatOptions} */ options) =>
      new Intl.DateTimeFormat(undefined, { timeZone: zone.name, ...options });
    this.dayFormat = format({ weekday: "short", day: "numeric", month: "short" });
    this.timeFormat = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    this.yearFormat = format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
    this.remarks = remarks(result.counted, zone, this.now).map(({ agent, code, at }) =>
      ({ agent_id: result.members[agent].agent_id, code, batch: null, sequence: null, at }));
    byId("everyone").addEventListener("click", () => this.#select(null));
    byId("look").addEventListener("click", () => this.#lookAtPictures());
  }

  /** Draws all of it. */
  draw() {
    this.#drawProof();
    this.#drawService();
    this.#drawActivity();
  }

  /** @param {Order} order */
  sort(order) {
    this.order = order;
    this.#drawActivity();
  }

  /** Whether a person chose what is shown, which a view that is made anew does not know. */
  get isTouched() {
    return this.period !== null || this.order !== "time" || this.#selected !== null || this.#tab === "pictures";
  }

  /** @param {import("./counted.mjs").Period | null} period */
  choose(period) {
    this.period = period;
    this.#drawActivity();
  }

  /**
   * Called with the day that a person chose in the picture.
   * @type {(day: import("./zone.mjs").Day) => void}
   */
  onDay = () => {};

  // Whether it is proven

  #drawProof() {
    const { differences, batches, members } = this.result;
    const findings = [...this.result.findings, ...this.#faulty];
    const fresh = drawFindings(byId("findings"), [...findings, ...this.remarks, ...this.#erased()],
      (agent) => this.#computer(agent), (at) => this.#time(at), this.acknowledged, () => this.#drawProof());
    const isRight = findings.length === 0 && differences.length === 0;
    const seal = /** @type {HTMLElement} */ (byId("proof").querySelector(".seal"));
    if (findings.length === 0) seal.textContent = "Proven up to each computer's last batch";
    else seal.textContent = fresh === 0 ? "Proven, but for what you know of" : "Proven in part: look at what was found";
    byId("proof").classList.toggle("is-wrong", !isRight);
    const found = findings.length === 0 ? "nothing is missing before the last batch of each"
      : count(findings.length, "finding");
    const differing = new Set(differences.map(({ agent_id }) => agent_id)).size;
    const report = differing === 0 ? "the service's report agrees"
      : `the service's report differs for ${count(differing, "computer")}`;
    byId("checked").textContent = `Counted in this page from ${batches} signed batches of `
      + `${count(members.filter((member) => member.batches > 0).length, "computer")}: ${found}, and ${report}.`;
    byId("checked").dataset.findings = findings.map(({ code }) => code).join(" ");
  }

  /** What persons of the account had erased: that is said, and is no fault. */
  #erased() {
    return this.result.erased.map(({ agent_id, first }) =>
      ({ agent_id, code: "erased", batch: null, sequence: first }));
  }

  /**
   * Notes whether the service gives a picture as its record names it; what is wrong with it is a finding.
   * @param {import("./counted.mjs").Picture} picture @param {string | null} fault
   */
  #look(picture, fault) {
    const { agent_id } = this.result.members[picture.agent];
    const name = nameOf(picture, agent_id);
    if (fault === "unavailable" || this.#looked.has(name)) return;
    this.#looked.set(name, fault);
    this.#drawLooked();
    if (fault === null) return;
    this.#faulty.push({ agent_id, code: fault, batch: picture.digest, sequence: null, at: picture.start });
    if (this.#isProofDue) return;
    this.#isProofDue = true;
    requestAnimationFrame(() => {
      this.#isProofDue = false;
      this.#drawProof();
    });
  }

  #drawLooked() {
    const all = this.allPictures.size;
    const isAll = this.#looked.size === all;
    byId("looked").hidden = this.#tab !== "pictures" || all === 0;
    /** @type {HTMLElement} */ (byId("looked").firstElementChild).textContent = isAll
      ? `All ${count(all, "screenshot")} held against the records.`
      : `${this.#looked.size} of ${count(all, "screenshot")} held against the records, as they are shown.`;
    byId("look").hidden = isAll;
  }

  async #lookAtPictures() {
    const button = /** @type {HTMLButtonElement} */ (byId("look"));
    button.disabled = true;
    const agentOf = (/** @type {import("./counted.mjs").Picture} */ one) => this.result.members[one.agent].agent_id;
    const rest = [...this.allPictures].filter(([name]) => !this.#looked.has(name)).map(([, one]) => one);
    await lookAtAll(rest, this.report.blobs, this.opener, agentOf, (one, fault) => this.#look(one, fault));
    button.disabled = false;
  }

  #drawService() {
    const { differences } = this.result;
    const value = (/** @type {string} */ token) => {
      const place = element("span", "", token);
      this.opener.open(token).then((opening) => place.replaceChildren("value" in opening
        ? openedElement(opening.value) : unopenedElement(token, opening.code)));
      return place;
    };
    drawDifferences(byId("differences"), differences, (agent) => this.#computer(agent), value);
    drawReport(byId("report"), this.report.agents, this.opener);
    /** @type {HTMLDetailsElement} */ (byId("service")).open = differences.length > 0;
  }

  // Who worked how long on what

  #drawActivity() {
    const { counted, period } = this;
    const all = sums(counted, period, () => true).get(true);
    const total = all?.milliseconds ?? 0;
    byId("total").textContent = duration(total);
    byId("total").dataset.milliseconds = String(total);
    const persons = this.#sortedPersons();
    const computers = new Set(persons.map(({ agent }) => agent)).size;
    const named = new Set(persons.filter(({ employee }) => employee >= 0).map((person) => this.#nameText(person))).size;
    byId("people").textContent = String(named);
    /** @type {HTMLElement} */ (byId("people").nextElementSibling).textContent =
      `${named === 1 ? "person" : "people"} on ${count(computers, "computer")}`;
    byId("newest").textContent = this.newest === 0 ? "none" : this.#time(this.newest, true);
    this.#drawCategories(all?.categories ?? CATEGORIES.map(() => 0), total);
    this.#drawDays();
    this.#drawPersons(persons);
    this.#drawSilent(new Set(persons.map(({ agent }) => agent)));
    this.#drawDetail();
    for (const button of document.querySelectorAll("[data-order]")) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.order === this.order));
    }
  }

  /** @param {number[]} categories @param {number} total */
  #drawCategories(categories, total) {
    byId("categories").replaceChildren(...segments(categories));
    byId("categories").ariaLabel = "Time by category";
    byId("legend").replaceChildren(...categories.flatMap((milliseconds, category) => {
      if (milliseconds === 0) return [];
      const share = `${Math.round((milliseconds / total) * 100)} %`;
      const entry = element("li", "", element("span", "dot"), `${CATEGORIES[category]} `, element("b", "", share),
        element("span", "time", duration(milliseconds)));
      entry.dataset.category = String(category);
      return [entry];
    }));
  }

  #drawDays() {
    const passes = this.#passes();
    const { shown: days, older, future } =
      newestDays(byDay(this.counted, null, this.zone, passes), DAYS_SHOWN, this.now);
    const greatest = Math.max(...days.map(({ sum }) => sum.milliseconds));
    byId("other-days").textContent = [...(older > 0 ? [`${count(older, "older day")} not drawn`] : []),
      ...(future > 0 ? [`${count(future, "day")} in the future, not drawn`] : [])].join(", ");
    byId("other-days").hidden = older === 0 && future === 0;
    byId("days").replaceChildren(...days.map(({ day, sum }) => {
      const { period } = this;
      const isChosen = period !== null && day.start < period.end && period.start < day.end;
      const column = element("span", "column", ...segments(sum.categories));
      column.style.setProperty("--share", String(greatest === 0 ? 0 : sum.milliseconds / greatest));
      const name = dayText(this.dayFormat, day);
      const button = element("button", "", element("span", "plot", column), element("span", "day", name),
        element("span", "time", duration(sum.milliseconds)));
      button.setAttribute("type", "button");
      button.setAttribute("aria-pressed", String(isChosen));
      button.addEventListener("click", () => this.onDay(day));
      const drawn = element("li", "", button);
      drawn.dataset.date = day.date;
      drawn.dataset.milliseconds = String(sum.milliseconds);
      return drawn;
    }));
    byId("days").hidden = days.length < 2;
  }

  /** @returns {Person[]} */
  #sortedPersons() {
    const { counted, period } = this;
    const employees = counted.fields.employee_name;
    const width = counted.texts.length + 1;
    const found = [...sums(counted, period, (i) => counted.agent[i] * width + employees[i] + 1)]
      .map(([key, { milliseconds, categories }]) =>
        ({ agent: Math.floor(key / width), employee: (key % width) - 1, milliseconds, categories }));
    return found.sort((a, b) => (this.order === "time" ? b.milliseconds - a.milliseconds : 0)
      || compareNames(this.#nameText(a), this.#nameText(b)) || a.agent - b.agent);
  }

  /** @param {Person[]} persons */
  #drawPersons(persons) {
    const greatest = persons.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);
    const ends = this.#lastEnds();
    this.#persons.show(persons.length, (index) => {
      const person = persons[index];
      const { agent_id } = this.result.members[person.agent];
      const end = ends.get(person.agent);
      const bar = element("span", "stack", ...segments(person.categories));
      bar.style.setProperty("--share", String(greatest === 0 ? 0 : person.milliseconds / greatest));
      const name = element("button", "name", this.#name(person));
      name.setAttribute("type", "button");
      name.addEventListener("click", () => this.#select(person));
      const row = element("li", "person",
        element("span", "who", name,
          element("span", "where", person.employee < 0 ? "no name recorded" : this.#computer(agent_id))),
        element("span", "bar", bar), element("span", "time", duration(person.milliseconds)),
        element("span", "last", end === undefined ? "only in the future" : `until ${this.#time(end)}`));
      row.dataset.agent = agent_id;
      row.dataset.milliseconds = String(person.milliseconds);
      return row;
    });
    byId("nobody").hidden = persons.length > 0;
    byId("nobody").textContent = this.period === null ? "No record has been counted yet."
      : "No record lies in these days.";
  }

  /** When the last record of each computer ended, in the period and by now: none in the future makes it heard. */
  #lastEnds() {
    return lastEnds(this.counted, Math.min(this.period?.end ?? Infinity, this.now));
  }

  /** @param {Set<number>} heard the members of whom something counts in the period */
  #drawSilent(heard) {
    const ends = this.#lastEnds();
    const isSilent = (/** @type {number} */ agent) => !heard.has(agent)
      || (this.period === null && (ends.get(agent) ?? 0) < this.newest - SILENT);
    const silent = this.result.members.flatMap(({ agent_id, status, hasSent }, agent) =>
      (status === "granted" && isSilent(agent) ? [{ agent, agent_id, hasSent, end: ends.get(agent) }] : []))
      .sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
    byId("silent").hidden = silent.length === 0;
    /** @type {HTMLElement} */ (byId("silent").firstElementChild).textContent =
      `${count(silent.length, "silent computer")}${this.period === null ? "" : " in these days"}`;
    this.#silent.show(silent.length, (index) => {
      const { agent, agent_id, hasSent, end } = silent[index];
      const never = hasSent ? "nothing is left of what it sent" : "never sent anything";
      const since = end === undefined ? (heard.has(agent) ? "recorded only in the future" : never)
        : `since ${this.#time(end)}`;
      const row = element("li", "row", element("span", "label", this.#computer(agent_id)),
        element("span", "time", since));
      row.dataset.agent = agent_id;
      return row;
    });
  }

  #drawDetail() {
    const { counted, period } = this;
    byId("whose").replaceChildren("What ", this.#selected === null ? "everyone" : this.#name(this.#selected),
      " worked on");
    byId("everyone").hidden = this.#selected === null;
    const passes = this.#passes();
    const byTab = new Map(Object.keys(counted.fields).filter((field) => field in TABS).map((field) => {
      const places = counted.fields[field];
      const found = sums(counted, period, (i) => (places[i] >= 0 && passes(i) ? places[i] : undefined));
      return [field, [...found].map(([place, { milliseconds }]) => ({ place, milliseconds }))];
    }));
    const pictures = counted.pictures.filter((one) => isPicture(one)
      && (this.#selected === null || one.agent === this.#selected.agent)
      && (period === null || (one.start >= period.start && one.start < period.end)))
      .sort((a, b) => b.start - a.start);
    const sizes = (/** @type {string} */ tab) => (byTab.get(tab) ?? pictures).length;
    byId("detail").querySelector(".tabs")?.replaceChildren(...Object.entries(TABS).map(([tab, name]) => {
      const button = element("button", "", `${name} `, element("span", "time", String(sizes(tab))));
      button.setAttribute("type", "button");
      button.setAttribute("role", "tab");
      button.setAttribute("aria-selected", String(tab === this.#tab));
      button.dataset.tab = tab;
      button.addEventListener("click", () => {
        this.#tab = tab;
        this.#drawDetail();
      });
      return button;
    }));
    const isPictures = this.#tab === "pictures";
    this.#drawLooked();
    byId("values").hidden = isPictures;
    byId("pictures").hidden = !isPictures;
    byId("nothing").hidden = sizes(this.#tab) > 0;
    byId("nothing").textContent = "Nothing of this kind was counted.";
    if (isPictures) {
      drawPictures(this.#pictures, pictures, this.report.blobs, this.opener, (one) =>
        [this.#computer(this.result.members[one.agent].agent_id), ` · ${this.#time(one.start)}`],
      (one) => this.result.members[one.agent].agent_id, (one, fault) => this.#look(one, fault));
      return;
    }
    const rows = this.#sortedValues(byTab.get(this.#tab) ?? []);
    const greatest = rows.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);
    this.#values.show(rows.length, (index) => {
      const { place, milliseconds } = rows[index];
      const category = counted.rules[place];
      const row = timeRow(openedElement(counted.texts[place]), milliseconds, greatest);
      if (CATEGORIES[category] !== "no rule") {
        row.dataset.category = String(category);
        row.lastElementChild?.before(element("span", "category", CATEGORIES[category]));
      }
      return row;
    });
  }

  /** @param {{place: number, milliseconds: number}[]} rows */
  #sortedValues(rows) {
    const text = (/** @type {{place: number}} */ { place }) => this.counted.texts[place];
    return rows.sort((a, b) => (this.order === "time" ? b.milliseconds - a.milliseconds : 0)
      || compareNames(text(a), text(b)));
  }

  /** What was counted in the period, for a file. */
  totals() {
    const { counted } = this;
    const { employee_name, application_name } = counted.fields;
    const text = (/** @type {number} */ place) => (place < 0 ? "" : counted.texts[place]);
    /** @type {Map<string, import("./save.mjs").Total>} */
    const all = new Map();
    eachDay(counted, this.period, this.zone, (i, { date }, milliseconds) => {
      const [agent, employee, application] = [counted.agent[i], employee_name[i], application_name[i]];
      const key = `${agent} ${employee} ${application} ${date}`;
      const { agent_id, label } = this.result.members[agent];
      const one = all.get(key) ?? {
        computer: agent_id, label, name: text(employee), day: date, application: text(application), milliseconds: 0,
      };
      one.milliseconds += milliseconds;
      all.set(key, one);
    });
    return [...all.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : b.milliseconds - a.milliseconds));
  }

  /** Which records are of the person chosen. */
  #passes() {
    const selected = this.#selected;
    if (selected === null) return () => true;
    const { agent, fields } = this.counted;
    return (/** @type {number} */ i) => agent[i] === selected.agent && fields.employee_name[i] === selected.employee;
  }

  /** @param {Person | null} person */
  #select(person) {
    this.#selected = person;
    this.#drawDays();
    this.#drawDetail();
    byId("detail").scrollIntoView({ block: "nearest" });
  }

  /**
   * What the persons of the account call a computer, else its id.
   * @param {string} agent
   */
  #computer(agent) {
    const label = this.members.get(agent)?.label ?? "";
    return label === "" ? element("code", "", agent.slice(0, SHORT_ID)) : openedElement(label);
  }

  /** @param {Person} person */
  #name(person) {
    return person.employee < 0 ? this.#computer(this.result.members[person.agent].agent_id)
      : openedElement(this.counted.texts[person.employee]);
  }

  /** @param {Person} person */
  #nameText({ agent, employee }) {
    if (employee >= 0) return this.counted.texts[employee];
    const { label, agent_id } = this.result.members[agent];
    return label === "" ? agent_id : label;
  }

  /**
   * With its year where that is asked for, or can be mistaken.
   * @param {number} time @param {boolean} [withYear]
   */
  #time(time, withYear = Math.abs(this.newest - time) > YEAR / 2) {
    return timeText(withYear ? this.yearFormat : this.timeFormat, time);
  }
}

/**
 * Pieces of a bar, each as long as its time.
 * @param {number[]} categories
 */
function segments(categories) {
  return categories.flatMap((milliseconds, category) => {
    if (milliseconds === 0) return [];
    const piece = element("span", "piece");
    piece.style.flexGrow = String(milliseconds);
    piece.dataset.category = String(category);
    return [piece];
  });
}
