// How opened values are written where a person or another program reads them (section 18.2).

/** Controls except tab and LF, marks of direction, and separators of lines. */
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** With this, a field is a number for every program. */
const DECIMAL = /^[+-]?[0-9]+(\.[0-9]+)?$/;

/** What starts a formula, or hides that one starts, at the start of a field; or where another program starts one. */
const FORMULA = /^[\t\r\n]|(?<=^|[,;|"\t\r\n])[=+\-@\uff0b\uff0d\uff1d\uff20]/g;

/**
 * In a page: what could change how the text around it reads is made visible.
 * @param {string} text
 */
export const shown = (text) =>
  text.replace(STEERING, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);

/**
 * In CSV: a field that no program takes for a formula.
 * @param {string} text
 */
export function csvField(text) {
  const safe = DECIMAL.test(text) ? text : text.replace(FORMULA, "'$&");
  return `"${safe.replaceAll('"', '""')}"`;
}
