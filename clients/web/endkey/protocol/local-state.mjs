// The sealed state of an end on its own disk (section 13.4).

import { concat, isZero } from "../bytes.mjs";
import { derive } from "../labels.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { MESSAGE_TYPES } from "../registry.mjs";
import { AgentContents, OwnerContents } from "../wire/contents.mjs";
import { EnrolmentRequest, LocalState } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";

const CONTEXT = 32;

/** @param {Uint8Array} deviceKey @param {import("../wire/types.mjs").Header} header */
const stateKey = (deviceKey, { account_id, type }) =>
  derive(deviceKey, "local-state", concat(account_id, Uint8Array.of(MESSAGE_TYPES[type])));

/**
 * @param {Uint8Array} deviceKey
 * @param {import("../wire/types.mjs").Header} header
 * @param {number} generation
 * @param {Uint8Array} salt
 * @param {any} contents
 */
export async function sealLocalState(deviceKey, header, generation, salt, contents) {
  const type = header.type === "agent_state" ? AgentContents : OwnerContents;
  const context = serialize(LocalState, { header, generation, sealed: new Uint8Array(72) }).slice(0, CONTEXT);
  const sealed = await seal(await stateKey(deviceKey, header), context, salt, serialize(type, contents));
  return serialize(LocalState, { header, generation, sealed });
}

/**
 * The contents' bytes.
 * @param {Uint8Array} deviceKey @param {Uint8Array} message @returns {Promise<Uint8Array>}
 */
export async function openLocalState(deviceKey, message) {
  const { header, sealed } = parse(LocalState, message);
  return asOne("local_state_open_failed", async () => {
    const contents = await open(await stateKey(deviceKey, header), message.subarray(0, CONTEXT), sealed);
    if (header.type === "agent_state") checkAgent(parse(AgentContents, contents), header);
    else parse(OwnerContents, contents);
    return contents;
  });
}

/**
 * What each phase holds, as the table of section 13.4 has it; a phase that is not here is never written.
 * @type {Record<string, (about: {isPinned: boolean, request: boolean, key: boolean, keys: boolean, none: boolean}) =>
 *   boolean>}
 */
const WRITTEN = {
  unpinned: ({ isPinned, request, key, none }) => !isPinned && !request && !key && none,
  pinned: ({ isPinned, request, key, none }) => isPinned && request && !key && none,
  waiting: ({ isPinned, key, keys }) => isPinned && key && !keys,
  active: ({ isPinned, key, keys }) => isPinned && key && keys,
  revoked: ({ isPinned, key }) => isPinned && key,
};

/** @param {any} agent @param {import("../wire/types.mjs").Header} header */
function checkAgent(agent, header) {
  const request = agent.request.length > 0;
  if (request) parse(EnrolmentRequest, agent.request);
  const isWritten = WRITTEN[agent.phase]?.({
    isPinned: !isZero(header.account_id), request, key: agent.account_key.length > 0,
    keys: agent.epochs.some((/** @type {any} */ keys) => keys.epoch === header.epoch), none: agent.epochs.length === 0,
  });
  if (isWritten !== true) refuse("local_state_open_failed");
}
