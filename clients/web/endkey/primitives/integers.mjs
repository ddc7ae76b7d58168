// Arithmetic on integers of many bits. Its time depends on its operands: for public numbers, and for the one-time
// import of a private key, for which Web Crypto asks more numbers than the protocol keeps.

import { fromHex, toHex } from "../bytes.mjs";

/** @param {Uint8Array} bytes big-endian @returns {bigint} */
export const toInteger = (bytes) => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`));

/** @param {bigint} value @param {number} size @returns {Uint8Array} */
export const fromInteger = (value, size) => fromHex(value.toString(16).padStart(2 * size, "0"));

/** @param {bigint} value @param {bigint} modulus */
export const mod = (value, modulus) => ((value % modulus) + modulus) % modulus;

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
export function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = mod(base, modulus), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * The inverse, or `undefined` where there is none.
 * @param {bigint} value @param {bigint} modulus
 */
export function inverse(value, modulus) {
  let [a, b] = [mod(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    if (b === 0n) return undefined;
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return a === 1n ? mod(x, modulus) : undefined;
}

/**
 * The odd primes below `limit`.
 * @param {number} limit @returns {bigint[]}
 */
export function oddPrimes(limit) {
  /** @type {number[]} */
  const primes = [];
  for (let n = 3; n < limit; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map(BigInt);
}
