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

test("what has no ink, stray marks and heaps of marks are written out; what scripts need stays", () => {
  for (const blank of ["\u2800", "\u{1d159}", "\u{13441}", "\u{13442}", "\ufffc", "\u{16fe4}", "\ufffa", "\u{e0041}"]) {
    const escape = `\\u{${/** @type {number} */ (blank.codePointAt(0)).toString(16)}}`;
    assert.deepEqual(written(blank), [escape]);
    assert.deepEqual(written("Ledger", `Ledger${blank}`), ["Ledger", `Ledger${escape}`]);
    assert.deepEqual(written(`Ledger${blank}`), [`Ledger${escape}`]);
  }
  const cases = {
    "\u0338a": "\\u{338}a", "a \u20e0": "a \\u{20e0}", "1\ufe0f\u20e3 ❤️": "1\ufe0f\u20e3 ❤️",
    [`a${"\u0301".repeat(6)}`]: `a${"\u0301".repeat(4)}\\u{301}\\u{301}`,
    "ที่นี่": "ที่นี่", "שָׁלוֹם": "שָׁלוֹם", "नमस्ते": "नमस्ते",
  };
  for (const [value, expected] of Object.entries(cases)) assert.deepEqual(written(value), [expected]);
});

test("letters of any script that look like Latin ones are told apart", () => {
  for (const other of ["\u13aana", "\ua4eena"]) {
    assert.notEqual(written("Ana", other)[1], other);
    assert.notEqual(written(other)[0], other);
  }
  assert.deepEqual(written("Ana", "An\u0251"), ["Ana", "An\\u{251}"]);
});

test("a long word takes no longer than short ones of its length", () => {
  const long = "ж".repeat(200_000);
  const legible = new Legible();
  legible.add(long);
  assert.equal(legible.text(long), long);
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
  // A letter of each script that Unicode has so far for that.
  for (const code of [0x5d0, 0x627, 0x710, 0x780, 0x7ca, 0x800, 0x840, 0x860, 0x8a0, 0xfb2a, 0xfe8d, 0x10800, 0x10840,
    0x10900, 0x10a00, 0x10c80, 0x10d00, 0x10e80, 0x10f30, 0x1e800, 0x1e900, 0x1ee00]) {
    const text = String.fromCodePoint(code);
    assert.equal(isolated(text), `\u2068${text}\u2069`);
  }
  assert.equal(isolated("Ledger"), "Ledger");
});
