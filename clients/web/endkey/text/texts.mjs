// Text forms: token-text (section 14.3), blob-text (15.1), code-text and secret-text (18.1). Texts come as bytes, since
// what is to be refused need not be UTF-8.

import { Refusal, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { BlobText, SecretText } from "../wire/contents.mjs";
import { SealedBlob, Token } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { characterOf, decode, encode } from "./base64url.mjs";
import * as bech32m from "./bech32m.mjs";

export const TOKEN_PREFIX = "ekt1_";
export const BLOB_PREFIX = "eks1_";
const PREFIX = 5;
/** Bytes of a BlobText before its SealedBlob. */
const BLOB_AT = 3;

/**
 * What follows the prefix, decoded.
 * @param {string} prefix @param {Uint8Array} text
 */
function behind(prefix, text) {
  if (String.fromCharCode(...text.subarray(0, PREFIX)) !== prefix) refuse("bad_prefix", 0);
  return decode(text.subarray(PREFIX), PREFIX);
}

/**
 * Runs a parser whose offsets count bytes; in its refusals they count characters.
 * @template T @param {number} at @param {() => T} body @returns {T}
 */
function inCharacters(at, body) {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Refusal) || error.offset === undefined) throw error;
    throw new Refusal(error.code, PREFIX + characterOf(at + error.offset));
  }
}

/**
 * The bytes of a Token.
 * @param {Uint8Array} text
 */
export function readToken(text) {
  const bytes = behind(TOKEN_PREFIX, text);
  inCharacters(0, () => parse(Token, bytes));
  return bytes;
}

/**
 * The bytes of a SealedBlob.
 * @param {Uint8Array} text
 */
export function readBlob(text) {
  const bytes = behind(BLOB_PREFIX, text);
  const blob = bytes.subarray(BLOB_AT);
  // The length, then the SealedBlob within it, then what follows: the first fault is reported.
  const length = inCharacters(0, () => parse(BlobText, bytes.subarray(0, BLOB_AT + declaredLength(bytes))).blob.length);
  inCharacters(BLOB_AT, () => parse(SealedBlob, blob.subarray(0, length)));
  inCharacters(0, () => parse(BlobText, bytes));
  return blob;
}

/**
 * The number that the first three bytes say, or as much as there is.
 * @param {Uint8Array} bytes
 */
function declaredLength(bytes) {
  return bytes.length < BLOB_AT ? 0 : (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
}

/** @param {Uint8Array} token */
export function writeToken(token) {
  parse(Token, token);
  return TOKEN_PREFIX + encode(token);
}

/** @param {Uint8Array} blob */
export function writeBlob(blob) {
  parse(SealedBlob, blob);
  if (blob.length > LIMITS.blob_text_max) refuse("value_too_long");
  return BLOB_PREFIX + encode(serialize(BlobText, { blob }));
}

/** @param {string} name @param {Uint8Array} text */
function readSecret(name, text) {
  const bytes = bech32m.decode(name, text);
  if (bytes[0] !== 1) refuse("unknown_version", 4);
  return parse(SecretText, bytes);
}

/**
 * An enrolment code: account_id, secret.
 * @param {Uint8Array} text
 */
export const readCode = (text) => readSecret("ekc", text);

/**
 * An account secret: account_id, secret.
 * @param {Uint8Array} text
 */
export const readAccountSecret = (text) => readSecret("ekb", text);

/** @param {{account_id: Uint8Array, secret: Uint8Array}} code */
export const writeCode = (code) => bech32m.encode("ekc", serialize(SecretText, code));

/** @param {{account_id: Uint8Array, secret: Uint8Array}} secret */
export const writeAccountSecret = (secret) => bech32m.encode("ekb", serialize(SecretText, secret));

