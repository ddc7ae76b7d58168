// PBKDF2-HMAC-SHA-256 (RFC 8018), 32 bytes.

const { subtle } = globalThis.crypto;

/**
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {number} iterations
 * @returns {Promise<Uint8Array>}
 */
export async function pbkdf2(password, salt, iterations) {
  const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 256));
}
