// Opens the text forms of an unlocked account: tokens, and short blobs. Each is opened once; those that are asked for
// together are opened together.

import { fromUTF8, toHex, utf8 } from "../endkey/bytes.mjs";
import { hkdfKey } from "../endkey/primitives/hkdf.mjs";
import { openBlob } from "../endkey/protocol/blobs.mjs";
import { agentKey, tokenKey } from "../endkey/protocol/keys.mjs";
import { AT_ONCE, ciphersOf, GROUPS, openTokens } from "../endkey/protocol/tokens.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { parseToken, readBlob, TOKEN_PREFIX } from "../endkey/text/texts.mjs";

/**
 * @typedef {import("../endkey/protocol/tokens.mjs").Opening} Opening
 * @typedef {import("../endkey/protocol/tokens.mjs").ParsedToken} ParsedToken
 * A MasterKey that no script can read, from which keys can be derived.
 * @typedef {{epoch: number, key: CryptoKey}} EpochKey
 */

export class Opener {
  /** @type {Map<string, Promise<Opening>>} */
  #openings = new Map();
  /**
   * Ends of rows of groups: each group begins when the one before it in its row is open.
   * @type {Promise<unknown>[]}
   */
  #rows = Array.from({ length: GROUPS }, () => Promise.resolve());
  /**
   * The group that has not begun, and what it will give.
   * @type {{texts: string[], opened: Promise<Opening[]>} | undefined}
   */
  #group;

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
    const known = this.#openings.get(text);
    if (known !== undefined) return known;
    if (this.#group === undefined || this.#group.texts.length === AT_ONCE) this.#group = this.#newGroup();
    const place = this.#group.texts.push(text) - 1;
    const opening = this.#group.opened.then((openings) => openings[place]);
    this.#openings.set(text, opening);
    return opening;
  }

  #newGroup() {
    /** @type {string[]} */
    const texts = [];
    const opened = Promise.resolve(this.#rows.shift()).catch(() => {}).then(() => {
      if (this.#group?.texts === texts) this.#group = undefined;
      return this.#openAll(texts);
    });
    this.#rows.push(opened);
    return { texts, opened };
  }

  /** @param {string[]} texts @returns {Promise<Opening[]>} */
  async #openAll(texts) {
    /** @type {ParsedToken[]} */
    const tokens = [];
    /** @type {Promise<Opening[]>} */
    const opened = Promise.resolve().then(() => openTokens(this.ciphers, tokens));
    return Promise.all(texts.map((text) => {
      try {
        if (!text.startsWith(TOKEN_PREFIX)) return this.#blob(readBlob(utf8(text)));
        const place = tokens.push(parseToken(utf8(text))) - 1;
        return opened.then((openings) => openings[place]);
      } catch (error) {
        return { code: codeOf(error) };
      }
    }));
  }

  /** @param {Uint8Array} message @returns {Promise<Opening>} */
  async #blob(message) {
    const agentKeysOf = (/** @type {number} */ epoch, /** @type {Uint8Array} */ agent) =>
      Promise.all(this.masterKeys.filter((one) => one.epoch === epoch)
        .map(({ key }) => agentKey(key, this.account, epoch, agent)));
    try {
      const { field, agent_id, content } = await openBlob(this.account, agentKeysOf, message, null);
      return { value: fromUTF8(content) ?? `${field}, ${content.length} bytes, by ${toHex(agent_id).slice(0, 8)}` };
    } catch (error) {
      return { code: codeOf(error) };
    }
  }
}

/**
 * The code of a refusal; whatever else was thrown is thrown on.
 * @param {unknown} error
 */
function codeOf(error) {
  if (error instanceof Refusal) return error.code;
  throw error;
}
