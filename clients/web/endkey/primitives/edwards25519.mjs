// Points of edwards25519 (RFC 8032, section 5.1), as far as strict verification asks: encoding, curve, small order.
// Only public points come here.

import { inverse, mod, power } from "./integers.mjs";

const P = 2n ** 255n - 19n;
const D = mod(-121665n * /** @type {bigint} */ (inverse(121666n, P)), P);
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n, P);

/** The order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** @param {Uint8Array} bytes little-endian @returns {bigint} */
export function littleEndian(bytes) {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}

/**
 * The point that 32 bytes encode; `undefined` if they are no canonical encoding of a point of the curve.
 * @param {Uint8Array} bytes @returns {{x: bigint, y: bigint} | undefined}
 */
function decode(bytes) {
  if (bytes.length !== 32) return undefined;
  const encoded = littleEndian(bytes);
  const sign = encoded >> 255n;
  const y = encoded & (2n ** 255n - 1n);
  if (y >= P) return undefined;
  const u = mod(y * y - 1n, P);
  const v = mod(D * y * y + 1n, P);
  let x = mod(u * power(v, 3n, P) * power(u * power(v, 7n, P), (P - 5n) / 8n, P), P);
  const square = mod(v * x * x, P);
  if (square === mod(-u, P)) x = mod(x * ROOT_OF_MINUS_1, P);
  else if (square !== u) return undefined;
  if (x === 0n && sign === 1n) return undefined;
  return { x: (x & 1n) === sign ? x : mod(-x, P), y };
}

/**
 * Whether eight times the point is the neutral element.
 * @param {{x: bigint, y: bigint}} point
 */
function isOfSmallOrder(point) {
  let [x, y, z] = [point.x, point.y, 1n];
  for (let i = 0; i < 3; i++) {
    // Doubling in projective coordinates (Bernstein and others, "Twisted Edwards Curves", with a = -1).
    const b = mod((x + y) ** 2n, P);
    const c = mod(x * x, P);
    const d = mod(y * y, P);
    const f = mod(d - c, P);
    const j = mod(f - 2n * z * z, P);
    [x, y, z] = [mod((b - c - d) * j, P), mod(f * (-c - d), P), mod(f * j, P)];
  }
  return x === 0n && y === z;
}

/**
 * Whether 32 bytes are the canonical encoding of a point that is not of small order.
 * @param {Uint8Array} bytes
 */
export function isAcceptable(bytes) {
  const point = decode(bytes);
  return point !== undefined && !isOfSmallOrder(point);
}
