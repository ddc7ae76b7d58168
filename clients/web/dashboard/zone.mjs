// The days of a time zone: from one local midnight to the next, whatever its clocks do in between.

const MINUTE = 60_000;
const DAY = 86_400_000;
/** The last time that engines know a date of. */
const LAST_DATE = 8.64e15;
/** All time from here on is one day: a record may name any time. */
const LAST = LAST_DATE - 4 * DAY;

/**
 * A time as a format writes it, or in words where no engine has a date for it.
 * @param {Intl.DateTimeFormat} format @param {number} time
 */
export const timeText = (format, time) =>
  (Math.abs(time) <= LAST_DATE ? format.format(time) : "later than any date");

/**
 * A date such as 2026-11-30, and when it begins and the next one does.
 * @typedef {{date: string, start: number, end: number}} Day
 */

export class Zone {
  /** @type {Map<number, number>} */
  #starts = new Map();
  /** @type {Day | undefined} */
  #last;

  /** @param {string} name of the tz database; throws a RangeError for what is none */
  constructor(name) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: name, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    });
    this.name = name;
  }

  /**
   * What a clock there shows, in milliseconds as if it were one in UTC.
   * @param {number} time
   */
  local(time) {
    /** @type {Record<string, string>} */
    const parts = {};
    for (const { type, value } of this.format.formatToParts(time)) parts[type] = value;
    const { year, month, day, hour, minute, second } = parts;
    const shown = new Date(0);
    shown.setUTCFullYear(parts.era === "BC" ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
    return shown.setUTCHours(Number(hour), Number(minute), Number(second)) + (((time % 1000) + 1000) % 1000);
  }

  /**
   * When a date begins there: the first minute at which a clock shows it, or a later one where it was left out.
   * @param {number} date in days since 1970-01-01
   */
  start(date) {
    const known = this.#starts.get(date);
    if (known !== undefined) return known;
    // Nowhere is a clock two days off.
    let [before, after] = [date * DAY - 2 * DAY, date * DAY + 2 * DAY];
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / MINUTE / 2) * MINUTE;
      if (this.local(middle) < date * DAY) before = middle;
      else after = middle;
    }
    this.#starts.set(date, after);
    return after;
  }

  /**
   * The day that holds a time.
   * @param {number} time @returns {Day}
   */
  day(time) {
    if (this.#last !== undefined && this.#last.start <= time && time < this.#last.end) return this.#last;
    if (time >= LAST) return { date: dateText(LAST / DAY), start: LAST, end: Infinity };
    const number = Math.floor(this.local(time) / DAY);
    // Where clocks went back over midnight, a time shows the date of the day before or after its own.
    const date = [number, number - 1, number + 1].find((one) => this.start(one) <= time && time < this.start(one + 1))
      ?? number;
    this.#last = { date: dateText(date), start: this.start(date), end: this.start(date + 1) };
    return this.#last;
  }

  /**
   * The day of a date such as 2026-11-30; undefined for what is no date.
   * @param {string} text @returns {Day | undefined}
   */
  dayOf(text) {
    const [, year, rest] = /^(\d{4,6})(-\d{2}-\d{2})$/.exec(text) ?? [];
    const time = year === undefined ? NaN : Date.parse(`+${year.padStart(6, "0")}${rest}T00:00:00Z`);
    if (Number.isNaN(time)) return undefined;
    if (time >= LAST) return this.day(time);
    const date = time / DAY;
    return { date: text, start: this.start(date), end: this.start(date + 1) };
  }
}

/** @param {number} date in days since 1970-01-01 */
const dateText = (date) => new Date(date * DAY).toISOString().split("T")[0].replace(/^\+0*/, "");

/**
 * The day of a time in the middle of it, as a format writes it: clocks may have no midnight.
 * @param {Intl.DateTimeFormat} format @param {Day} day
 */
export const dayText = (format, { start, end }) => timeText(format, start + (end - start) / 2);
