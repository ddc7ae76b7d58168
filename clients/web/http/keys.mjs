// New private keys, and randomness.

import { compare } from "../endkey/bytes.mjs";
import { checkPrimes } from "../endkey/primitives/rsa.mjs";

const PRIME = 128;

/** @param {number} size */
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

/** @param {string | undefined} text base64url, as RFC 7518 has it */
function octets(text = "") {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const whole = new Uint8Array(PRIME);
  if (bytes.length <= PRIME) whole.set(bytes, PRIME - bytes.length);
  return whole;
}

/**
 * RSA and Ed25519 keys of a person or an agent. The platform's generator answers for the primes (R-6-4).
 * @returns {Promise<import("../endkey/protocol/password.mjs").Keys>}
 */
export async function newKeys() {
  const about = { name: "RSA-OAEP", hash: "SHA-1", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const { privateKey } = await crypto.subtle.generateKey(about, true, ["encrypt", "decrypt"]);
  const jwk = await crypto.subtle.exportKey("jwk", privateKey);
  const [q, p] = [octets(jwk.p), octets(jwk.q)].sort(compare);
  checkPrimes(p, q);
  return { p, q, seed: random(32) };
}
