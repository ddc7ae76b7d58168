// What the service says of alerts, held against what was counted (`spec/http.md`, H-13.1-5).

import assert from "node:assert/strict";
import { test } from "node:test";
import { recompute } from "../app/recomputed.mjs";
import { Gathering } from "../dashboard/counted.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1000 * DAY + 12 * HOUR;
const DAYS = [998 * DAY, 999 * DAY, 1000 * DAY, 1001 * DAY, 1002 * DAY];
const [ANN, BOB] = ["aa".repeat(16), "bb".repeat(16)];

/**
 * What was counted: records of agents, by their places, in hours.
 * @param {[agent: number, start: number, hours: number, application: string][]} records @param {object} [others]
 */
function known(records, others = {}) {
  const gathering = new Gathering([{ field: "application_name", value: "Game", category: "unproductive" }]);
  for (const [agent, start, hours, application] of records) {
    gathering.add(agent, { start, duration: hours * HOUR },
      { application_name: gathering.place("application_name", application) });
  }
  const member = (/** @type {string} */ agent_id) => ({ agent_id, label: "", status: "granted", made: [] });
  const result = { members: [member(ANN), member(BOB)], counted: gathering.done(), erased: [], ...others };
  const values = new Map([["ekt1_game", { field: "application_name", value: "Game" }]]);
  return /** @type {any} */ ({ result, values, validUntil: NOW + 60 * DAY, now: NOW });
}

/** @param {object} members @returns {any} */
const alert = (members) =>
  ({ id: "01".repeat(8), from: 0, on: "time", is: "more", per: "agent", ms: 2 * HOUR, ...members });
/** @param {object} members @returns {any} */
const firing = (members) => ({
  ordinal: 1, alert: "01".repeat(8), agent: ANN, day: DAYS[1], ms: 3 * HOUR, at: NOW, acknowledged: null, ...members,
});

/**
 * The verdict of each, with whose it is and which day.
 * @param {any[]} items @param {any[]} firings @param {any} facts
 */
const verdicts = (items, firings, facts) => recompute({ days: DAYS, items }, firings, facts)
  .map(({ agent, day, verdict }) => `${agent?.slice(0, 2) ?? "all"} ${day / DAY} ${verdict}`).sort();

test("a sum that fired is borne out at its limit, and not below it", () => {
  const at = DAYS[1] + 9 * HOUR;
  assert.deepEqual(verdicts([alert({})], [firing({})], known([[0, at, 2, "Editor"]])), ["aa 999 so"]);
  assert.deepEqual(verdicts([alert({})], [firing({})], known([[0, at, 1.99, "Editor"]])), ["aa 999 other"]);
  const ofBob = known([[1, at, 3, "Editor"]]);
  assert.deepEqual(verdicts([alert({})], [firing({})], ofBob), ["aa 999 other", "bb 999 missing"]);
});

test("what should have fired and did not is missing, on each day of its own", () => {
  const records = known([[0, DAYS[1] + 22 * HOUR, 4.5, "Editor"], [1, DAYS[2], 1, "Editor"]]);
  assert.deepEqual(verdicts([alert({})], [], records), ["aa 1000 missing", "aa 999 missing"]);
  assert.deepEqual(verdicts([alert({ from: DAYS[2] })], [], records), ["aa 1000 missing"]);
  assert.deepEqual(verdicts([alert({ per: "account", ms: 3.5 * HOUR })], [], records), ["all 1000 missing"]);
  assert.deepEqual(verdicts([alert({ agents: [BOB] })], [], records), []);
  const outside = known([[0, DAYS[0] - 9 * HOUR, 5, "Editor"], [0, DAYS[4], 5, "Editor"]]);
  assert.deepEqual(verdicts([alert({})], [], outside), []);
});

