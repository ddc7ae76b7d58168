// AES-256 key wrap (RFC 3394) of 32 bytes to 40.

import { refuse } from "../refusal.mjs";

const { subtle } = globalThis.crypto;
// What is wrapped is a MasterKey; Web Crypto wraps keys of any algorithm, and HMAC's may be read again.
const CARRIER = { name: "HMAC", hash: "SHA-256" };

/** @param {Uint8Array} kek @param {Uint8Array} key @returns {Promise<Uint8Array>} */
export async function wrap(kek, key) {
  const handle = await subtle.importKey("raw", kek, "AES-KW", false, ["wrapKey"]);
  const wrapped = await subtle.importKey("raw", key, CARRIER, true, ["sign"]);
  return new Uint8Array(await subtle.wrapKey("raw", wrapped, handle, "AES-KW"));
}

/** @param {Uint8Array} kek @param {Uint8Array} wrapped @returns {Promise<Uint8Array>} */
export async function unwrap(kek, wrapped) {
  const key = await unwrapped(kek, wrapped, CARRIER, true, ["sign"]);
  return new Uint8Array(await subtle.exportKey("raw", key));
}

/**
 * A MasterKey from which keys can be derived, but which no script can read.
 * @param {Uint8Array} kek @param {Uint8Array} wrapped
 */
export const unwrapHidden = (kek, wrapped) => unwrapped(kek, wrapped, "HKDF", false, ["deriveBits"]);

/**
 * @param {Uint8Array} kek
 * @param {Uint8Array} wrapped
 * @param {any} algorithm
 * @param {boolean} isReadable
 * @param {KeyUsage[]} uses
 */
async function unwrapped(kek, wrapped, algorithm, isReadable, uses) {
  if (wrapped.length !== 40) refuse("password_open_failed");
  const handle = await subtle.importKey("raw", kek, "AES-KW", false, ["unwrapKey"]);
  return subtle.unwrapKey("raw", wrapped, handle, "AES-KW", algorithm, isReadable, uses);
}
