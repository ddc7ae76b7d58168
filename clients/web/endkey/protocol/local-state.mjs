// The sealed state of an end on its own disk (section 13.4).

import { concat } from "../bytes.mjs";
import { derive } from "../labels.mjs";
import { open } from "../primitives/chunked-encryption.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { MESSAGE_TYPES } from "../registry.mjs";
import { AgentContents, OwnerContents } from "../wire/contents.mjs";
import { LocalState } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";

const CONTEXT = 32;

/**
 * The contents' bytes.
 * @param {Uint8Array} deviceKey @param {Uint8Array} message @returns {Promise<Uint8Array>}
 */
export async function openLocalState(deviceKey, message) {
  const { header, sealed } = parse(LocalState, message);
  return asOne("local_state_open_failed", async () => {
    const type = Uint8Array.of(MESSAGE_TYPES[header.type]);
    const key = await derive(deviceKey, "local-state", concat(header.account_id, type));
    const contents = await open(key, message.subarray(0, CONTEXT), sealed);
    if (header.type === "agent_state") checkAgent(parse(AgentContents, contents, { header }), header.epoch);
    else parse(OwnerContents, contents);
    return contents;
  });
}

/**
 * No agent writes that it has stopped, nor that it is active without keys of its epoch.
 * @param {any} agent @param {number} epoch
 */
function checkAgent(agent, epoch) {
  const holdsKeys = agent.epochs.some((/** @type {any} */ keys) => keys.epoch === epoch);
  if (agent.phase === "stopped" || (agent.phase === "active" && !holdsKeys)) refuse("local_state_open_failed");
}
