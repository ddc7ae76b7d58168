// How opened values are written where a person or another program reads them (section 18.2).

/** Controls except tab and LF, marks of direction, and separators of lines. */
export const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** With this, a field is a number for every program. */
const DECIMAL = /^[+-]?[0-9]+(\.[0-9]+)?$/;

/** What starts a formula, or hides that one starts, at the start of a field; or where another program starts one. */
const FORMULA = /^[\t\r\n]|(?<=^|[,;|"\t\r\n])[=+\-@\uff0b\uff0d\uff1d\uff20]/g;

/**
 * A character by its number.
 * @param {string} character
 */
export const written = (character) => `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`;

/**
 * In a page: what could change how the text around it reads is made visible.
 * @param {string} text
 */
export const shown = (text) => text.replace(STEERING, written);

/**
 * As JSON that says the same and steers no terminal and no editor.
 * @param {unknown} value
 */
export const jsonText = (value) => JSON.stringify(value, null, 2).replace(STEERING, (character) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * In CSV: a field that no program takes for a formula.
 * @param {string} text
 */
export function csvField(text) {
  const safe = DECIMAL.test(text) ? text : text.replace(FORMULA, "'$&");
  return `"${safe.replaceAll('"', '""')}"`;
}
