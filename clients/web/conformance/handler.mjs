// One request of the client protocol to its answer: JSON values in, JSON values out.

import { fromHex, toHex } from "../endkey/bytes.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { OPERATIONS } from "./operations.mjs";

export const CLIENT = { name: "endkey-web", version: "1.0.0" };

/**
 * @typedef {{outcome: "ok", out: any} | {outcome: "reject", code: string, offset?: number}
 *   | {outcome: "unsupported", reason: string} | {outcome: "error", detail: string}} Answer
 */

/** Keys whose strings are texts; all other strings are byte strings in hexadecimal. */
const TEXTS = new Set(["approval", "category", "code", "event", "field", "kind", "label", "phase", "role"]);

/** @param {any} value @param {string} [key] @returns {any} */
function fromJSON(value, key = "") {
  if (typeof value === "string") return TEXTS.has(key) ? value : fromHex(value);
  if (Array.isArray(value)) return value.map((element) => fromJSON(element));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fromJSON(member, name)]));
}

/** @param {any} value @returns {any} */
function toJSON(value) {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") {
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError("a number that JSON readers round");
    return Number(value);
  }
  if (Array.isArray(value)) return value.map(toJSON);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJSON(member)]));
}

/** @param {string} op @param {any} input @returns {Promise<Answer>} */
export async function answer(op, input) {
  if (!Object.hasOwn(OPERATIONS, op)) return { outcome: "unsupported", reason: `no operation ${op}` };
  try {
    return { outcome: "ok", out: toJSON(await OPERATIONS[op](fromJSON(input))) };
  } catch (error) {
    if (!(error instanceof Refusal)) return { outcome: "error", detail: String(error) };
    const { code, offset } = error;
    return offset === undefined ? { outcome: "reject", code } : { outcome: "reject", code, offset };
  }
}
