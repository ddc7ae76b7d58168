// Text forms: token-text (section 14.3), blob-text (15.1), and the three Bech32m texts (18.1). Texts come as bytes,
// since what is to be refused need not be UTF-8.

import { Refusal, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { BlobText, EnrolmentCode, RecoveryText, SecretText } from "../wire/contents.mjs";
import { SealedBlob, Token, tokenBytes } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { characterOf, decode, encode } from "./base64url.mjs";
import * as bech32m from "./bech32m.mjs";

export const TOKEN_PREFIX = "ekt1_";
export const BLOB_PREFIX = "eks1_";
const PREFIX = 5;

/**
 * What follows the prefix, decoded.
 * @param {string} prefix @param {Uint8Array} text
 */
function behind(prefix, text) {
  if (String.fromCharCode(...text.subarray(0, PREFIX)) !== prefix) refuse("bad_prefix", 0);
  return decode(text.subarray(PREFIX), PREFIX);
}

/**
 * Parses bytes; in refusals, offsets count characters.
 * @param {import("../wire/types.mjs").Type} type @param {Uint8Array} bytes @param {(index: number) => number} at
 */
function parseText(type, bytes, at) {
  try {
    return parse(type, bytes);
  } catch (error) {
    if (!(error instanceof Refusal) || error.offset === undefined) throw error;
    throw new Refusal(error.code, at(error.offset));
  }
}

const base64urlAt = (/** @type {number} */ index) => PREFIX + characterOf(index);

/**
 * A Token.
 * @param {Uint8Array} text
 */
export const parseToken = (text) => parseText(Token, behind(TOKEN_PREFIX, text), base64urlAt);

/**
 * The bytes of a Token.
 * @param {Uint8Array} text @returns {Uint8Array}
 */
export const readToken = (text) => tokenBytes(parseToken(text));

/**
 * The bytes of a SealedBlob.
 * @param {Uint8Array} text @returns {Uint8Array}
 */
export const readBlob = (text) => parseText(BlobText, behind(BLOB_PREFIX, text), base64urlAt).blob;

/** @param {Uint8Array} token */
export function writeToken(token) {
  parse(Token, token);
  return TOKEN_PREFIX + encode(token);
}

/** @param {Uint8Array} blob */
export function writeBlob(blob) {
  if (blob.length > LIMITS.blob_text_max) refuse("value_too_long");
  parse(SealedBlob, blob);
  return BLOB_PREFIX + encode(serialize(BlobText, { blob }));
}

/**
 * The reader and the writer of a Bech32m text.
 * @param {string} name @param {import("../wire/types.mjs").Type} type
 */
const bech32mText = (name, type) => ({
  /** @param {Uint8Array} text */
  read: (text) => parseText(type, bech32m.decode(name, /** @type {number} */ (type.size), text), bech32m.characterOf),
  /** @param {any} value @returns {string} */
  write: (value) => bech32m.encode(name, serialize(type, value)),
});

/** account_id, secret, terms. */
export const codeText = bech32mText("ekc", EnrolmentCode);
/** account_id, secret. */
export const secretText = bech32mText("ekb", SecretText);
/** seed. */
export const recoveryText = bech32mText("ekr", RecoveryText);
