// HMAC (RFC 2104) with SHA-256.

const { subtle } = globalThis.crypto;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/**
 * HMAC pads a key with zeros, and Web Crypto takes none without a byte.
 * @param {Uint8Array} key @param {KeyUsage} use
 */
const imported = (key, use) => subtle.importKey("raw", key.length ? key : new Uint8Array(1), HMAC, false, [use]);

/** @param {Uint8Array} key @param {Uint8Array} data @returns {Promise<Uint8Array>} */
export async function hmac(key, data) {
  const handle = await imported(key, "sign");
  return new Uint8Array(await subtle.sign("HMAC", handle, data));
}

/**
 * Whether `mac` is that of `data`, in constant time.
 * @param {Uint8Array} key @param {Uint8Array} data @param {Uint8Array} mac
 */
export async function hmacVerifies(key, data, mac) {
  const handle = await imported(key, "verify");
  return subtle.verify("HMAC", handle, mac, data);
}
