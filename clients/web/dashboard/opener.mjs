// Opens the text forms of an unlocked account: tokens, and short blobs. Each is opened once.

import { fromUTF8, toHex, utf8 } from "../endkey/bytes.mjs";
import { hkdfKey } from "../endkey/primitives/hkdf.mjs";
import { openBlob } from "../endkey/protocol/blobs.mjs";
import { agentKey, tokenKey } from "../endkey/protocol/keys.mjs";
import { ciphersOf, openToken } from "../endkey/protocol/tokens.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { readBlob, readToken } from "../endkey/text/texts.mjs";

/**
 * A text form's content, or the code of its refusal.
 * @typedef {{value: string} | {code: string}} Opening
 * A MasterKey that no script can read, from which keys can be derived.
 * @typedef {{epoch: number, key: CryptoKey}} EpochKey
 */

export class Opener {
  /** @type {Map<string, Promise<Opening>>} */
  #openings = new Map();

  /**
   * @param {Uint8Array} account @param {EpochKey[]} masterKeys
   * @param {{epoch: number, token_key: Uint8Array}[]} tokenKeys
   */
  constructor(account, masterKeys, tokenKeys) {
    this.account = account;
    this.masterKeys = masterKeys;
    this.tokenKeys = tokenKeys;
    this.ciphers = ciphersOf(account, tokenKeys);
  }

  /**
   * Of the MasterKeys of a whole, now and past.
   * @param {import("../endkey/protocol/person.mjs").Whole} whole @returns {Promise<Opener>}
   */
  static async of({ account, state, masterKey, contents }) {
    const known = [{ epoch: state.header.epoch, master_key: masterKey }, ...contents.past_keys];
    const masterKeys = await Promise.all(known.map(async ({ epoch, master_key }) =>
      ({ epoch, key: await hkdfKey(master_key) })));
    const tokenKeys = await Promise.all(masterKeys.map(async ({ epoch, key }) =>
      ({ epoch, token_key: await tokenKey(key, account, epoch) })));
    return new Opener(account, masterKeys, tokenKeys);
  }

  /** @param {string} text a token-text or a blob-text @returns {Promise<Opening>} */
  open(text) {
    const known = this.#openings.get(text) ?? this.#open(text);
    this.#openings.set(text, known);
    return known;
  }

  /** @param {string} text @returns {Promise<Opening>} */
  async #open(text) {
    try {
      const bytes = utf8(text);
      return { value: text.startsWith("ekt1_") ? await this.#token(bytes) : await this.#blob(bytes) };
    } catch (error) {
      if (error instanceof Refusal) return { code: error.code };
      throw error;
    }
  }

  /** @param {Uint8Array} text */
  async #token(text) {
    const { value } = await openToken(this.ciphers, readToken(text));
    return /** @type {string} */ (fromUTF8(value));
  }

  /** @param {Uint8Array} text */
  async #blob(text) {
    const agentKeysOf = (/** @type {number} */ epoch, /** @type {Uint8Array} */ agent) =>
      Promise.all(this.masterKeys.filter((one) => one.epoch === epoch)
        .map(({ key }) => agentKey(key, this.account, epoch, agent)));
    const { field, agent_id, content } = await openBlob(this.account, agentKeysOf, readBlob(text), null);
    return fromUTF8(content) ?? `${field}, ${content.length} bytes, by ${toHex(agent_id).slice(0, 8)}`;
  }
}
