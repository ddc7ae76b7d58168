// The steps of `agent/run` and `agent/step`: an agent that has pinned a code and sent its request takes one after the
// other.

import { utf8 } from "../endkey/bytes.mjs";
import { Agent } from "../endkey/protocol/agent.mjs";
import { step } from "./steps.mjs";

/** @type {Record<string, (agent: Agent, message: any) => any>} */
const EVENTS = {
  code: (agent, message) => agent.code(message),
  state: (agent, message) => agent.state(message),
  grant: (agent, message) => agent.grant(message),
  capture: (agent) => agent.capture(),
  activity: (agent, message) => agent.tokenise("window_title", message),
  service_off: (agent) => agent.serviceOff(),
  // The state lives in this object: a restart with its state whole changes nothing. One that has stopped has none, and
  // finds its mark.
  restart: (agent) => agent.phase === "stopped" && agent.stateLost(),
  restart_damaged: (agent) => agent.stateLost(),
};

/** @param {any} input */
export const pinnedAgent = (input) => Agent.pinned(utf8(input.code), input);

/** @param {Agent} agent @param {{event: string, message: any, runs: number, wall: number}} about */
export async function takeStep(agent, { event, message, runs, wall }) {
  agent.pass(runs, wall);
  const code = await step(() => EVENTS[event](agent, message));
  return { phase: agent.phase, code, now: agent.now };
}

/** @param {any} input */
export async function runAgent(input) {
  const agent = await pinnedAgent(input);
  const results = [];
  for (const about of input.steps) results.push(await takeStep(agent, about));
  return { results };
}