test("tokens and categories select as at the service", () => {
  const records = known([[0, DAYS[1], 2, "Game"], [1, DAYS[1], 2, "Editor"]]);
  assert.deepEqual(verdicts([alert({ tokens: ["ekt1_game"] })], [], records), ["aa 999 missing"]);
  assert.deepEqual(verdicts([alert({ categories: ["unproductive"] })], [], records), ["aa 999 missing"]);
  assert.deepEqual(verdicts([alert({ categories: ["neutral"] })], [], records), ["bb 999 missing"]);
  assert.deepEqual(verdicts([alert({ tokens: ["ekt1_other"] })], [firing({})], records), ["aa 999 unknown"]);
});

test("less is judged once the day is settled, of whoever was there and still is", () => {
  const less = alert({ is: "less" });
  const records = known([[0, DAYS[0], 3, "Editor"], [0, DAYS[1], 1, "Editor"], [1, DAYS[1], 5, "Editor"]]);
  assert.deepEqual(verdicts([less], [], records), ["aa 999 missing"]);
  const fired = [firing({ ms: HOUR }), firing({ day: DAYS[0] })];
  assert.deepEqual(verdicts([less], fired, records), ["aa 998 other", "aa 999 so"]);
  records.now = DAYS[2] + 6 * HOUR;
  assert.deepEqual(verdicts([less], [], records), []);
  records.now = NOW;
  records.result.members[0].status = "removed";
  assert.deepEqual(verdicts([less], [], records), []);
});

test("what was erased bears nothing out and lacks nothing", () => {
  const erased = [{ agent_id: ANN, first: 1, last: 2 }];
  const records = known([[0, DAYS[1], 1, "Editor"], [1, DAYS[1], 1, "Editor"]], { erased });
  const fired = [firing({}), firing({ agent: BOB })];
  assert.deepEqual(verdicts([alert({})], fired, records), ["aa 999 erased", "bb 999 other"]);
  assert.deepEqual(verdicts([alert({ is: "less" })], [], records), ["bb 999 missing"]);
});

test("a silence is held against when batches were made", () => {
  const silence = alert({ on: "silence", ms: 2 * DAY });
  const since = (/** @type {number} */ day) => firing({ day, ms: 2 * DAY });
  const facts = known([]);
  facts.result.members[0].made = [NOW - 5 * DAY];
  assert.deepEqual(verdicts([silence], [since(NOW - 5 * DAY)], facts), ["aa 995.5 so"]);
  assert.deepEqual(verdicts([silence], [], facts), ["aa 995.5 missing"]);
  facts.result.members[0].made = [NOW - 5 * DAY, NOW - 4 * DAY];
  assert.deepEqual(verdicts([silence], [since(NOW - 5 * DAY)], facts), ["aa 995.5 late", "aa 996.5 missing"]);
  assert.deepEqual(verdicts([silence], [{ ...since(NOW - 4 * DAY), ms: DAY }], facts), ["aa 996.5 other"]);
  assert.deepEqual(verdicts([silence], [{ ...since(NOW), agent: "cc".repeat(16) }], known([])), ["cc 1000.5 unknown"]);
  facts.result.members[0].made = [NOW - 2 * DAY];
  assert.deepEqual(verdicts([silence], [], facts), []);
});

test("an expiry is that of the state which is open here", () => {
  const expiry = alert({ on: "expiry", ms: 30 * DAY });
  const facts = known([]);
  assert.deepEqual(verdicts([expiry], [], facts), []);
  const of = (/** @type {number} */ day) => firing({ agent: null, day });
  assert.deepEqual(verdicts([expiry], [of(facts.validUntil)], facts), ["all 1060.5 other"]);
  facts.validUntil = NOW + 20 * DAY;
  assert.deepEqual(verdicts([expiry], [], facts), ["all 1020.5 missing"]);
  assert.deepEqual(verdicts([expiry], [of(facts.validUntil), of(NOW)], facts), ["all 1000.5 unknown", "all 1020.5 so"]);
});

test("a firing of an alert that nobody made is seen, and without days there is nothing to miss", () => {
  assert.deepEqual(verdicts([], [firing({})], known([])), ["aa 999 unknown"]);
  assert.deepEqual(recompute({ days: [], items: [alert({})] }, [], known([[0, DAYS[1], 9, "Editor"]])), []);
});
