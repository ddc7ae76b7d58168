// `agent/run`: an agent that has pinned a code and sent its request takes one step after the other.

import { utf8 } from "../endkey/bytes.mjs";
import { Agent } from "../endkey/protocol/agent.mjs";
import { Refusal } from "../endkey/refusal.mjs";

/** @type {Record<string, (agent: Agent, message: any) => any>} */
export const AGENT_EVENTS = {
  code: (agent) => agent.code(),
  state: (agent, message) => agent.state(message),
  grant: (agent, message) => agent.grant(message),
  activity: (agent, message) => agent.tokenise("window_title", message),
  service_off: (agent) => agent.serviceOff(),
  // The state lives in this object: a restart with its state whole changes nothing. One that has stopped has none, and
  // finds its mark.
  restart: (agent) => agent.phase === "stopped" && agent.stateLost(),
  restart_damaged: (agent) => agent.stateLost(),
};

/** @param {any} input @returns {Promise<{phase: string, code: string | null}[]>} */
export async function runAgent(input) {
  const agent = await Agent.pinned(utf8(input.code), input);
  const results = [];
  for (const { event, message } of input.steps) {
    results.push(await step(agent, () => AGENT_EVENTS[event](agent, message)));
  }
  return results;
}

/**
 * The phase after one step, and the code of its refusal or null.
 * @param {{phase: string}} end @param {() => any} body
 */
export async function step(end, body) {
  try {
    await body();
    return { phase: end.phase, code: null };
  } catch (error) {
    if (error instanceof Refusal) return { phase: end.phase, code: error.code };
    throw error;
  }
}
