// What a step of an end says: nothing, or the code of its refusal.

import { Refusal } from "../endkey/refusal.mjs";

/** @param {() => any} body @returns {Promise<string | null>} */
export async function step(body) {
  try {
    await body();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
