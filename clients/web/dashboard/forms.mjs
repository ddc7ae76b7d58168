// The text forms in a string of the page, opened (section 18).

import { candidates } from "../endkey/text/scanner.mjs";
import { BLOB_PREFIX, TOKEN_PREFIX } from "../endkey/text/texts.mjs";

/** @typedef {{start: number, end: number, text: string}} Form */

/**
 * Code units as bytes: text forms are ASCII, and offsets stay those of the string.
 * @param {string} text
 */
function codeUnits(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit < 128 ? unit : 0;
  }
  return bytes;
}

/**
 * Whether there may be text forms in a string: the quick answer for all that has none.
 * @param {string} data
 */
export const mayHold = (data) => data.includes(TOKEN_PREFIX) || data.includes(BLOB_PREFIX);

/**
 * The text forms in a string and the codes of what is none, one after the other.
 * @param {string} data @returns {Generator<Form | {start: number, code: string}, void>}
 */
export function* formsOf(data) {
  if (!mayHold(data)) return;
  for (const found of candidates(codeUnits(data))) {
    if ("kind" in found) yield { start: found.start, end: found.end, text: data.slice(found.start, found.end) };
    else yield { start: found.offset, code: found.code };
  }
}

/**
 * All of them.
 * @param {string} data
 */
export function formsIn(data) {
  /** @type {Form[]} */
  const forms = [];
  /** @type {string[]} */
  const skipped = [];
  for (const found of formsOf(data)) {
    if ("text" in found) forms.push(found);
    else skipped.push(found.code);
  }
  return { forms, skipped };
}

/**
 * A string in pieces: what stands between text forms, and what is in their place.
 * @template Piece
 * @param {string} data @param {Form[]} forms
 * @param {(text: string) => Piece} between @param {(form: Form, index: number) => Piece} inPlace
 * @returns {Piece[]}
 */
export function pieces(data, forms, between, inPlace) {
  const made = [];
  let at = 0;
  for (const [index, form] of forms.entries()) {
    made.push(between(data.slice(at, form.start)), inPlace(form, index));
    at = form.end;
  }
  return [...made, between(data.slice(at))];
}
