// SHA-1 (inside OAEP alone), SHA-256 (FIPS 180-4).

const { subtle } = globalThis.crypto;

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array>} */
export const sha256 = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array>} */
export const sha1 = async (bytes) => new Uint8Array(await subtle.digest("SHA-1", bytes));
