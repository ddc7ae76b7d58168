// Tokens (section 14).

import { concat, fromUTF8, uint } from "../bytes.mjs";
import { labelled } from "../labels.mjs";
import { AESSIV } from "../primitives/aes-siv.mjs";
import { asOne, Refusal, refuse } from "../refusal.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import { Token } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";

/**
 * Bytes of the smallest padded size for a value.
 * @param {number} length
 */
function paddedSize(length) {
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
  return padded.slice(0, end);
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
   * The value of a parsed token of this epoch.
   * @param {{field: string, v: Uint8Array, c: Uint8Array}} token @returns {Promise<Uint8Array>}
   */
  open(token) {
    return asOne("token_open_failed", async () => {
      const value = unpadded(await (await this.#cipher(token.field)).open(token.v, token.c));
      if (value === undefined || fromUTF8(value) === undefined) refuse("token_open_failed");
      return value;
    });
  }
}

/**
 * Opens a token at a person's end; several keys of its epoch are each tried.
 * @param {Map<number, TokenCipher[]>} ciphers by epoch @param {Uint8Array} message
 */
export async function openToken(ciphers, message) {
  const token = parse(Token, message);
  const { field, epoch } = token;
  return { field, epoch, value: await firstOf(ciphers.get(epoch) ?? [], (cipher) => cipher.open(token)) };
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
