// Holds the service's report against the signed batches (R-16.2-1): a person's end computes the totals itself.

import { compare, fromHex, toHex, utf8 } from "../endkey/bytes.mjs";
import { audit } from "../endkey/protocol/batches.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { readToken } from "../endkey/text/texts.mjs";
import { StateNote } from "../endkey/wire/contents.mjs";
import { Token } from "../endkey/wire/messages.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";

/**
 * Of a member whom the report leaves out.
 * @type {Pick<import("./service.mjs").AgentReport, "request" | "batches" | "erased" | "applications">}
 */
const NOTHING = { request: null, batches: [], erased: [], applications: [] };

/**
 * What the batches do not bear out: faults of batches, and agents whose rows add up to something else.
 * @typedef {{agent_id: string, batch: number | null, sequence: number | null, code: string}} Finding
 * @typedef {{batches: number, findings: Finding[], differences: string[]}} Result
 */

/**
 * @param {import("../endkey/protocol/person.mjs").Whole} whole
 * @param {{epoch: number, token_key: Uint8Array}[]} keys
 * @param {import("./service.mjs").Report} report
 * @returns {Promise<Result>}
 */
export async function auditReport({ account, contents }, keys, report) {
  /** @type {Result} */
  const result = { batches: 0, findings: [], differences: [] };
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
    const { request, batches, erased, applications } = agents.get(id) ?? NOTHING;
    const erasures = contents.erasures.filter((/** @type {any} */ one) => compare(one.agent_id, member.agent_id) === 0);
    const audited = await audit({
      account_id: account, members: [{ agent_id: member.agent_id, request }], agent_id: member.agent_id,
      status: member.status, mark: markOf(member), kept: { sequence: member.kept_sequence, hash: member.kept_hash },
      states, keys, erasures, erased, batches,
    });
    result.batches += batches.length;
    result.findings.push(...audited.findings.map((finding) => ({ agent_id: id, ...finding })));
    if (!isBorneOut(applications, audited.totals)) result.differences.push(id);
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
 * @param {{token: string, milliseconds: number}[]} rows
 * @param {{token: Uint8Array, milliseconds: bigint}[]} totals
 */
function isBorneOut(rows, totals) {
  const counted = new Map(totals
    .filter(({ token }) => parse(Token, token).field === "application_name")
    .map(({ token, milliseconds }) => [toHex(token), milliseconds]));
  return rows.length === counted.size
    && rows.every(({ token, milliseconds }) => counted.get(bytesOf(token)) === BigInt(milliseconds));
}

/**
 * The bytes of a token's text in hexadecimal, or a text that no token has.
 * @param {string} token
 */
function bytesOf(token) {
  try {
    return toHex(readToken(utf8(token)));
  } catch (error) {
    if (error instanceof Refusal) return token;
    throw error;
  }
}
