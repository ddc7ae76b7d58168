// What this browser remembers of an account, for a person's end over HTTP: the pins of the dashboard's, and beside them
// what was sent and not answered, and the last whole that opened.

import { compare } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";
import { pinsWith } from "../endkey/protocol/owner.mjs";
import { isRefusal } from "../endkey/refusal.mjs";
import { PersonRequest } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";
import {
  alone, recall, recallBeside, recallWhole, remember, rememberBeside, rememberedLogins,
} from "../dashboard/pins.mjs";
import { Publication } from "../http/envelopes.mjs";

/** @typedef {import("../http/memory.mjs").Kept} Kept */

/** @param {Kept} kept */
function sentOf({ body }) {
  const { vault, state, rules } = parse(Publication, body);
  return { vault, state, ruleSet: rules };
}

/**
 * What was kept, if it begins something here, or is what the pins call pending: else it counts as given up (12.8).
 * @param {any} pins @param {any} kept @returns {Promise<Kept | null>}
 */
async function pendingOf(pins, kept) {
  if (!(kept?.body instanceof Uint8Array)) return null;
  try {
    if (kept.begins === "request") return parse(PersonRequest, kept.body) && kept;
    const { vault } = parse(Publication, kept.body);
    if (kept.begins) return kept;
    return pins !== null && compare(await sha256(vault), pins.pending_vault) === 0 ? kept : null;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/**
 * Whether what was kept has the form of a whole; what its messages are, the opening says.
 * @param {any} kept
 */
const isWhole = (kept) => {
  const isBytes = (/** @type {string} */ name) => kept?.[name] instanceof Uint8Array;
  return ["head", "person_keys", "account_state", "owner_vault"].every(isBytes)
    && ["password_wrap", "grant", "rule_set"].every((name) => kept[name] === null || isBytes(name));
};

/**
 * @param {any} kept @returns {kept is import("../http/memory.mjs").KeptWhole}
 */
const isKeptWhole = (kept) => isWhole(kept) && Array.isArray(kept.ended) && kept.ended.every(isWhole);

/** @param {string} login */
async function recalled(login) {
  const { pins, memory } = await recall(login);
  const pending = await pendingOf(pins, await recallBeside(login));
  const whole = await recallWhole(login);
  return { pins, pending, whole: isKeptWhole(whole) ? whole : null, memory };
}

/** @type {import("../http/memory.mjs").Memory} */
export const browserMemory = {
  alone,
  recall: recalled,
  async known() {
    return Promise.all((await rememberedLogins()).map(async (login) => ({ login, ...await recalled(login) })));
  },
  async keep(login, pins, pending, whole) {
    const named = await pinsWith(pins, pending && sentOf(pending));
    return remember(login, named, { value: pending ?? undefined }, whole);
  },
  begin: (login, pending) => rememberBeside(login, pending ?? undefined),
};
