// What an audit counted, as columns: a hundred thousand records take a few megabytes and are summed in milliseconds.
// Records have passed the audit, and each of their tokens was opened; sums go by agent and value.

/** The field that says most of a record first: what it falls into is the category of the first that has a rule. */
const RULED = ["url", "document_name", "window_title", "application_name", "employee_name"];
export const FIELDS = ["employee_name", "application_name", "window_title", "url", "document_name"];
/** Time with a value that no rule knows counts neither way. */
export const CATEGORIES = ["productive", "neutral", "unproductive", "no rule"];
const NO_RULE = 3;

/**
 * Values are told by their places: one of a field is one, whatever tokens of however many epochs hold it. `rules` has
 * the category of each value, `category` that of each record.
 * @typedef {{agent: number, field: string, start: number, length: number, digest: string}} Picture
 * @typedef {{
 *   texts: string[], rules: Uint8Array, agent: Uint32Array, start: Float64Array, duration: Float64Array,
 *   category: Uint8Array, fields: Record<string, Int32Array>, pictures: Picture[],
 * }} Counted
 * @typedef {{start: number, end: number}} Period its end is exclusive
 * @typedef {{milliseconds: number, records: number, categories: number[]}} Sum
 */

/** Gathers records into columns. */
export class Gathering {
  /** @type {string[]} */
  #texts = [];
  /** @type {number[]} */
  #rules = [];
  /** @type {Map<string, number>} */
  #places = new Map();
  /** @type {number[]} */
  #agent = [];
  /** @type {number[]} */
  #start = [];
  /** @type {number[]} */
  #duration = [];
  /** @type {Record<string, number[]>} */
  #fields = Object.fromEntries(FIELDS.map((field) => [field, []]));
  /** @type {Picture[]} */
  #pictures = [];

  /** @param {{field: string, value: string, category: string}[]} rules */
  constructor(rules) {
    this.rules = new Map(rules.map(({ field, value, category }) =>
      [`${field} ${value}`, CATEGORIES.indexOf(category)]));
  }

