// What is said of findings: each code that an audit gives has words of its own, but for those of damaged bytes.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { missingOf } from "../dashboard/audit.mjs";
import { Acknowledged, wordsFor } from "../dashboard/findings.mjs";
import { inOne } from "../dashboard/service.mjs";

const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../../../spec/${name}`, import.meta.url), "utf8"));

test("each code of an audit says what it means and what to do", () => {
  const { order } = read("operations.json").operations.find((/** @type {any} */ { name }) => name === "batch/audit");
  const damaged = wordsFor("truncated");
  const told = order.slice(1).map((/** @type {string} */ step) => step.split(" ")[0]);
  assert.ok(order[0] === "format" && told.length > 12);
  for (const code of [...told, "erased", "blob_missing", "blob_open_failed", "long_record", "long_day", "future"]) {
    const { title, means, act } = wordsFor(code);
    assert.notEqual(title, damaged.title, code);
    assert.ok(means.endsWith(".") && act.endsWith("."), code);
  }
});

test("what is acknowledged is that finding alone, and is kept where the browser keeps anything", () => {
  const finding = { agent_id: "00", code: "sequence_gap", batch: null, sequence: 3 };
  const denied = new Acknowledged("aa");
  assert.equal(denied.isKept, false);
  denied.add([finding]);
  assert.ok(denied.has({ ...finding }));
  /** @type {Map<string, string>} */
  const kept = new Map();
  Object.assign(globalThis, { localStorage: {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  } });
  new Acknowledged("aa").add([finding]);
  const again = new Acknowledged("aa");
  assert.ok(again.isKept && again.has({ ...finding }));
  for (const other of [{ sequence: 4 }, { code: "revoked" }, { agent_id: "01" }, { batch: "ff" }]) {
    assert.equal(again.has({ ...finding, ...other }), false);
  }
  assert.equal(new Acknowledged("bb").has(finding), false);
  // Two tabs, each with its own: neither forgets the other's.
  const [one, other] = [new Acknowledged("dd"), new Acknowledged("dd")];
  one.add([finding]);
  other.add([{ ...finding, sequence: 4 }]);
  const both = new Acknowledged("dd");
  assert.ok(both.has(finding) && both.has({ ...finding, sequence: 4 }));
  kept.set("endkey acknowledged cc", "{");
  assert.equal(new Acknowledged("cc").isKept, false);
});

test("a gap that grows, on either side, is another finding", () => {
  const member = { kept_sequence: 2, audited_sequence: 4 };
  const counted = (/** @type {number[]} */ ...all) => all.map((sequence) => ({ batch: { sequence } }));
  const gap = { code: "sequence_gap", sequence: 11, isHistory: false };
  assert.deepEqual(missingOf(gap, member, counted(5, 9, 11, 12), []), { first: 10, last: 10 });
  assert.deepEqual(missingOf(gap, member, counted(5, 11), []), { first: 6, last: 10 });
  assert.deepEqual(missingOf(gap, member, [], []), { first: 5, last: 10 });
  assert.deepEqual(missingOf({ ...gap, sequence: 4, isHistory: true }, member, [], []), { first: 3, last: 4 });
  const erased = { code: "erased_unseen", sequence: 9, isHistory: true };
  const ranges = [{ first: 9, last: 9 }, { first: 7, last: 9 }];
  assert.deepEqual(missingOf(erased, member, [], ranges), { first: 7, last: 9 });
  assert.equal(missingOf({ ...gap, code: "revoked" }, member, [], []), undefined);
  const known = new Acknowledged("ee");
  const finding = { agent_id: "00", code: "sequence_gap", batch: "aa", sequence: 11, missing: { first: 10, last: 10 } };
  known.add([finding]);
  assert.ok(known.has({ ...finding }) && !known.has({ ...finding, missing: { first: 6, last: 10 } }));
});

test("what a report tells twice is one, with all that it tells", () => {
  const agent = { agent_id: "00", name: "n", request: null, batches: [], erased: [], applications: [] };
  const row = (/** @type {string} */ token, /** @type {number} */ milliseconds) => ({ token, milliseconds });
  const told = inOne([{ ...agent, applications: [row("a", 1), row("b", 2), row("a", 3)] }, { ...agent, agent_id: "01" },
    { ...agent, name: "m", applications: [row("c", 4)] }]);
  assert.deepEqual(told.map(({ agent_id, name, applications, repeated }) =>
    [agent_id, name, applications.map(({ token, milliseconds }) => token + milliseconds), repeated]),
  [["00", "n", ["a4", "b2", "c4"], ["m", "a"]], ["01", "n", [], []]]);
});
