// Tokens (section 14).

import { concat, fromUTF8, uint, utf8 } from "../bytes.mjs";
import { labelled } from "../labels.mjs";
import { AESSIV } from "../primitives/aes-siv.mjs";
import { Refusal, refuse } from "../refusal.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import { Token } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";

/**
 * @typedef {{field: string, epoch: number, v: Uint8Array, c: Uint8Array}} ParsedToken
 * What a token or another text form holds, or the code of its refusal.
 * @typedef {{value: string} | {code: string}} Opening
 */

/**
 * Bytes of the smallest padded size for a value.
 * @param {number} length
 */
export function paddedSize(length) {
  let size = 16;
  while (size < length + 1) size *= 2;
  return size;
}

/**
 * The value of a padded one, else `undefined`.
 * @param {Uint8Array} padded
 */
function unpadded(padded) {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (end < 0 || padded[end] !== 0x80 || paddedSize(end) !== padded.length) return undefined;
  return padded.subarray(0, end);
}

/** @param {Uint8Array} value */
export function checkLength(value) {
  if (value.length > LIMITS.token_value_max) refuse("value_too_long");
}

/** @param {Uint8Array} value */
export function checkUTF8(value) {
  if (fromUTF8(value) === undefined) refuse("value_not_utf8");
}

/** Seals and opens tokens of one account and epoch. */
export class TokenCipher {
  /** @type {Map<string, Promise<AESSIV>>} */
  #ciphers = new Map();

  /** @param {Uint8Array} key 64 bytes @param {Uint8Array} account @param {number} epoch */
  constructor(key, account, epoch) {
    this.key = key;
    this.account = account;
    this.epoch = epoch;
  }

  /**
   * Associated data is fixed by the field; so is most of the work.
   * @param {string} field
   */
  #cipher(field) {
    let cipher = this.#ciphers.get(field);
    if (cipher === undefined) {
      const associatedData = concat(
        labelled("token-ad"), this.account, uint(this.epoch, 4), Uint8Array.of(ENUMS.TokenField[field]));
      cipher = AESSIV.of(this.key, associatedData);
      this.#ciphers.set(field, cipher);
    }
    return cipher;
  }

  /** @param {string} field @param {Uint8Array} value @returns {Promise<Uint8Array>} */
  async seal(field, value) {
    checkLength(value);
    checkUTF8(value);
    const padded = new Uint8Array(paddedSize(value.length));
    padded.set(value);
    padded[value.length] = 0x80;
    const sealed = await (await this.#cipher(field)).seal(padded);
    return serialize(Token, { field, epoch: this.epoch, ...sealed });
  }

  /**
   * The texts that parsed tokens of this epoch and one field hold; undefined for what does not open.
   * @param {string} field @param {ParsedToken[]} tokens @returns {Promise<(string | undefined)[]>}
   */
  async openAll(field, tokens) {
    const opened = await (await this.#cipher(field)).openAll(tokens);
    return opened.map((padded) => {
      const value = padded && unpadded(padded);
      return value && fromUTF8(value);
    });
  }
}

/**
 * Opens a token at a person's end; several keys of its epoch are each tried.
 * @param {Map<number, TokenCipher[]>} ciphers by epoch @param {Uint8Array} message
 */
export async function openToken(ciphers, message) {
  const token = parse(Token, message);
  const [opened] = await openTokens(ciphers, [token]);
  if ("code" in opened) refuse(opened.code);
  return { field: token.field, epoch: token.epoch, value: utf8(opened.value) };
}

/** Calls of Web Crypto wait for threads: so many at once keep all of them busy. */
export const AT_ONCE = 64;
/** While the threads have one group of so many, another one is read. */
export const GROUPS = 2;

/**
 * The same of many tokens: the text that each holds, or the code of its refusal.
 * @param {Map<number, TokenCipher[]>} ciphers by epoch @param {ParsedToken[]} tokens @returns {Promise<Opening[]>}
 */
export async function openTokens(ciphers, tokens) {
  /** @type {Opening[]} */
  const openings = tokens.map(({ epoch }) => ({ code: ciphers.has(epoch) ? "token_open_failed" : "no_epoch_key" }));
  const groups = groupsOf(tokens);
  const work = async () => {
    for (let places = groups.shift(); places !== undefined; places = groups.shift()) {
      const { field, epoch } = tokens[places[0]];
      for (const cipher of ciphers.get(epoch) ?? []) {
        places = await openSome(cipher, field, places, tokens, openings);
        if (places.length === 0) break;
      }
    }
  };
  await Promise.all(Array.from({ length: GROUPS }, work));
  return openings;
}

/**
 * Opens the tokens at some places with one key; gives the places of those that it does not open.
 * @param {TokenCipher} cipher @param {string} field @param {number[]} places @param {ParsedToken[]} tokens
 * @param {Opening[]} openings
 */
async function openSome(cipher, field, places, tokens, openings) {
  const values = await cipher.openAll(field, places.map((place) => tokens[place]));
  return places.filter((place, i) => {
    const value = values[i];
    if (value !== undefined) openings[place] = { value };
    return value === undefined;
  });
}

/**
 * Places of tokens of one field and epoch each, as many as are opened at once.
 * @param {ParsedToken[]} tokens @returns {number[][]}
 */
function groupsOf(tokens) {
  /** @type {Map<string, number[]>} */
  const open = new Map();
  /** @type {number[][]} */
  const all = [];
  for (const [place, { field, epoch }] of tokens.entries()) {
    const key = `${epoch} ${field}`;
    let group = open.get(key);
    if (group === undefined || group.length === AT_ONCE) {
      group = [];
      open.set(key, group);
      all.push(group);
    }
    group.push(place);
  }
  return all;
}

/**
 * What the first key gives that opens; the failure of the last one otherwise.
 * @template Key, Value @param {Key[]} keys @param {(key: Key) => Promise<Value>} open
 */
export async function firstOf(keys, open) {
  if (keys.length === 0) refuse("no_epoch_key");
  for (const key of keys.slice(0, -1)) {
    try {
      return await open(key);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return open(keys[keys.length - 1]);
}

/**
 * Ciphers by epoch.
 * @param {Uint8Array} account @param {{epoch: number, token_key: Uint8Array}[]} keys
 */
export function ciphersOf(account, keys) {
  /** @type {Map<number, TokenCipher[]>} */
  const ciphers = new Map();
  for (const { epoch, token_key } of keys) {
    ciphers.set(epoch, [...(ciphers.get(epoch) ?? []), new TokenCipher(token_key, account, epoch)]);
  }
  return ciphers;
}
