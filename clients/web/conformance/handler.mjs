// One request of the client protocol to its answer: JSON values in, JSON values out.

import { Refusal } from "../endkey/refusal.mjs";
import { OPERATION_TYPES } from "./operation-table.mjs";
import { OPERATIONS } from "./operations.mjs";

export const CLIENT = { name: "endkey-web", version: "1.0.0" };

/**
 * @typedef {{outcome: "ok", out: any} | {outcome: "reject", code: string, offset?: number}
 *   | {outcome: "unsupported", reason: string} | {outcome: "error", detail: string}} Answer
 */

/** @param {string} op @param {any} input @returns {Promise<Answer>} */
export async function answer(op, input) {
  if (!Object.hasOwn(OPERATIONS, op)) return { outcome: "unsupported", reason: `no operation ${op}` };
  try {
    const type = OPERATION_TYPES[op];
    return { outcome: "ok", out: type.out.write(await OPERATIONS[op](type.in.read(input, "in")), "out") };
  } catch (error) {
    if (!(error instanceof Refusal)) return { outcome: "error", detail: String(error) };
    const { code, offset } = error;
    return offset === undefined ? { outcome: "reject", code } : { outcome: "reject", code, offset };
  }
}
