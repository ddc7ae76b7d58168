// The state machines of both ends (sections 10.3 and 10.4).

import { AGENT_MACHINE, OWNER_MACHINE } from "../registry.mjs";

/** @param {[string, string, string, string | null][]} table @param {string} phase @param {string} event */
function step(table, phase, event) {
  const rows = table.filter(([start]) => start === phase);
  const row = rows.find(([, name]) => name === event) ?? rows.find(([, name]) => name === "any other");
  if (row === undefined) throw new TypeError(`no such phase or event: ${phase}, ${event}`);
  return { next: row[2], error: row[3] };
}

/** @param {string} phase @param {string} event */
export const agentStep = (phase, event) => step(AGENT_MACHINE, phase, event);

/** @param {string} phase @param {string} event */
export const ownerStep = (phase, event) => step(OWNER_MACHINE, phase, event);
