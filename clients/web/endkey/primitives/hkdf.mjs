// HKDF (RFC 5869).

import { concat } from "../bytes.mjs";

const { subtle } = globalThis.crypto;

/**
 * Input keying material as a key that cannot be read again.
 * @param {Uint8Array} bytes @returns {Promise<CryptoKey>}
 */
export const hkdfKey = (bytes) => subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);

/**
 * Extract and expand with SHA-256 and an empty salt.
 * @param {Uint8Array | CryptoKey} key
 * @param {Uint8Array} info
 * @param {number} length
 * @returns {Promise<Uint8Array>}
 */
export async function hkdfSHA256(key, info, length) {
  const handle = key instanceof Uint8Array ? await hkdfKey(key) : key;
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return new Uint8Array(await subtle.deriveBits(algorithm, handle, 8 * length));
}

/**
 * Expand alone, with SHA-512. Web Crypto's HKDF always extracts, so this is made of HMAC.
 * @param {Uint8Array} key the pseudorandom key
 * @param {Uint8Array} info
 * @param {number} length
 * @returns {Promise<Uint8Array>}
 */
export async function expandSHA512(key, info, length) {
  const handle = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  let output = new Uint8Array(0);
  let block = new Uint8Array(0);
  for (let i = 1; output.length < length; i++) {
    block = new Uint8Array(await subtle.sign("HMAC", handle, concat(block, info, Uint8Array.of(i))));
    output = concat(output, block);
  }
  return output.slice(0, length);
}
