// How a page writes opened values so that a person tells them apart: what nobody sees is written out, and so is what
// makes two values differ that look alike. All that section 18.2 escapes is escaped here.

import { STEERING, written } from "./shown.mjs";

/** Each stands first in a row of letters that look like it. */
const LOOKS = [
  "AАΑᎪꓮ", "BВΒᏴꓐ", "CСϹᏟꓚ", "DᎠꓓ", "EЕΕᎬꓰ", "FϜꓝ", "GԌᏀꓖ", "HНΗᎻꓧ", "IΙІӀꓲl1|", "JЈᎫꓙ", "KКΚᏦꓗ", "LԼᏞꓡ",
  "MМΜᎷꓟ", "NΝꓠ", "OОΟՕꓳ0", "PРΡᏢꓑ", "QԚ", "RᏒꓣ", "SЅՏᏚꓢ", "TТΤᎢꓔ", "UՍꓴ", "VѴᏙꓦ", "WԜᎳꓪ", "XХΧꓫ", "YУΥҮꓬ", "ZΖᏃꓜ",
  "3З", "aаαɑ", "bЬ", "cсϲ", "dԁ", "eе", "gɡց", "hһհ", "iіιı",
  "jј", "kкκ", "nո", "oоοօ", "pрρ", "qԛզ", "rг", "sѕ", "uυս", "vѵν", "wԝω", "xхχ", "yуγ", "-‐‑‒–—−", "'’‘ʼ`", '"“”',
  ".․", ",‚", ":∶", "/⁄∕", "\\∖⧵",
];
const LOOK = new Map(LOOKS.flatMap(([look, ...alike]) => alike.map((letter) => [letter, look])));
const ALIKE = new RegExp(`[${[...LOOK.keys()].join("")}]`, "gu");

/** What takes no place, or no ink. */
const BLANK =
  /[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc\u{13430}-\u{1343f}\u{13441}\u{13442}\u{16fe4}\u{1d159}]/gu;
/** What of it is needed by scripts and emoji: joiners and variation selectors. */
const NEEDED = /[\u200c\u200d\ufe00-\ufe0f]/;
/** Marks that have no letter of the value's own to stand at, and those of a heap. */
const STRAY = /(?<![^\s])\p{M}|(?<=\p{M}{4})\p{M}/gu;
const WORD = /\p{L}+/gu;
const LATIN = /\p{Script=Latin}/u;
/** Letters of scripts of which some look like Latin ones. */
const LIKE_LATIN =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u;
/** What could be taken for an escape that is written here. */
const ESCAPE = /[\\＼﹨∖⧵](?=[uυսｕ]\s*[{｛])/gu;
const EMPTY = "(empty)";
/** What could be taken for it. */
const ODD = /[^ -~]|\(/;
/** All that Unicode gives to scripts that are written from right to left, of those to come too. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * What is left of a text to the eye: equal for texts that look alike.
 * @param {string} text
 */
export function skeleton(text) {
  const seen = /^[ -~]*$/.test(text) ? text
    : text.normalize("NFKC").replace(BLANK, "");
  return seen.replace(ALIKE, (letter) => LOOK.get(letter) ?? letter).replace(/\s+/g, " ").trim();
}

/**
 * With everything written out that is not ASCII, and spaces that do not part words; strictly, letters of ASCII that
 * look like another, too.
 * @param {string} value @param {boolean} isStrict
 */
function spelled(value, isStrict) {
  const letters = [...value];
  return letters.map((letter, i) => {
    const isBetween = letter === " " && i > 0 && i < letters.length - 1 && letters[i - 1] !== " ";
    const isPlain = letter >= "!" && letter <= "~" && !(isStrict && LOOK.has(letter));
    return isPlain || isBetween ? letter : written(letter);
  }).join("");
}

/**
 * By itself: of a value that has none beside it that looks alike.
 * @param {string} value
 */
function alone(value) {
  if (/^[!-~]+(?: [!-~]+)*$/.test(value)) return value;
  if (skeleton(value) === "") return [...value].map(written).join("");
  const foreign = (/** @type {string} */ word) => (LATIN.test(word) && LIKE_LATIN.test(word)
    ? word.replace(/[^\p{Script=Latin}]/gu, (letter) => (LOOK.has(letter) ? written(letter) : letter)) : word);
  return value.replace(STRAY, written).replace(WORD, foreign).replace(STEERING, written)
    .replace(BLANK, (one) => (NEEDED.test(one) ? one : written(one)));
}

/**
 * How many values look alike, the first of them, and how they look when they are spelled, if they are more; strict
 * where they look alike even then.
 * @typedef {{first: string, count: number, spellings: Set<string>, isStrict: boolean}} Alike
 */
const ALONE = { count: 1, isStrict: false };

/**
 * A value in a file that other programs show: as it stands in a page that has none that looks like it.
 * @param {string} value
 */
export const legibly = (value) => (value === "" ? "" : alone(value.replace(ESCAPE, written)));

/** What was opened in one place: how each value is written there. */
export class Legible {
  /**
   * Values that look alike, by what they look like.
   * @type {Map<string, Alike>}
   */
  #looks = new Map();
  /**
   * The same, by each of them.
   * @type {Map<string, Alike>}
   */
  #values = new Map();

  /**
   * Takes a value in. Gives whether another that was taken in before is written otherwise from now on.
   * @param {string} value
   */
  add(value) {
    if (this.#values.has(value)) return false;
    const look = skeleton(value);
    const known = this.#looks.get(look);
    if (known === undefined) {
      const alike = { first: value, count: 1, spellings: new Set(), isStrict: false };
      this.#looks.set(look, alike);
      this.#values.set(value, alike);
      return false;
    }
    this.#values.set(value, known);
    known.count += 1;
    for (const one of known.count === 2 ? [known.first, value] : [value]) {
      known.spellings.add(skeleton(spelled(one, false)));
    }
    const isStricter = known.isStrict !== known.spellings.size < known.count;
    known.isStrict ||= isStricter;
    return known.count === 2 || isStricter;
  }

  /**
   * A value, as text for a page.
   * @param {string} value
   */
  text(value) {
    if (value === "") return EMPTY;
    const { count, isStrict } = this.#values.get(value) ?? this.#looks.get(skeleton(value)) ?? ALONE;
    const marked = value.replace(ESCAPE, written);
    const text = count > 1 ? spelled(marked, isStrict) : alone(marked);
    return ODD.test(text) && skeleton(text) === EMPTY ? text.replace(/./u, written) : text;
  }
}

/**
 * A text that reads the same whatever stands around it.
 * @param {string} text
 */
export const isolate = (text) => `\u2068${text}\u2069`;

/**
 * For a place between other texts: what is written from right to left keeps to itself.
 * @param {string} text
 */
export const isolated = (text) => (RIGHT_TO_LEFT.test(text) ? isolate(text) : text);

/**
 * Whether a text changes how another reads that stands behind it: it embeds or overrides, or is written from right to
 * left.
 * @param {string} text
 */
export const steers = (text) => /[\u202a-\u202e\u2066-\u2068]/.test(text) || RIGHT_TO_LEFT.test(text);
