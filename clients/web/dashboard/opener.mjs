// Opens the text forms of an unlocked account: tokens, and short blobs. Each is opened once.

import { fromUTF8, toHex, utf8 } from "../endkey/bytes.mjs";
import { openBlob } from "../endkey/protocol/blobs.mjs";
import { agentKey, tokenKey } from "../endkey/protocol/keys.mjs";
import { openToken, TokenCipher } from "../endkey/protocol/tokens.mjs";
import { Refusal, refuse } from "../endkey/refusal.mjs";
import { readBlob, readToken } from "../endkey/text/texts.mjs";

/**
 * A text form's content, or the code of its refusal.
 * @typedef {{value: string} | {code: string}} Opening
 */

export class Opener {
  /** @type {Map<string, Promise<Opening>>} */
  #openings = new Map();

  /**
   * @param {Uint8Array} account
   * @param {Map<number, CryptoKey>} masterKeys
   * @param {Map<number, TokenCipher>} ciphers
   */
  constructor(account, masterKeys, ciphers) {
    this.account = account;
    this.masterKeys = masterKeys;
    this.ciphers = ciphers;
  }

  /** @param {import("../endkey/protocol/recovery.mjs").Account} account @returns {Promise<Opener>} */
  static async of({ account_id, masterKeys }) {
    const ciphers = new Map();
    for (const [epoch, masterKey] of masterKeys) {
      ciphers.set(epoch, new TokenCipher(await tokenKey(masterKey, account_id, epoch), account_id, epoch));
    }
    return new Opener(account_id, masterKeys, ciphers);
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
    const agentKeyOf = (/** @type {number} */ epoch, /** @type {Uint8Array} */ agent) =>
      agentKey(this.masterKeys.get(epoch) ?? refuse("no_epoch_key"), this.account, epoch, agent);
    const { field, agent_id, content } = await openBlob(this.account, agentKeyOf, readBlob(text), null);
    return fromUTF8(content) ?? `${field}, ${content.length} bytes, by ${toHex(agent_id).slice(0, 8)}`;
  }
}
