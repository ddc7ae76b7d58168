// Bech32m (BIP 350) texts of a fixed number of bytes (section 18.1).

import { utf8 } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";

const ALPHABET = utf8("qpzry9x8gf2tvdw0s3jn54khce6mua7l");
const UPPER = utf8("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L");
const CONSTANT = 0x2bc830a3;
const CHECKSUM = 6;
const PREFIX = 4;

/**
 * Characters for so many bytes.
 * @param {number} size
 */
const charactersOf = (size) => Math.ceil((8 * size) / 5);

/**
 * The character of a text that holds the first bit of a byte.
 * @param {number} index
 */
export const characterOf = (index) => PREFIX + Math.floor((8 * index) / 5);

/** @param {number[]} values */
function polymod(values) {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, i) => {
      if ((top >> i) & 1) sum ^= generator;
    });
  }
  return sum;
}

/**
 * The human-readable part, as the checksum takes it.
 * @param {string} name
 */
const expand = (name) => [...utf8(name)].map((byte) => byte >> 5).concat(0, [...utf8(name)].map((byte) => byte & 31));

/** @param {string} name @param {Uint8Array} bytes @returns {string} */
export function encode(name, bytes) {
  const characters = charactersOf(bytes.length);
  /** @type {number[]} */
  const values = [];
  let [bits, count] = [0, 0];
  for (const byte of [...bytes, 0]) {
    bits = ((bits << 8) | byte) & 0xffff;
    for (count += 8; count >= 5 && values.length < characters; count -= 5) values.push((bits >> (count - 5)) & 31);
  }
  const sum = polymod([...expand(name), ...values, 0, 0, 0, 0, 0, 0]) ^ CONSTANT;
  for (let i = 0; i < CHECKSUM; i++) values.push((sum >>> (5 * (CHECKSUM - 1 - i))) & 31);
  return `${name}1${values.map((value) => String.fromCharCode(ALPHABET[value])).join("")}`;
}

/** @param {string} name in lower case @param {number} size in bytes @param {Uint8Array} text @returns {Uint8Array} */
export function decode(name, size, text) {
  const characters = charactersOf(size);
  const checksumAt = PREFIX + characters;
  const prefix = String.fromCharCode(...text.subarray(0, PREFIX));
  const isLower = prefix === `${name}1`;
  if (!isLower && prefix !== `${name.toUpperCase()}1`) refuse("bad_prefix", 0);
  const alphabet = isLower ? ALPHABET : UPPER;
  const values = [...text.subarray(PREFIX)].map((byte) => alphabet.indexOf(byte));
  const stranger = values.indexOf(-1);
  if (stranger >= 0) refuse("bad_bech32m", PREFIX + stranger);
  if (text.length !== checksumAt + CHECKSUM) refuse("bad_bech32m", text.length);
  if (polymod([...expand(name), ...values]) !== CONSTANT) refuse("bad_bech32m", checksumAt);
  if (values[characters - 1] & (2 ** (5 * characters - 8 * size) - 1)) refuse("bad_bech32m", checksumAt - 1);
  const bytes = [];
  let [bits, count] = [0, 0];
  for (const value of values.slice(0, characters)) {
    bits = ((bits << 5) | value) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}
