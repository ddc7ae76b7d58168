// What was counted, in sums: by day of a zone, in a period, by category.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byDay, CATEGORIES, eachDay, Gathering, lastEnds, newestDays, newestEnd, remarks, sums,
} from "../dashboard/counted.mjs";
import { dayText, timeText, Zone } from "../dashboard/zone.mjs";

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2025, 10, 25);
const UTC = new Zone("UTC");

/** Records of an agent from one hour after midnight to another. @param {[number, number][]} hours */
function counted(hours) {
  const gathering = new Gathering([]);
  for (const [from, to] of hours) gathering.add(0, { start: MIDNIGHT + from * HOUR, duration: (to - from) * HOUR }, {});
  return gathering.done();
}

const told = (/** @type {import("../dashboard/counted.mjs").Sum} */ sum) => [sum.milliseconds / HOUR, sum.records];
/** @param {number} from @param {number} to */
const hours = (from, to) => ({ start: MIDNIGHT + from * HOUR, end: MIDNIGHT + to * HOUR });

test("a record counts in each day by its overlap with it, and as a record where it starts; days add up", () => {
  const all = counted([[22, 26], [23, 75], [24, 24]]);
  const days = byDay(all, null, UTC);
  assert.deepEqual(days.map(({ day }) => day.date), ["2025-11-25", "2025-11-26", "2025-11-27", "2025-11-28"]);
  assert.deepEqual(days.map(({ sum }) => told(sum)), [[3, 2], [26, 1], [24, 0], [3, 0]]);
  assert.deepEqual([...sums(all, null, () => 0).values()].map(told), [[56, 3]]);
});

test("a record counts in a period by its overlap with it, its end exclusive", () => {
  const all = counted([[1, 3], [2, 6], [5, 9], [6, 7], [2, 2]]);
  const within = (/** @type {number} */ from, /** @type {number} */ to) =>
    [...sums(all, hours(from, to), () => 0).values()].map(told);
  assert.deepEqual(within(2, 6), [[6, 3]]);
  assert.equal([2, 3, 4, 5].reduce((sum, from) => sum + within(from, from + 1)[0][0], 0), 6);
  assert.deepEqual([within(9, 99), within(2, 2)], [[], []]);
  assert.deepEqual(byDay(all, hours(2, 6), UTC).map(({ sum }) => told(sum)), [[6, 3]]);
  assert.deepEqual(byDay(all, hours(9, 99), UTC), []);
});

test("days are as the clocks of a zone have them", () => {
  for (const [name, date, start, length] of /** @type {[string, string, string, number][]} */ ([
    ["UTC", "2026-11-30", "2026-11-30T00:00Z", 24], ["Europe/Madrid", "2026-03-29", "2026-03-28T23:00Z", 23],
    ["Europe/Madrid", "2026-10-25", "2026-10-24T22:00Z", 25], ["Asia/Kolkata", "2026-06-01", "2026-05-31T18:30Z", 24],
    ["Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00Z", 24.5],
    ["America/Santiago", "2026-09-06", "2026-09-06T04:00Z", 23],
    ["America/Havana", "2026-11-01", "2026-11-01T04:00Z", 25],
    ["Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00Z", 24]])) {
    const zone = new Zone(name);
    const begin = Date.parse(start);
    const day = { date, start: begin, end: begin + length * HOUR };
    for (const time of [begin, begin + 1, begin + length * HOUR - 1]) assert.deepEqual(zone.day(time), day, name);
    assert.equal(zone.day(begin - 1).end, begin, name);
    assert.equal(zone.day(day.end).start, day.end, name);
    assert.deepEqual(zone.dayOf(date), day, name);
  }
  assert.equal(UTC.dayOf("2026-13-01") ?? UTC.dayOf("1.1.2026") ?? UTC.dayOf(""), undefined);
  assert.throws(() => new Zone("Mars/Olympus"), RangeError);
});

test("days follow on each other all year round", () => {
  for (const name of ["America/St_Johns", "Africa/Casablanca", "Asia/Gaza"]) {
    const zone = new Zone(name);
    let time = /** @type {any} */ (zone.dayOf("2026-01-01")).start;
    for (let i = 0; i < 400; i++) {
      assert.equal(zone.day(time).start, time, name);
      time = zone.day(time).end;
    }
    assert.equal(zone.day(time).date, "2027-02-05");
  }
});

