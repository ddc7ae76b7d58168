// Computes the totals from the signed batches (R-16.2-1), and holds the service's report against them.

import { compare, fromHex, fromUTF8, toHex } from "../endkey/bytes.mjs";
import { audit } from "../endkey/protocol/batches.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { writeToken } from "../endkey/text/texts.mjs";
import { StateNote } from "../endkey/wire/contents.mjs";
import { Token } from "../endkey/wire/messages.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";

/**
 * Of a member whom the report leaves out.
 * @type {Omit<import("./service.mjs").AgentReport, "agent_id">}
 */
const NOTHING = { name: "", request: null, batches: [], erased: [], applications: [] };

/**
 * Totals by the batches that count, and what the batches do not bear out: faults of batches, and agents of whom the
 * service says something else.
 * @typedef {{agent_id: string, batch: number | null, sequence: number | null, code: string}} Finding
 * @typedef {{agents: import("./report.mjs").AgentRows[], batches: number, findings: Finding[], differences: string[]}}
 *   Result
 */

/**
 * @param {import("../endkey/protocol/person.mjs").Whole} whole
 * @param {{epoch: number, token_key: Uint8Array}[]} keys
 * @param {import("./service.mjs").Report} report
 * @returns {Promise<Result>}
 */
export async function auditReport({ account, contents }, keys, report) {
  /** @type {Result} */
  const result = { agents: [], batches: 0, findings: [], differences: [] };
  const agents = new Map(report.agents.map((agent) => [agent.agent_id, agent]));
  for (const id of agents.keys()) {
    const isIt = (/** @type {any} */ { agent_id }) => compare(agent_id, fromHex(id)) === 0;
    if (!contents.members.some(isIt)) {
      result.findings.push({ agent_id: id, batch: null, sequence: null, code: "unknown_agent" });
    }
  }
  const states = contents.states.map((/** @type {any} */ note) => serialize(StateNote, note));
  for (const member of contents.members) {
    const id = toHex(member.agent_id);
    const { name, request, batches, erased, applications } = agents.get(id) ?? NOTHING;
    const erasures = contents.erasures.filter((/** @type {any} */ one) => compare(one.agent_id, member.agent_id) === 0);
    const audited = await audit({
      account_id: account, members: [{ agent_id: member.agent_id, request }], agent_id: member.agent_id,
      status: member.status, mark: markOf(member), kept: { sequence: member.kept_sequence, hash: member.kept_hash },
      states, keys, erasures, erased, batches,
    });
    result.batches += batches.length;
    result.findings.push(...audited.findings.map((finding) => ({ agent_id: id, ...finding })));
    const names = rowsOf("employee_name", audited.totals);
    const rows = rowsOf("application_name", audited.totals);
    const isNamed = name === "" ? names.length === 0 : names.some(({ token }) => token === name);
    if (!isNamed || !areSame(applications, rows)) result.differences.push(id);
    if (rows.length > 0 || agents.has(id)) {
      const label = names[0]?.token ?? (member.label.length > 0 ? fromUTF8(member.label) ?? id : id);
      result.agents.push({ agent_id: id, name: label, applications: rows });
    }
  }
  return result;
}

/**
 * What the vault has of a member's audits.
 * @param {any} member
 */
const markOf = (member) => ({
  sequence: member.audited_sequence, hash: member.audited_hash,
  generation: member.audited_generation, counter: member.audited_state,
});

/**
 * The totals of a field's tokens, by their texts, the greatest first.
 * @param {string} field @param {{token: Uint8Array, milliseconds: bigint}[]} totals
 */
const rowsOf = (field, totals) => totals
  .filter(({ token }) => parse(Token, token).field === field)
  .map(({ token, milliseconds }) => ({ token: writeToken(token), milliseconds: Number(milliseconds) }))
  .sort((a, b) => b.milliseconds - a.milliseconds);

/**
 * @param {import("./service.mjs").Application[]} reported @param {import("./service.mjs").Application[]} counted
 */
function areSame(reported, counted) {
  const times = new Map(reported.map(({ token, milliseconds }) => [token, milliseconds]));
  return reported.length === times.size && counted.length === times.size
    && counted.every(({ token, milliseconds }) => times.get(token) === milliseconds);
}
