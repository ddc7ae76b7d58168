// Refusals: the closed list of codes of section 19.

/** An input that the specification says to refuse. It holds a code and, for format errors, an offset; no secret. */
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

/** How Web Crypto says that what it was given is wrong; its other exceptions say that an algorithm is missing. */
const FAILURES = ["OperationError", "DataError"];

/**
 * Whether an error says that an input is bad, rather than that this program or its engine is.
 * @param {unknown} error
 */
export const isRefusal = (error) =>
  error instanceof Refusal || (error instanceof DOMException && FAILURES.includes(error.name));

/**
 * Runs `body`; a refusal inside it becomes `code` alone, so that nobody learns which check failed.
 * @template T @param {string} code @param {() => Promise<T>} body @returns {Promise<T>}
 */
export async function asOne(code, body) {
  try {
    return await body();
  } catch (error) {
    if (isRefusal(error)) throw new Refusal(code);
    throw error;
  }
}
