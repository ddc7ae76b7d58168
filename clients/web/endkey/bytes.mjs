// Byte strings: joining, comparing, hexadecimal, big-endian integers.

/** @param {...Uint8Array} parts */
export const concat = (...parts) => join(parts);

/**
 * Joins byte strings, however many.
 * @param {Uint8Array[]} parts
 */
export function join(parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Equality whose time depends on the lengths alone: for secrets and what is derived from them.
 * @param {Uint8Array} a @param {Uint8Array} b
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/**
 * Order of byte strings from the first byte on: negative, 0 or positive.
 * @param {Uint8Array} a @param {Uint8Array} b
 */
export function compare(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/** @param {Uint8Array} bytes */
export const isZero = (bytes) => bytes.every((byte) => byte === 0);

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i]];
  return text;
}

/**
 * The number that a character of hexadecimal stands for.
 * @param {number} code
 */
const digit = (code) => (code < 58 ? code - 48 : code - 87);

/** @param {string} text @returns {Uint8Array} */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new TypeError("not lower-case hexadecimal");
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (digit(text.charCodeAt(2 * i)) << 4) | digit(text.charCodeAt(2 * i + 1));
  }
  return bytes;
}

/**
 * An unsigned integer as `size` bytes, big-endian.
 * @param {number} value @param {number} size
 */
export function uint(value, size) {
  const bytes = new Uint8Array(size);
  for (let i = size - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text @returns {Uint8Array} */
export const utf8 = (text) => encoder.encode(text);

/**
 * The text of well-formed UTF-8, else `undefined`.
 * @param {Uint8Array} bytes
 */
export function fromUTF8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * XOR of two byte strings of one length.
 * @param {Uint8Array} a @param {Uint8Array} b @returns {Uint8Array}
 */
export const xor = (a, b) => a.map((byte, i) => byte ^ b[i]);
