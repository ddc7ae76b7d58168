// RSA-2048 with e = 65537: what makes a key acceptable (R-6-2), and its form for Web Crypto.

import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { fromInteger, inverse, oddPrimes, power, toInteger } from "./integers.mjs";

const E = 65537n;
const FACTORS = oddPrimes(LIMITS.smallest_factor);

/** @param {Uint8Array} modulus */
export function checkModulus(modulus) {
  if (modulus.length !== 256 || modulus[0] < 0x80 || modulus[255] % 2 === 0) refuse("bad_key");
  const n = toInteger(modulus);
  if (FACTORS.some((factor) => n % factor === 0n)) refuse("bad_key");
}

/**
 * The modulus of two primes.
 * @param {Uint8Array} p @param {Uint8Array} q @returns {Uint8Array}
 */
export const modulusOf = (p, q) => fromInteger(toInteger(p) * toInteger(q), 256);

/**
 * Fermat's test to base 3.
 * @param {bigint} n odd
 */
const passesFermat = (n) => power(3n, n - 1n, n) === 1n;

/**
 * Refuses what makes no private key (R-9.5-5).
 * @param {Uint8Array} p @param {Uint8Array} q
 */
export function checkPrimes(p, q) {
  const [a, b] = [toInteger(p), toInteger(q)];
  if (a <= b || a >> 1023n !== 1n || b >> 1023n !== 1n) refuse("bad_key");
  checkModulus(modulusOf(p, q));
  if (inverse(E, (a - 1n) * (b - 1n)) === undefined) refuse("bad_key");
  if (!passesFermat(a) || !passesFermat(b)) refuse("bad_key");
}

/**
 * A number in the least number of octets, as RFC 7518, section 2, asks: Chromium refuses a key with a zero in front.
 * @param {bigint} value positive
 */
function base64url(value) {
  const digits = value.toString(16);
  return btoa(String.fromCharCode(...fromInteger(value, Math.ceil(digits.length / 2))))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {Uint8Array} modulus @returns {JsonWebKey} */
export const publicJWK = (modulus) => ({ kty: "RSA", n: base64url(toInteger(modulus)), e: "AQAB" });

/**
 * The private key of two primes, with all the numbers that RFC 7518 asks for.
 * @param {Uint8Array} p @param {Uint8Array} q
 */
export function privateJWK(p, q) {
  const [a, b] = [toInteger(p), toInteger(q)];
  const d = inverse(E, (a - 1n) * (b - 1n));
  const qi = inverse(b, a);
  if (d === undefined || qi === undefined) refuse("bad_key");
  return {
    ...publicJWK(modulusOf(p, q)),
    d: base64url(d), p: base64url(a), q: base64url(b),
    dp: base64url(d % (a - 1n)), dq: base64url(d % (b - 1n)), qi: base64url(qi),
  };
}
