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
  if (wrapped.length !== 40) refuse("password_open_failed");
  const handle = await subtle.importKey("raw", kek, "AES-KW", false, ["unwrapKey"]);
  const key = await subtle.unwrapKey("raw", wrapped, handle, "AES-KW", CARRIER, true, ["sign"]);
  return new Uint8Array(await subtle.exportKey("raw", key));
}
