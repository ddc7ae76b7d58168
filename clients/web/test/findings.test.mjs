// What is said of findings: each code that an audit gives has words of its own, but for those of damaged bytes.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Acknowledged, wordsFor } from "../dashboard/findings.mjs";

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
  kept.set("endkey acknowledged cc", "{");
  assert.equal(new Acknowledged("cc").isKept, false);
});
