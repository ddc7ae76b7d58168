// How a page writes values so that a person tells them apart (dashboard, drop-in).

import assert from "node:assert/strict";
import { test } from "node:test";
import { isolated, Legible, skeleton } from "../endkey/text/legible.mjs";

/** @param {...string} values */
function written(...values) {
  const legible = new Legible();
  for (const value of values) legible.add(value);
  return values.map((value) => legible.text(value));
}

test("what nobody sees is written out, and what everybody reads is not", () => {
  const cases = {
    Ledger: "Ledger", "Ana Kovač": "Ana Kovač", Сбербанк: "Сбербанк", שלום: "שלום", "μTorrent": "μTorrent",
    "C:\\users": "C:\\users", "👩‍💻 ❤️": "👩‍💻 ❤️", "a  b ": "a  b ", "a\tb\n": "a\tb\n",
    "": "(empty)", "(empty)": "\\u{28}empty)", " ": "\\u{20}", "\u3164": "\\u{3164}", "\u200b\t": "\\u{200b}\\u{9}",
    "L\u0435dger": "L\\u{435}dger", "Ex\u00adcel": "Ex\\u{ad}cel", "a\u202eb": "a\\u{202e}b", "\\u{6c}": "\\u{5c}u{6c}",
  };
  for (const [value, expected] of Object.entries(cases)) assert.deepEqual(written(value), [expected]);
});

test("of values that look alike, what makes them differ is written out", () => {
  assert.deepEqual(written("Excel", "Excel "), ["Excel", "Excel\\u{20}"]);
  assert.deepEqual(written("Invoice", "lnvoice"), ["Invoice", "\\u{6c}nvoice"]);
  assert.deepEqual(written("Coco", "Сосо"), ["Coco", "\\u{421}\\u{43e}\\u{441}\\u{43e}"]);
  assert.deepEqual(written("caf\u00e9", "cafe\u0301"), ["caf\\u{e9}", "cafe\\u{301}"]);
  assert.deepEqual(written("", " "), ["(empty)", "\\u{20}"]);
});

test("it is told when a value that was written before is written otherwise", () => {
  const legible = new Legible();
  assert.deepEqual(["Сосо", "Coco", "Coco", "C\u043eco", "Ex", "Ledger", "Led9er"].map((one) => legible.add(one)),
    [false, true, false, false, false, false, false]);
  assert.deepEqual(["Il", "lI"].map((one) => legible.add(one)), [false, true]);
});

test("no two values look alike as they are written, whatever they are", () => {
  const alphabet = [..."aаlI1| \t\u00a0\u200b\u00ad\u202e\u0301é\\u{(empty)0oо"];
  let state = 7;
  const next = (/** @type {number} */ below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (let i = 0; i < 300; i += 1) {
    const values = new Set(["", "(empty)", ...Array.from({ length: 60 }, () =>
      Array.from({ length: next(5) }, () => alphabet[next(alphabet.length)]).join(""))]);
    const looks = new Map();
    written(...values).forEach((text, at) => {
      const look = skeleton(text);
      assert.ok(look !== "" && !looks.has(look), JSON.stringify([[...values][at], text, looks.get(look)]));
      looks.set(look, text);
    });
  }
});

test("what is written from right to left keeps to itself", () => {
  assert.equal(isolated("שלום"), "\u2068שלום\u2069");
  assert.equal(isolated("Ledger"), "Ledger");
});
