// Holds the service's report against the signed batches (R-16.2-1): the owner's end computes the totals itself.

import { fromHex, toHex, utf8 } from "../endkey/bytes.mjs";
import { Audit } from "../endkey/protocol/batches.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { readToken } from "../endkey/text/texts.mjs";
import { Token } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";

/**
 * What the batches do not bear out: faults of batches, and agents whose rows add up to something else.
 * @typedef {{batches: number, findings: {agent_id: string, batch: number, code: string}[], differences: string[]}}
 *   Result
 */

/**
 * @param {import("../endkey/protocol/recovery.mjs").Account} account
 * @param {import("./service.mjs").Report} report
 * @returns {Promise<Result>}
 */
export async function auditReport(account, report) {
  /** @type {Result} */
  const result = { batches: 0, findings: [], differences: [] };
  for (const { agent_id, applications, batches } of report.agents) {
    const audit = new Audit({
      account_id: account.account_id, members: account.vault.members,
      agent_id: fromHex(agent_id), state_counter: account.state.counter,
    }, { sequence: 0, hash: new Uint8Array(32), state_counter: 0 });
    for (const [index, batch] of batches.entries()) await audit.take(index, batch);
    result.batches += batches.length;
    result.findings.push(...audit.findings.map((finding) => ({ agent_id, ...finding })));
    if (!isBorneOut(applications, audit.totals)) result.differences.push(agent_id);
  }
  return result;
}

/**
 * @param {{token: string, milliseconds: number}[]} rows
 * @param {{field: string, v: Uint8Array, milliseconds: bigint}[]} totals
 */
function isBorneOut(rows, totals) {
  const counted = new Map(totals
    .filter(({ field }) => field === "application_name")
    .map(({ v, milliseconds }) => [toHex(v), milliseconds]));
  return rows.length === counted.size
    && rows.every(({ token, milliseconds }) => counted.get(groupOf(token)) === BigInt(milliseconds));
}

/**
 * What the service groups a token by, or a text that no group has.
 * @param {string} token
 */
function groupOf(token) {
  try {
    return toHex(parse(Token, readToken(utf8(token))).v);
  } catch (error) {
    if (error instanceof Refusal) return token;
    throw error;
  }
}
