// Stretched passwords of this process. Vectors share a few; a person's client stretches once and keeps nothing.

import { toHex } from "../endkey/bytes.mjs";
import { pbkdf2 } from "../endkey/primitives/pbkdf2.mjs";

/** @type {Map<string, Promise<Uint8Array>>} */
const stretched = new Map();

/** @type {import("../endkey/protocol/password.mjs").Stretch} */
export function stretchOnce(password, salt, iterations) {
  const name = `${toHex(password)} ${toHex(salt)} ${iterations}`;
  const known = stretched.get(name) ?? pbkdf2(password, salt, iterations);
  stretched.set(name, known);
  return known;
}
