// RSAES-OAEP (RFC 8017) with SHA-1, MGF1 with SHA-1, and the empty label.

import { concat, join, uint, xor } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { sha1 } from "./digest.mjs";
import { fromInteger, power, toInteger } from "./integers.mjs";
import { modulusOf, privateJWK, publicJWK } from "./rsa.mjs";

const { subtle } = globalThis.crypto;
const OAEP = { name: "RSA-OAEP", hash: "SHA-1" };
const SIZE = 256;
const HASH = 20;

/**
 * Encrypts with a seed of Web Crypto's own.
 * @param {Uint8Array} modulus @param {Uint8Array} message
 */
export async function encrypt(modulus, message) {
  const key = await subtle.importKey("jwk", publicJWK(modulus), OAEP, false, ["encrypt"]);
  return new Uint8Array(await subtle.encrypt("RSA-OAEP", key, message));
}

/** @param {Uint8Array} p @param {Uint8Array} q @param {Uint8Array} ciphertext @returns {Promise<Uint8Array>} */
export async function decrypt(p, q, ciphertext) {
  const tooGreat = toInteger(ciphertext) >= toInteger(modulusOf(p, q));
  if (ciphertext.length !== SIZE || tooGreat) refuse("grant_open_failed");
  const key = await subtle.importKey("jwk", privateJWK(p, q), OAEP, false, ["decrypt"]);
  return new Uint8Array(await subtle.decrypt("RSA-OAEP", key, ciphertext));
}

/**
 * Encrypts with a given seed. FOR TEST VECTORS ALONE: Web Crypto takes no seed, so the block is made here and raised by
 * BigInt, whose time depends on the message. Clients call `encrypt`.
 * @param {Uint8Array} modulus @param {Uint8Array} seed 20 bytes @param {Uint8Array} message
 */
export async function encryptWithSeed(modulus, seed, message) {
  const space = SIZE - message.length - 2 * HASH - 2;
  if (space < 0 || seed.length !== HASH) throw new RangeError("no room for the message, or a seed of another size");
  const data = concat(await sha1(new Uint8Array(0)), new Uint8Array(space), Uint8Array.of(1), message);
  const maskedData = xor(data, await mask(seed, data.length));
  const maskedSeed = xor(seed, await mask(maskedData, HASH));
  const block = concat(Uint8Array.of(0), maskedSeed, maskedData);
  return fromInteger(power(toInteger(block), 65537n, toInteger(modulus)), SIZE);
}

/**
 * MGF1.
 * @param {Uint8Array} seed @param {number} length
 */
async function mask(seed, length) {
  const parts = [];
  for (let i = 0; i * HASH < length; i++) parts.push(await sha1(concat(seed, uint(i, 4))));
  return join(parts).subarray(0, length);
}