test("records of more than a day, days of more hours and what begins after now are remarked", () => {
  const gathering = new Gathering([]);
  const day = 24 * HOUR;
  const now = 10 * day;
  for (const [agent, start, duration] of [
    [0, 0, day], [0, day, day + 1], [1, 3 * day, day], [1, 3 * day, 1], [2, now + HOUR, 1], [2, now + HOUR + 1, 1],
  ]) gathering.add(agent, { start, duration }, {});
  assert.deepEqual(remarks(gathering.done(), UTC, now), [
    { agent: 0, at: day, code: "long_record" }, { agent: 2, at: now + HOUR + 1, code: "future" },
    { agent: 1, at: 3 * day, code: "long_day" },
  ]);
  // A day of 25 hours has 25, and one of 23 has no more than any other.
  const berlin = new Zone("Europe/Berlin");
  const [long, short] = ["2025-10-26", "2025-03-30"].map((date) => /** @type {any} */ (berlin.dayOf(date)).start);
  const changed = new Gathering([]);
  changed.add(0, { start: long, duration: 25 * HOUR }, {});
  changed.add(0, { start: short, duration: 23 * HOUR }, {});
  changed.add(1, { start: short, duration: 23 * HOUR }, {});
  changed.add(1, { start: short, duration: 1 * HOUR + 1 }, {});
  assert.deepEqual(remarks(changed.done(), berlin, long + 100 * day),
    [{ agent: 0, at: long, code: "long_record" }, { agent: 1, at: short, code: "long_day" }]);
});

test("no day loses time, whatever the times are", () => {
  const gathering = new Gathering([]);
  for (const start of [0, 1, 8.64e15 - 1, 8.64e15, 2 ** 53 - 1]) gathering.add(0, { start, duration: 2 ** 32 - 1 }, {});
  let sum = 0;
  eachDay(gathering.done(), null, UTC, (_, __, milliseconds) => { sum += milliseconds; });
  assert.equal(sum, 5 * (2 ** 32 - 1));
});

test("any time of a record has a day, and can be written; a day is found again by its date", () => {
  const format = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  for (const name of ["UTC", "Pacific/Kiritimati", "America/St_Johns"]) {
    const zone = new Zone(name);
    for (const time of [0, 4e12, 2.6e14, 8.6399e15, 8.64e15 - 86_400_000, 8.64e15, 8.64e15 + 1, 2 ** 53 - 1]) {
      const day = zone.day(time);
      assert.ok(day.start <= time && time < day.end && timeText(format, time) !== "" && dayText(format, day) !== "");
      assert.deepEqual(zone.dayOf(day.date), day, `${name} ${time}`);
    }
  }
  assert.equal(timeText(format, 2 ** 53 - 1), "later than any date");
});

test("days in the future hide none, and a cut is counted", () => {
  const day = 24 * HOUR;
  const now = 50.5 * day;
  const gathering = new Gathering([]);
  for (let i = 0; i < 40; i++) gathering.add(0, { start: 1000 * day + i * day, duration: 1 }, {});
  for (let i = 10; i <= 50; i++) gathering.add(1, { start: i * day, duration: HOUR }, {});
  const { shown, older, future } = newestDays(byDay(gathering.done(), null, UTC), 31, now);
  assert.deepEqual([shown[0].day.start, shown.at(-1)?.day.start, shown.length, older, future],
    [20 * day, 50 * day, 31, 10, 40]);
  assert.equal(newestEnd(gathering.done(), now), 50 * day + HOUR);
});

test("a record is of the category of the field that says most of it; without a rule of none", () => {
  const gathering = new Gathering([
    { field: "application_name", category: "productive", value: "Firefox" },
    { field: "url", category: "unproductive", value: "games" },
    { field: "employee_name", category: "neutral", value: "Ana" },
  ]);
  const add = (/** @type {number} */ length, /** @type {Record<string, string>} */ values) =>
    gathering.add(0, { start: 0, duration: length }, Object.fromEntries(Object.entries(values)
      .map(([field, text]) => [field, gathering.place(field, text)])));
  add(1, { application_name: "Firefox", url: "games" });
  add(2, { application_name: "Firefox", url: "docs", employee_name: "Ana" });
  add(4, { application_name: "Terminal", employee_name: "Ana" });
  add(8, { window_title: "Firefox" });
  add(16, {});
  const [sum] = sums(gathering.done(), null, () => 0).values();
  assert.deepEqual(Object.fromEntries(CATEGORIES.map((name, i) => [name, sum.categories[i]])),
    { productive: 2, neutral: 4, unproductive: 1, "no rule": 24 });
});

test("a value is one, whatever tokens hold it, and the last end is that of what starts before", () => {
  const gathering = new Gathering([]);
  assert.equal(gathering.place("url", "a"), gathering.place("url", "a"));
  assert.notEqual(gathering.place("url", "a"), gathering.place("window_title", "a"));
  gathering.add(3, { start: 10, duration: 100 }, {});
  gathering.add(3, { start: 20, duration: 5 }, {});
  gathering.add(4, { start: 200, duration: 1 }, {});
  assert.deepEqual([...lastEnds(gathering.done(), 200)], [[3, 110]]);
  // What begins after now makes nothing old that ended before, and what goes on ends no later than now.
  assert.deepEqual([5, 100, 150, 300].map((now) => newestEnd(gathering.done(), now)), [0, 100, 110, 201]);
});
