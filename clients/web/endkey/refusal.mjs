// Refusals: the closed list of codes of section 19.

/** An input that this document says to refuse. It holds a code and, for format errors, an offset; never a secret. */
export class Refusal extends Error {
  /** @param {string} code @param {number} [offset] */
  constructor(code, offset) {
    super(offset === undefined ? code : `${code} at ${offset}`);
    this.name = "Refusal";
    this.code = code;
    this.offset = offset;
  }
}

/** @param {string} code @param {number} [offset] @returns {never} */
export function refuse(code, offset) {
  throw new Refusal(code, offset);
}

/**
 * Runs `body`; a refusal or a failure of Web Crypto inside it becomes `code` alone, so that nobody learns which check failed.
 * A fault of this program (TypeError, RangeError, ...) stays what it is.
 * @template T @param {string} code @param {() => Promise<T>} body @returns {Promise<T>}
 */
export async function asOne(code, body) {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Refusal || error instanceof DOMException) throw new Refusal(code);
    throw error;
  }
}
