// What this browser remembers of an account, for a person's end over HTTP: the pins of the dashboard's, and beside them
// what was sent and not answered.

import { compare, isZero } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { pinsWith } from "../endkey/protocol/owner.mjs";
import { isRefusal } from "../endkey/refusal.mjs";
import { parse } from "../endkey/wire/types.mjs";
import { alone, forget, recall, recallBeside, remember } from "../dashboard/pins.mjs";
import { Publication } from "../http/envelopes.mjs";

/** @typedef {import("../http/memory.mjs").Kept} Kept */

/** @param {Kept} kept */
function sentOf({ body }) {
  const { vault, state, rules } = parse(Publication, body);
  return { vault, state, ruleSet: rules };
}

/**
 * What was kept, if it is what the pins call pending: else it counts as given up (section 12.8).
 * @param {any} pins @param {any} kept @returns {Promise<Kept | null>}
 */
async function pendingOf(pins, kept) {
  if (pins === null || isZero(pins.pending_vault) || !(kept?.body instanceof Uint8Array)) return null;
  try {
    const { vault } = parse(Publication, kept.body);
    return compare(await sha256(vault), pins.pending_vault) === 0 ? kept : null;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** @type {import("../http/memory.mjs").Memory} */
export const browserMemory = {
  alone,
  forget,
  async recall(login) {
    const recalled = await recall(login);
    return { ...recalled, pending: await pendingOf(recalled.pins, await recallBeside(login)) };
  },
  async keep(login, pins, pending) {
    const named = await pinsWith(pins, pending && sentOf(pending));
    return remember(login, named, { value: pending ?? undefined });
  },
};
