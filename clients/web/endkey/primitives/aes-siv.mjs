// AES-256-SIV (RFC 5297) with one element of associated data: one AES-CTR call a message, and one of AES-CBC for all
// that are opened together.

import { xor } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { CMAC, double, pad } from "./cmac.mjs";

const { subtle } = globalThis.crypto;
const BLOCK = 16;

/** AES-SIV under one key and one associated data, so that what depends on these alone is computed once. */
export class AESSIV {
  /** @param {CMAC} cmac @param {CryptoKey} counterKey @param {Uint8Array} start */
  constructor(cmac, counterKey, start) {
    this.cmac = cmac;
    this.counterKey = counterKey;
    this.start = start;
  }

  /**
   * @param {Uint8Array} key 64 bytes: the MAC key, the CTR key
   * @param {Uint8Array} associatedData
   * @returns {Promise<AESSIV>}
   */
  static async of(key, associatedData) {
    const cmac = await CMAC.of(key.subarray(0, 32));
    const counterKey = await subtle.importKey("raw", key.subarray(32), "AES-CTR", false, ["encrypt"]);
    const start = xor(double(await cmac.mac(new Uint8Array(BLOCK))), await cmac.mac(associatedData));
    return new AESSIV(cmac, counterKey, start);
  }

  /** @param {Uint8Array} plaintext @returns {Promise<{v: Uint8Array, c: Uint8Array}>} */
  async seal(plaintext) {
    const v = await this.cmac.mac(this.#last(plaintext));
    return { v, c: await this.#count(v, plaintext) };
  }

  /** @param {Uint8Array} v @param {Uint8Array} c @returns {Promise<Uint8Array>} */
  async open(v, c) {
    if (v.length !== BLOCK) refuse("token_open_failed");
    const [plaintext] = await this.openAll([{ v, c }]);
    return plaintext ?? refuse("token_open_failed");
  }

  /**
   * Opens many at once, to undefined what does not open.
   * @param {{v: Uint8Array, c: Uint8Array}[]} all one or more, each v of a block
   * @returns {Promise<(Uint8Array | undefined)[]>}
   */
  async openAll(all) {
    const plaintexts = await Promise.all(all.map(({ v, c }) => this.#count(v, c)));
    const isRight = await this.cmac.verifies(plaintexts.map((one) => this.#last(one)), all.map(({ v }) => v));
    return plaintexts.map((one, i) => (isRight[i] ? one : undefined));
  }

  /**
   * Of what S2V takes the CMAC in the end.
   * @param {Uint8Array} plaintext
   */
  #last(plaintext) {
    if (plaintext.length < BLOCK) return xor(double(this.start), pad(plaintext));
    const ended = plaintext.slice();
    for (let i = 0; i < BLOCK; i++) ended[plaintext.length - BLOCK + i] ^= this.start[i];
    return ended;
  }

  /** @param {Uint8Array} v @param {Uint8Array} bytes */
  async #count(v, bytes) {
    const counter = v.slice();
    counter[8] &= 0x7f;
    counter[12] &= 0x7f;
    return new Uint8Array(await subtle.encrypt({ name: "AES-CTR", counter, length: 128 }, this.counterKey, bytes));
  }
}
