// The sealed state of an end on its own disk (section 13.4).

import { compare, concat, isZero } from "../bytes.mjs";
import { derive } from "../labels.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { checkPrimes, modulusOf } from "../primitives/rsa.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { MESSAGE_TYPES } from "../registry.mjs";
import { AgentContents, CodeTerms, OwnerContents } from "../wire/contents.mjs";
import { AccountState, EnrolmentRequest, LocalState } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId } from "./keys.mjs";
import { lists } from "./state.mjs";

const CONTEXT = 32;

/** @typedef {import("../wire/types.mjs").Header} Header */

/** @param {import("./keys.mjs").Secret} deviceKey @param {Header} header */
const stateKey = (deviceKey, { account_id, type }) =>
  derive(deviceKey, "local-state", concat(account_id, Uint8Array.of(MESSAGE_TYPES[type])));

/**
 * @param {import("./keys.mjs").Secret} deviceKey
 * @param {Header} header
 * @param {number} writes
 * @param {Uint8Array} salt
 * @param {any} contents
 */
export async function sealLocalState(deviceKey, header, writes, salt, contents) {
  const type = header.type === "agent_state" ? AgentContents : OwnerContents;
  const context = serialize(LocalState, { header, writes, sealed: new Uint8Array(72) }).slice(0, CONTEXT);
  const sealed = await seal(await stateKey(deviceKey, header), context, salt, serialize(type, contents));
  return serialize(LocalState, { header, writes, sealed });
}

/**
 * The contents' bytes.
 * @param {import("./keys.mjs").Secret} deviceKey @param {Uint8Array} message @returns {Promise<Uint8Array>}
 */
export async function openLocalState(deviceKey, message) {
  const { header, sealed } = parse(LocalState, message);
  return asOne("local_state_open_failed", async () => {
    const contents = await open(await stateKey(deviceKey, header), message.subarray(0, CONTEXT), sealed);
    const isWritten = header.type === "agent_state"
      ? await isAgents(parse(AgentContents, contents), header)
      : isPersons(parse(OwnerContents, contents), header);
    return isWritten ? contents : refuse("local_state_open_failed");
  });
}

/**
 * What each phase holds, as the table of section 13.4 has it: of `request`, `terms`, `state`, `epoch_keys` whether they
 * are there, `null` where they may be. A phase that is not here is never written.
 * @type {Record<string, (boolean | null)[]>}
 */
const WRITTEN = {
  unpinned: [false, false, false, false],
  pinned: [true, true, false, false],
  waiting: [null, true, true, false],
  active: [null, true, true, true],
  revoked: [null, true, true, false],
};

/**
 * A message of this account, where its bytes are there.
 * @param {import("../wire/types.mjs").Type} type @param {Uint8Array} bytes @param {Header} header
 */
function ofAccount(type, bytes, header) {
  if (bytes.length === 0) return null;
  const message = parse(type, bytes);
  return compare(message.header.account_id, header.account_id) === 0 ? message : refuse("local_state_open_failed");
}

/** @param {any} agent @param {Header} header */
async function isAgents(agent, header) {
  const { phase, keys, least, running, age } = agent;
  const parts = [agent.request, agent.terms, agent.state, agent.epoch_keys];
  const isThere = parts.map(({ length }) => length > 0);
  const isOfPhase = WRITTEN[phase]?.every((due, i) => due === null || due === isThere[i]) === true;
  if (!isOfPhase || (phase === "unpinned") !== isZero(header.account_id)) return false;
  if (phase === "unpinned" && (age !== 0 || agent.sequence !== 0)) return false;
  checkPrimes(keys.p, keys.q);
  if ((agent.sequence === 0) !== isZero(agent.batch_hash)) return false;
  const modulus = modulusOf(keys.p, keys.q);
  const { verifyKey } = await SigningKey.of(keys.seed);
  const request = ofAccount(EnrolmentRequest, agent.request, header);
  if (request !== null && (compare(request.modulus, modulus) !== 0 || compare(request.verify_key, verifyKey) !== 0)) {
    return false;
  }
  const terms = isThere[1] ? parse(CodeTerms, agent.terms) : null;
  if (terms !== null && terms.role !== "agent") return false;
  const state = ofAccount(AccountState, agent.state, header);
  if (state === null) return header.epoch === 0 && least === 0 && running === 0;
  return header.epoch === state.header.epoch && state.generation >= terms.generation && least >= state.made
    && (phase === "revoked" || !lists(state, await agentId(modulus, verifyKey)));
}

/** @param {any} person @param {Header} header */
function isPersons(person, header) {
  if (compare(person.head.header.account_id, header.account_id) !== 0) return false;
  const state = ofAccount(AccountState, person.state, header);
  const isStateRight = state === null ? header.epoch === 0 : header.epoch === state.header.epoch;
  const isPendingRight = !isZero(person.pending_vault)
    || (isZero(person.pending_state) && isZero(person.pending_rule_set));
  return isStateRight && isPendingRight && isZero(person.vault_hash) === (state === null)
    && (state === null || person.generation >= state.generation);
}
