// Operations with a handle: ends that live from one prompt to the next.

import { utf8 } from "../endkey/bytes.mjs";
import { Agent } from "../endkey/protocol/agent.mjs";
import { Owner } from "../endkey/protocol/owner.mjs";
import { pinsOf, textOf } from "../dashboard/pins.mjs";
import { AGENT_EVENTS, step } from "./agent-run.mjs";
import { stretchOnce } from "./stretch-cache.mjs";

/** @type {Record<string, (owner: Owner, input: any) => any>} */
const OWNER_EVENTS = {
  open: (owner, { messages }) => {
    const { owner_vault, account_state, ...others } = messages;
    return owner.open({ ...others, vault: owner_vault, state: account_state });
  },
  lock: (owner) => owner.lock(),
  // What the device remembers is written and read again.
  restart: (owner) => owner.restart(owner.pins === null ? null : pinsOf(textOf(owner.pins))),
  request: (owner, { message }) => owner.request(message),
};

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
    [`${role}/step`]: (/** @type {any} */ input) => step(end(input.handle), () => take(end(input.handle), input)),
    [`${role}/close`]: (/** @type {any} */ input) => {
      end(input.handle);
      ends.delete(input.handle);
      return {};
    },
  };
}

/**
 * What an event does; one that is not known is an error, not a refusal.
 * @template {Record<string, any>} Events
 * @param {Events} events @param {string} event @returns {Events[string]}
 */
function eventOf(events, event) {
  if (!Object.hasOwn(events, event)) throw new TypeError(`no event ${event}`);
  return events[event];
}

export const HANDLES = {
  ...operationsOf("agent", (input) => Agent.pinned(utf8(input.code), input),
    (agent, { event, message }) => eventOf(AGENT_EVENTS, event)(agent, message)),
  ...operationsOf("owner", (input) => new Owner(input, () => input.now, stretchOnce),
    (owner, input) => eventOf(OWNER_EVENTS, input.event)(owner, input)),
};
