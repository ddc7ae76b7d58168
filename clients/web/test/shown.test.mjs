// Opened values where a person or another program reads them (section 18.2).

import assert from "node:assert/strict";
import { test } from "node:test";
import { FORMATS } from "../dashboard/save.mjs";
import { csvField, shown } from "../endkey/text/shown.mjs";

const FORMULA = /^[\t\r\n]*[=+\-@\uff0b\uff0d\uff1d\uff20]/;
// Alone, or before the next field, with which no program computes.
const DECIMAL = /^[+-]?[0-9]+(\.[0-9]+)?($|,")/;

/**
 * The cells of a CSV text for a program that splits at this character, and takes what stands behind a closing quote as
 * it is.
 * @param {string} text @param {string} separator
 */
function cellsOf(text, separator) {
  const cells = [];
  for (let at = 0; at < text.length; at += 1) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; at < text.length && (text[at] !== '"' || text[at + 1] === '"'); at += 1) {
        if (text[at] === '"') at += 1;
        cell += text[at];
      }
      at += 1;
    }
    for (; at < text.length && ![separator, "\r", "\n"].includes(text[at]); at += 1) cell += text[at];
    cells.push(cell);
  }
  return cells;
}

test("R-18.2-4: a page shows controls, marks of direction and separators, and keeps all else", () => {
  const steering = [[0, 8], [0xb, 0x1f], [0x7f, 0x9f], [0x61c, 0x61c], [0x200e, 0x200f], [0x2028, 0x202e],
    [0x2066, 0x2069]];
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const isShown = steering.some(([first, last]) => first <= unit && unit <= last);
    const character = String.fromCharCode(unit);
    assert.equal(shown(`a${character}b`), isShown ? `a\\u{${unit.toString(16)}}b` : `a${character}b`);
  }
  assert.equal(shown("\u{1f600}\ud800"), "\u{1f600}\ud800");
});

test("R-18.2-4: a field of CSV is quoted, and no formula unless it is a decimal number", () => {
  const cases = {
    "": "", a: "a", 'say "a"': 'say ""a""', "a=b": "a=b", "a - b": "a - b", "-5": "-5", "+5.25": "+5.25",
    "=1": "'=1", "+a": "'+a", "-": "'-", "@a": "'@a", "-5-5": "'-5-5", "5.": "5.", "+5.": "'+5.", "-5\n": "'-5\n",
    "\uff0b1": "'\uff0b1", "\uff0d1": "'\uff0d1", "\uff1d1": "'\uff1d1", "\uff201": "'\uff201",
    "\t=1": "'\t'=1", "\ra": "'\ra", "\na": "'\na", "a\tb": "a\tb",
    "a;=1;b": "a;'=1;b", "a,+b|-c": "a,'+b|'-c", 'a"@b': `a""'@b`, "a\r\n=b": "a\r\n'=b", "\u0660": "\u0660",
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(csvField(text), `"${expected}"`);
});

test("R-18.2-4: no cell is a formula, whatever character a program splits at", () => {
  const alphabet = [..."=+-@\uff1d,;|\t\r\n\"' a1"];
  let state = 1;
  const next = (/** @type {number} */ below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (let i = 0; i < 20_000; i += 1) {
    const fields = Array.from({ length: 3 }, () =>
      Array.from({ length: next(7) }, () => alphabet[next(alphabet.length)]).join(""));
    const line = `${fields.map(csvField).join(",")}\r\n`;
    for (const separator of [",", ";", "\t", "|"]) {
      for (const cell of cellsOf(line, separator)) {
        assert.ok(!FORMULA.test(cell) || DECIMAL.test(cell), JSON.stringify({ fields, separator, cell }));
      }
    }
  }
});

test("R-18.2-4: totals are saved as CSV with every field quoted, and as JSON that says the values", () => {
  const totals = [
    { name: "Ana", application: '=HYPERLINK("https://a.example")', milliseconds: 60_000 },
    { name: "-1", application: "a\u0000\u001b[2J\u202e\u2028\ud83d\ude00\n", milliseconds: 0 },
  ].map((total) => ({ computer: "00ff", label: "+desk", day: "2025-11-24", ...total }));
  const lines = FORMATS.csv.write(totals).split("\r\n");
  assert.deepEqual([lines[0], lines[1], lines.at(-1)], [
    '"computer","label","name","day","application","milliseconds"',
    `"00ff","'+desk","Ana","2025-11-24","'=HYPERLINK(""https://a.example"")","60000"`, ""]);
  assert.equal(lines[2], `"00ff","'+desk","-1","2025-11-24","a\\u{0}\\u{1b}[2J\\u{202e}\\u{2028}\ud83d\ude00\n","0"`);
  for (const hidden of ["\ufeff", "\u200b", "\0", "\v", "\u2800", "\u202e", "\u0338"]) {
    const [, line] = FORMATS.csv.write([{ ...totals[0], application: `${hidden}=1` }]).split("\r\n");
    assert.ok(!line.includes(hidden) && line.includes("\\u{"), JSON.stringify(line));
  }
  const json = FORMATS.json.write(totals);
  assert.deepEqual(JSON.parse(json), totals);
  assert.doesNotMatch(json.replaceAll("\n", ""), /[\0-\x1f]/);
});
