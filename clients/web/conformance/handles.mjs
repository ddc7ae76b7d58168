// Operations with a handle: ends that live from one prompt to the next.

import { Owner } from "../endkey/protocol/owner.mjs";
import { pinnedAgent, takeStep } from "./agent-events.mjs";
import { step } from "./steps.mjs";
import { stretchOnce } from "./stretch-cache.mjs";

/** @type {Record<string, (owner: Owner, input: any) => any>} */
const OWNER_EVENTS = {
  open: (owner, { messages, says, now }) => owner.open(messages, says, now),
  confirm: (owner) => owner.confirm(),
  edit: (owner, { says, now }) => owner.edit(says, now),
  renew_certificate: (owner, { says, now }) => owner.act("renew_certificate", says, now),
  rotate: (owner, { says, now }) => owner.act("rotate", says, now),
  repair: (owner, { says, now }) => owner.act("repair", says, now),
  request: (owner, { message, says, now }) => owner.request(message, says, now),
  stored: (owner) => owner.stored(),
  other: (owner, { messages, says, now }) => owner.other(messages, says, now),
  no_answer: (owner) => owner.noAnswer(),
  discard: (owner) => owner.discard(),
  lock: (owner) => owner.lock(),
  restart: (owner) => owner.restart(),
  restart_lost: (owner) => owner.forget(),
};

/** @param {Owner} owner @param {any} input */
async function takeOwnerStep(owner, input) {
  owner.findings = [];
  const code = await step(() => OWNER_EVENTS[input.event](owner, input));
  const { phase, findings, generation } = owner;
  return { phase, code, findings, generation };
}

/**
 * The three operations of a kind of end.
 * @template {{phase: string}} End
 * @param {string} role
 * @param {(input: any) => End | Promise<End>} make
 * @param {(end: End, input: any) => any} take
 */
function operationsOf(role, make, take) {
  /** @type {Map<number, End>} */
  const ends = new Map();
  let last = 0;
  const end = (/** @type {number} */ handle) => {
    const found = ends.get(handle);
    if (found === undefined) throw new TypeError(`no ${role} has the handle ${handle}`);
    return found;
  };
  return {
    [`${role}/open`]: async (/** @type {any} */ input) => {
      const made = await make(input);
      last += 1;
      ends.set(last, made);
      return { handle: last, phase: made.phase };
    },
    [`${role}/step`]: (/** @type {any} */ input) => take(end(input.handle), input),
    [`${role}/close`]: (/** @type {any} */ input) => {
      end(input.handle);
      ends.delete(input.handle);
      return {};
    },
  };
}

export const HANDLES = {
  ...operationsOf("agent", pinnedAgent, takeStep),
  ...operationsOf("owner", (input) => new Owner(input, stretchOnce), takeOwnerStep),
};
