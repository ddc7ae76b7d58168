// Base64url without padding, canonical alone (section 2.4).

import { utf8 } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The six bits of each character; 255 for bytes outside the alphabet. */
const VALUES = new Uint8Array(256).fill(255);
utf8(ALPHABET).forEach((character, value) => { VALUES[character] = value; });

/**
 * Whether a byte is a base64url character.
 * @param {number} byte
 */
export const isCharacter = (byte) => VALUES[byte] !== 255;

/**
 * Characters for so many bytes.
 * @param {number} count
 */
export const encodedLength = (count) => Math.ceil((count * 4) / 3);

/**
 * The first character that holds a bit of byte `index`.
 * @param {number} index
 */
export const characterOf = (index) => Math.floor((index * 4) / 3);

/** @param {Uint8Array} bytes @returns {string} */
export function encode(bytes) {
  let text = "";
  let [bits, count] = [0, 0];
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff;
    for (count += 8; count >= 6; count -= 6) text += ALPHABET[(bits >> (count - 6)) & 63];
  }
  return count === 0 ? text : text + ALPHABET[(bits << (6 - count)) & 63];
}

/**
 * Decodes characters as bytes; offsets of faults count from `start`.
 * @param {Uint8Array} text @param {number} [start] @returns {Uint8Array}
 */
export function decode(text, start = 0) {
  for (let i = 0; i < text.length; i++) if (!isCharacter(text[i])) refuse("bad_base64url", start + i);
  if (text.length % 4 === 1) refuse("bad_base64url", start + text.length);
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, count, at] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    bits = ((bits << 6) | VALUES[text[i]]) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = bits >> count;
    }
  }
  if ((bits & ((1 << count) - 1)) !== 0) refuse("bad_base64url", start + text.length - 1);
  return bytes;
}
