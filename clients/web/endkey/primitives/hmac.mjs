// HMAC (RFC 2104) with SHA-256.

const { subtle } = globalThis.crypto;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** @param {Uint8Array} key @param {Uint8Array} data @returns {Promise<Uint8Array>} */
export async function hmac(key, data) {
  const handle = await subtle.importKey("raw", key, HMAC, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", handle, data));
}

/**
 * Whether `mac` is that of `data`, in constant time.
 * @param {Uint8Array} key @param {Uint8Array} data @param {Uint8Array} mac
 */
export async function hmacVerifies(key, data, mac) {
  const handle = await subtle.importKey("raw", key, HMAC, false, ["verify"]);
  return subtle.verify("HMAC", handle, mac, data);
}
