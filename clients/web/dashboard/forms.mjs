// The text forms in a string of the page, opened (section 18).

import { scan } from "../endkey/text/scanner.mjs";

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
 * The text forms in a string, and the codes of what is none.
 * @param {string} data
 */
export function formsIn(data) {
  const { matches, skipped } = scan(codeUnits(data));
  const forms = matches.map(({ start, end }) => ({ start, end, text: data.slice(start, end) }));
  return { forms, skipped: skipped.map(({ code }) => code) };
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
