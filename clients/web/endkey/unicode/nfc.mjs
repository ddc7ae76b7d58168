// Normalization Form C (UAX #15) with the data of Unicode 17.0.0. The engine's own `normalize` may have an older
// Unicode, which R-9.1-3 forbids.

import { ASSIGNED, CLASSES, COMPOSITES, DECOMPOSITIONS } from "./tables.mjs";

const HANGUL = { syllables: 0xac00, lead: 0x1100, vowel: 0x1161, tail: 0x11a7, vowels: 21, tails: 28, count: 11172 };

/**
 * Rows of numbers, the first one whole again.
 * @param {string} packed @returns {number[][]}
 */
function rows(packed) {
  let last = 0;
  return packed.split(",").map((row) => {
    const [step, ...others] = row.split(" ").map((number) => Number.parseInt(number, 36));
    last += step;
    return [last, ...others];
  });
}

const assigned = rows(ASSIGNED);
const classes = rows(CLASSES);
/** @type {Map<number, number[]>} */
const decompositions = new Map(rows(DECOMPOSITIONS).map(([point, ...parts]) => [point, parts]));
/**
 * Keyed by both parts in one number.
 * @type {Map<number, number>}
 */
const compositions = new Map(rows(COMPOSITES).map(([point]) => {
  const [first, second] = decompositions.get(point) ?? [];
  return [pair(first, second), point];
}));

/** @param {number} first @param {number} second */
function pair(first, second) {
  return first * 0x110000 + second;
}

/**
 * The row of the range that holds a code point.
 * @param {number[][]} ranges @param {number} point
 */
function find(ranges, point) {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle][0] + ranges[middle][1] <= point) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low][0] <= point ? ranges[low] : undefined;
}

/**
 * Whether a code point has another general category than Cn.
 * @param {number} point
 */
export const isAssigned = (point) => find(assigned, point) !== undefined;

/**
 * The canonical combining class.
 * @param {number} point
 */
const classOf = (point) => find(classes, point)?.[2] ?? 0;

/** @param {number} point @param {number[]} output */
function decompose(point, output) {
  const syllable = point - HANGUL.syllables;
  if (syllable >= 0 && syllable < HANGUL.count) {
    const tail = syllable % HANGUL.tails;
    const rest = (syllable - tail) / HANGUL.tails;
    output.push(HANGUL.lead + Math.floor(rest / HANGUL.vowels), HANGUL.vowel + (rest % HANGUL.vowels));
    if (tail > 0) output.push(HANGUL.tail + tail);
    return;
  }
  const parts = decompositions.get(point);
  if (parts === undefined) output.push(point);
  else for (const part of parts) decompose(part, output);
}

/** @param {number} first @param {number} second @returns {number | undefined} */
function compose(first, second) {
  const lead = first - HANGUL.lead;
  const vowel = second - HANGUL.vowel;
  if (lead >= 0 && lead < 19 && vowel >= 0 && vowel < HANGUL.vowels) {
    return HANGUL.syllables + (lead * HANGUL.vowels + vowel) * HANGUL.tails;
  }
  const syllable = first - HANGUL.syllables;
  const tail = second - HANGUL.tail;
  if (syllable >= 0 && syllable < HANGUL.count && syllable % HANGUL.tails === 0 && tail > 0 && tail < HANGUL.tails) {
    return first + tail;
  }
  return compositions.get(pair(first, second));
}

/** @param {string} text well-formed @returns {string} */
export function nfc(text) {
  /** @type {number[]} */
  const decomposed = [];
  for (const character of text) decompose(/** @type {number} */ (character.codePointAt(0)), decomposed);
  return recompose(reorder(decomposed.map((point) => ({ point, class: classOf(point) }))));
}

/**
 * Canonical ordering: each run of marks sorted by class; equal classes stay in order.
 * @param {{point: number, class: number}[]} marks
 */
function reorder(marks) {
  for (let start = 0; start < marks.length; start++) {
    if (marks[start].class === 0) continue;
    let end = start;
    while (end < marks.length && marks[end].class !== 0) end += 1;
    marks.slice(start, end).sort((a, b) => a.class - b.class).forEach((mark, i) => { marks[start + i] = mark; });
    start = end;
  }
  return marks;
}

/** @param {{point: number, class: number}[]} marks */
function recompose(marks) {
  /** @type {{point: number, class: number}[]} */
  const output = [];
  let starter = -1;
  for (const mark of marks) {
    const last = output.at(-1);
    const isBehind = output.length - 1 > starter && last !== undefined;
    const isBlocked = isBehind && (last.class === 0 || last.class >= mark.class);
    const composite = starter < 0 || isBlocked ? undefined : compose(output[starter].point, mark.point);
    if (composite !== undefined) {
      output[starter].point = composite;
      continue;
    }
    if (mark.class === 0) starter = output.length;
    output.push({ ...mark });
  }
  return output.map((mark) => String.fromCodePoint(mark.point)).join("");
}
