// AES-CMAC (RFC 4493), made of AES-CBC: Web Crypto has no bare AES.

import { xor } from "../bytes.mjs";

const { subtle } = globalThis.crypto;
const BLOCK = 16;
const ZERO = new Uint8Array(BLOCK);

/**
 * Doubling in GF(2^128), as RFC 5297 and RFC 4493 do it.
 * @param {Uint8Array} block @returns {Uint8Array}
 */
export function double(block) {
  const doubled = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) doubled[i] = (block[i] << 1) | ((block[i + 1] ?? 0) >> 7);
  doubled[BLOCK - 1] ^= 0x87 & -(block[0] >> 7);
  return doubled;
}

/**
 * A short last block: the bytes, 0x80, zeros.
 * @param {Uint8Array} bytes @returns {Uint8Array}
 */
export function pad(bytes) {
  const padded = new Uint8Array(BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
}

/** CMAC under one key. */
export class CMAC {
  /** @param {CryptoKey} key @param {Uint8Array} whole @param {Uint8Array} short */
  constructor(key, whole, short) {
    this.key = key;
    this.whole = whole;
    this.short = short;
  }

  /** @param {Uint8Array} bytes an AES key @returns {Promise<CMAC>} */
  static async of(bytes) {
    const key = await subtle.importKey("raw", bytes, "AES-CBC", false, ["encrypt"]);
    const whole = double(await lastBlock(key, ZERO));
    return new CMAC(key, whole, double(whole));
  }

  /** @param {Uint8Array} message @returns {Promise<Uint8Array>} */
  async mac(message) {
    const start = Math.max(0, Math.ceil(message.length / BLOCK) - 1) * BLOCK;
    const rest = message.subarray(start);
    const blocks = new Uint8Array(start + BLOCK);
    blocks.set(message.subarray(0, start));
    blocks.set(rest.length === BLOCK ? xor(rest, this.whole) : xor(pad(rest), this.short), start);
    return lastBlock(this.key, blocks);
  }
}

/**
 * The last block of CBC with a zero IV. Web Crypto appends a block of PKCS #7 padding: the one wanted stands before it.
 * @param {CryptoKey} key @param {Uint8Array} blocks
 */
async function lastBlock(key, blocks) {
  const encrypted = await subtle.encrypt({ name: "AES-CBC", iv: ZERO }, key, blocks);
  return new Uint8Array(encrypted).slice(blocks.length - BLOCK, blocks.length);
}
