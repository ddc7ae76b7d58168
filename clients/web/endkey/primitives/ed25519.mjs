// Ed25519 (RFC 8032), verified as R-6-1 and R-6-3 say. Web Crypto leaves open how strict it is: what it may let pass is
// refused here first; then it decides, without the cofactor.

import { concat, fromHex } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { L, isAcceptable, littleEndian } from "./edwards25519.mjs";

const { subtle } = globalThis.crypto;
// Everything of a PKCS #8 PrivateKeyInfo (RFC 8410) before the seed.
const PKCS8 = fromHex("302e020100300506032b657004220420");

/** @param {Uint8Array} verifyKey */
export function checkVerifyKey(verifyKey) {
  if (!isAcceptable(verifyKey)) refuse("bad_key");
}

/**
 * Whether the signature is right, under a key that was checked.
 * @param {Uint8Array} verifyKey @param {Uint8Array} message @param {Uint8Array} signature
 */
export async function verifies(verifyKey, message, signature) {
  if (signature.length !== 64 || littleEndian(signature.subarray(32)) >= L) return false;
  if (!isAcceptable(verifyKey) || !isAcceptable(signature.subarray(0, 32))) return false;
  const key = await subtle.importKey("raw", verifyKey, "Ed25519", false, ["verify"]);
  return subtle.verify("Ed25519", key, signature, message);
}

/** A key pair for signing. */
export class SigningKey {
  /** @param {CryptoKey} key @param {Uint8Array} verifyKey */
  constructor(key, verifyKey) {
    this.key = key;
    this.verifyKey = verifyKey;
  }

  /** @param {Uint8Array} seed the private key of RFC 8032, 32 bytes @returns {Promise<SigningKey>} */
  static async of(seed) {
    const key = await subtle.importKey("pkcs8", concat(PKCS8, seed), "Ed25519", true, ["sign"]);
    // Web Crypto tells the public key of a private one in this form alone.
    const { x } = await subtle.exportKey("jwk", key);
    const text = atob(/** @type {string} */ (x).replaceAll("-", "+").replaceAll("_", "/"));
    return new SigningKey(key, Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  /** @param {Uint8Array} message @returns {Promise<Uint8Array>} */
  async sign(message) {
    return new Uint8Array(await subtle.sign("Ed25519", this.key, message));
  }
}