  /**
   * The place of a value among all.
   * @param {string} field @param {string} text
   */
  place(field, text) {
    const key = `${field} ${text}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#texts.push(text) - 1;
    this.#rules.push(this.rules.get(key) ?? NO_RULE);
    this.#places.set(key, place);
    return place;
  }

  /**
   * @param {number} agent @param {{start: number, duration: number}} record
   * @param {Record<string, number>} places of its values, by field
   */
  add(agent, { start, duration }, places) {
    this.#agent.push(agent);
    this.#start.push(start);
    this.#duration.push(duration);
    for (const field of FIELDS) this.#fields[field].push(places[field] ?? -1);
  }

  /** @param {Picture} picture */
  addPicture(picture) {
    this.#pictures.push(picture);
  }

  /** @returns {Counted} */
  done() {
    const fields = Object.fromEntries(FIELDS.map((field) => [field, Int32Array.from(this.#fields[field])]));
    const category = Uint8Array.from(this.#agent, (_, i) => {
      for (const field of RULED) {
        const place = fields[field][i];
        if (place >= 0 && this.#rules[place] !== NO_RULE) return this.#rules[place];
      }
      return NO_RULE;
    });
    return {
      texts: this.#texts, rules: Uint8Array.from(this.#rules), agent: Uint32Array.from(this.#agent),
      start: Float64Array.from(this.#start), duration: Float64Array.from(this.#duration), category, fields,
      pictures: this.#pictures,
    };
  }
}

/** @returns {Sum} */
const nothing = () => ({ milliseconds: 0, records: 0, categories: CATEGORIES.map(() => 0) });

/**
 * Sums by what `key` gives of a record, by its place: a record counts by its overlap with the period, end exclusive,
 * and as a record where it starts.
 * @template Key
 * @param {Counted} counted @param {Period | null} period
 * @param {(i: number) => Key | undefined} key undefined leaves a record out
 * @returns {Map<Key, Sum>}
 */
export function sums(counted, period, key) {
  /** @type {Map<Key, Sum>} */
  const all = new Map();
  for (let i = 0; i < counted.agent.length; i++) {
    const start = counted.start[i];
    const end = start + counted.duration[i];
    const from = period === null ? start : Math.max(start, period.start);
    const to = period === null ? end : Math.min(end, period.end);
    const begins = period === null || (start >= period.start && start < period.end);
    if (from >= to && !begins) continue;
    const its = key(i);
    if (its === undefined) continue;
    const sum = all.get(its) ?? nothing();
    all.set(its, sum);
    sum.milliseconds += Math.max(0, to - from);
    sum.categories[counted.category[i]] += Math.max(0, to - from);
    sum.records += begins ? 1 : 0;
  }
  return all;
}

/**
 * Visits the parts of records that lie in one day each, and in the period: `milliseconds` of each, and whether the
 * record starts there. The parts of a record add up.
 * @param {Counted} counted @param {Period | null} period @param {import("./zone.mjs").Zone} zone
 * @param {(i: number, day: import("./zone.mjs").Day, milliseconds: number, starts: boolean) => void} visit
 */
export function eachDay(counted, period, zone, visit) {
  for (let i = 0; i < counted.agent.length; i++) {
    const start = counted.start[i];
    const end = Math.min(start + counted.duration[i], period?.end ?? Infinity);
    let at = Math.max(start, period?.start ?? 0);
    const begins = at === start && (period === null || start < period.end);
    if (at >= end && !begins) continue;
    do {
      const day = zone.day(at);
      const next = day.end > at ? Math.min(end, day.end) : end;
      visit(i, day, Math.max(0, next - at), at === start);
      at = next;
    } while (at < end);
  }
}

/**
 * Sums by day, ascending.
 * @param {Counted} counted @param {Period | null} period @param {import("./zone.mjs").Zone} zone
 * @param {(i: number) => boolean} [passes]
 * @returns {{day: import("./zone.mjs").Day, sum: Sum}[]}
 */
export function byDay(counted, period, zone, passes = () => true) {
  /** @type {Map<string, {day: import("./zone.mjs").Day, sum: Sum}>} */
  const days = new Map();
  eachDay(counted, period, zone, (i, day, milliseconds, starts) => {
    if (!passes(i)) return;
    const { sum } = days.get(day.date) ?? { sum: nothing() };
    days.set(day.date, { day, sum });
    sum.milliseconds += milliseconds;
    sum.categories[counted.category[i]] += milliseconds;
    sum.records += starts ? 1 : 0;
  });
  return [...days.values()].sort((a, b) => a.day.start - b.day.start);
}

/** A clock that is ahead by less is no wonder. */
const AHEAD = 3_600_000;
const DAY = 86_400_000;

/**
 * Whether a time is later than a clock may be ahead of `now`.
 * @param {number} time @param {number} now
 */
export const isFuture = (time, now) => time > now + AHEAD;

/**
 * The newest days on which something happened, and how many there are before them and in the future: those hide no
 * other.
 * @template {{day: import("./zone.mjs").Day}} Each
 * @param {Each[]} days ascending @param {number} most @param {number} now
 */
export function newestDays(days, most, now) {
  const past = days.filter(({ day }) => !isFuture(day.start, now));
  return { shown: past.slice(-most), older: Math.max(0, past.length - most), future: days.length - past.length };
}

/**
 * When the newest record ends, of those that begin by `now`: one in the future makes nothing else old.
 * @param {Counted} counted @param {number} now
 */
export const newestEnd = (counted, now) =>
  [...lastEnds(counted, now).values()].reduce((most, end) => Math.max(most, Math.min(end, now)), 0);

/**
 * What a person may wonder at in what was counted: records of more than 24 hours, records that begin after `now`, and
 * days of an agent that have more time than a day; `at` is when a record, or such a day, begins.
 * @param {Counted} counted @param {import("./zone.mjs").Zone} zone @param {number} now
 * @returns {{agent: number, code: "long_record" | "long_day" | "future", at: number}[]}
 */
export function remarks(counted, zone, now) {
  const found = [];
  for (let i = 0; i < counted.agent.length; i++) {
    const about = { agent: counted.agent[i], at: counted.start[i] };
    if (counted.duration[i] > DAY) found.push({ ...about, code: /** @type {const} */ ("long_record") });
    if (isFuture(counted.start[i], now)) found.push({ ...about, code: /** @type {const} */ ("future") });
  }
  /** @type {Map<string, {agent: number, at: number, milliseconds: number, length: number}>} */
  const days = new Map();
  eachDay(counted, null, zone, (i, day, milliseconds) => {
    const key = `${counted.agent[i]} ${day.start}`;
    const its = days.get(key)
      ?? { agent: counted.agent[i], at: day.start, milliseconds: 0, length: day.end - day.start };
    days.set(key, its);
    its.milliseconds += milliseconds;
  });
  for (const { agent, at, milliseconds, length } of days.values()) {
    if (milliseconds > Math.max(length, DAY)) found.push({ agent, code: /** @type {const} */ ("long_day"), at });
  }
  return found;
}

/**
 * When the last record of each agent ends, of those that start before a time.
 * @param {Counted} counted @param {number} limit
 * @returns {Map<number, number>}
 */
export function lastEnds(counted, limit) {
  /** @type {Map<number, number>} */
  const ends = new Map();
  for (let i = 0; i < counted.agent.length; i++) {
    if (counted.start[i] >= limit) continue;
    const end = counted.start[i] + counted.duration[i];
    ends.set(counted.agent[i], Math.max(ends.get(counted.agent[i]) ?? 0, end));
  }
  return ends;
}
