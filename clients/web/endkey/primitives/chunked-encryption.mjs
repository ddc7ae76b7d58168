// C2SP chunked-encryption, version 1, with SHA-512 and AES-256-GCM (section 2.5).

import { concat, equal, join, utf8 } from "../bytes.mjs";
import { LIMITS } from "../registry.mjs";
import { refuse } from "../refusal.mjs";
import { expandSHA512 } from "./hkdf.mjs";

const { subtle } = globalThis.crypto;
const LABEL = concat(utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM"), Uint8Array.of(0));
const SALT = 24;
const HEAD = 56;
const TAG = 16;

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} salt
 * @param {Uint8Array} context
 * @param {"encrypt" | "decrypt"} use
 */
async function keysOf(key, salt, context, use) {
  const keys = await expandSHA512(key, concat(LABEL, salt, context), 76);
  return {
    chunkKey: await subtle.importKey("raw", keys.subarray(0, 32), "AES-GCM", false, [use]),
    baseNonce: keys.subarray(32, 44),
    commitment: keys.subarray(44),
  };
}

/**
 * The base nonce with the chunk's number XORed into its end.
 * @param {Uint8Array} baseNonce @param {number} number
 */
function nonce(baseNonce, number) {
  const iv = baseNonce.slice();
  for (let i = 11, rest = number; rest > 0; i--, rest = Math.floor(rest / 256)) iv[i] ^= rest % 256;
  return { name: "AES-GCM", iv, tagLength: 128 };
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} context
 * @param {Uint8Array} salt 24 random bytes
 * @param {Uint8Array} plaintext
 */
export async function seal(key, context, salt, plaintext) {
  const { chunkKey, baseNonce, commitment } = await keysOf(key, salt, context, "encrypt");
  const parts = [salt, commitment];
  const last = Math.floor(plaintext.length / LIMITS.chunk);
  for (let i = 0; i <= last; i++) {
    const chunk = plaintext.subarray(i * LIMITS.chunk, (i + 1) * LIMITS.chunk);
    parts.push(new Uint8Array(await subtle.encrypt(nonce(baseNonce, i), chunkKey, chunk)));
  }
  return join(parts);
}

/**
 * Opens all or nothing. Callers name the error.
 * @param {Uint8Array} key @param {Uint8Array} context @param {Uint8Array} sealed
 */
export async function open(key, context, sealed) {
  if (sealed.length < LIMITS.sealed_min) refuse("blob_open_failed");
  const { chunkKey, baseNonce, commitment } = await keysOf(key, sealed.subarray(0, SALT), context, "decrypt");
  if (!equal(commitment, sealed.subarray(SALT, HEAD))) refuse("blob_open_failed");
  const step = LIMITS.chunk + TAG;
  const last = Math.floor((sealed.length - HEAD) / step);
  const parts = [];
  for (let i = 0; i <= last; i++) {
    const chunk = sealed.subarray(HEAD + i * step, HEAD + (i + 1) * step);
    if (chunk.length < TAG) refuse("blob_open_failed");
    parts.push(new Uint8Array(await subtle.decrypt(nonce(baseNonce, i), chunkKey, chunk)));
  }
  return join(parts);
}
