// Hashes, keys and signatures for one purpose each (sections 2.3, 6.2, 8.5).

import { concat, utf8 } from "./bytes.mjs";
import { sha256 } from "./primitives/digest.mjs";
import { verifies } from "./primitives/ed25519.mjs";
import { hkdfSHA256 } from "./primitives/hkdf.mjs";
import { CONTEXT_LENGTHS, KEY_LENGTHS } from "./registry.mjs";

/**
 * `"endkey/1 " || label || 0x00`.
 * @param {string} label
 */
export const labelled = (label) => concat(utf8(`endkey/1 ${label}`), Uint8Array.of(0));

/**
 * `H(label, data)`.
 * @param {string} label @param {Uint8Array} data
 */
export const labelledHash = (label, data) => sha256(concat(labelled(label), data));

/**
 * `Derive(key, label, context, n)`, n being the label's, as is the length of the context (R-2.3-1).
 * @param {Uint8Array | CryptoKey} key @param {string} label @param {Uint8Array} context
 */
export const derive = (key, label, context) => {
  const due = CONTEXT_LENGTHS[label];
  if (context.length !== due) throw new RangeError(`the context of ${label} has ${due} bytes, not ${context.length}`);
  return hkdfSHA256(key, concat(labelled(label), context), KEY_LENGTHS[label]);
};

/**
 * What is signed under a label.
 * @param {"signature" | "certificate"} label @param {...Uint8Array} parts
 */
export const toSign = (label, ...parts) => concat(labelled(label), ...parts);

/**
 * Appends the signature to all bytes before it.
 * @param {import("./primitives/ed25519.mjs").SigningKey} key @param {Uint8Array} bytes
 */
export const signed = async (key, bytes) => concat(bytes, await key.sign(toSign("signature", bytes)));

/**
 * Whether the last 64 bytes sign those before them.
 * @param {Uint8Array} verifyKey @param {Uint8Array} message
 */
export const isSigned = (verifyKey, message) =>
  verifies(verifyKey, toSign("signature", message.subarray(0, -64)), message.subarray(-64));
