// AES-CMAC (RFC 4493), made of AES-CBC: Web Crypto has no bare AES.

import { equal, join, xor } from "../bytes.mjs";

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
  mac(message) {
    return lastBlock(this.key, this.#blocks(message));
  }

  /**
   * Which messages have the tag that stands at their place, by one call for all. CBC is at a message's tag when the
   * next one begins, so that the tag, added to what begins there, makes it begin at zero: as long as no tag is wrong.
   * What follows one that is wrong is looked at by itself.
   * @param {Uint8Array[]} messages @param {Uint8Array[]} tags @returns {Promise<boolean[]>}
   */
  async verifies(messages, tags) {
    const all = messages.map((message) => this.#blocks(message));
    for (let i = 1; i < all.length; i++) for (let j = 0; j < BLOCK; j++) all[i][j] ^= tags[i - 1][j];
    const encrypted = await cbc(this.key, join(all));
    const isRight = [];
    let end = 0;
    do {
      end += all[isRight.length].length;
      isRight.push(equal(encrypted.subarray(end - BLOCK, end), tags[isRight.length]));
    } while (isRight[isRight.length - 1] && isRight.length < all.length);
    const rest = messages.slice(isRight.length);
    const its = tags.slice(isRight.length);
    return isRight.concat(await Promise.all(rest.map(async (message, i) => equal(await this.mac(message), its[i]))));
  }

  /**
   * What CBC encrypts of a message: whole blocks, the last one masked.
   * @param {Uint8Array} message
   */
  #blocks(message) {
    const start = Math.max(0, Math.ceil(message.length / BLOCK) - 1) * BLOCK;
    const isWhole = message.length === start + BLOCK;
    const blocks = new Uint8Array(start + BLOCK);
    blocks.set(message);
    if (!isWhole) blocks[message.length] = 0x80;
    const mask = isWhole ? this.whole : this.short;
    for (let i = 0; i < BLOCK; i++) blocks[start + i] ^= mask[i];
    return blocks;
  }
}

/**
 * CBC with a zero IV. Web Crypto appends a block of PKCS #7 padding, which nobody needs.
 * @param {CryptoKey} key @param {Uint8Array} blocks
 */
const cbc = async (key, blocks) =>
  new Uint8Array(await subtle.encrypt({ name: "AES-CBC", iv: ZERO }, key, blocks), 0, blocks.length);

/** @param {CryptoKey} key @param {Uint8Array} blocks */
const lastBlock = async (key, blocks) => (await cbc(key, blocks)).slice(-BLOCK);
