// Counts the account from its signed batches (R-16.2-1), and holds the service's report against that. What is counted
// is of members that the vault names; the report adds nothing to it.

import { compare, fromUTF8, toHex } from "../endkey/bytes.mjs";
import { auditMember, Shared, tokenKey } from "../endkey/protocol/batches.mjs";
import { writeToken } from "../endkey/text/texts.mjs";
import { StateNote } from "../endkey/wire/contents.mjs";
import { Token } from "../endkey/wire/messages.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";
import { Gathering } from "./counted.mjs";

/**
 * What is wrong with what the service gives. `batch` is the hash of the one at fault, `sequence` its number or that of
 * one that is not there, `at` a time that says more, `missing` the numbers of the batches that are not there.
 * @typedef {{agent_id: string, code: string, batch: string | null, sequence: number | null, at?: number,
 *   missing?: Range}} Finding
 * Time of a token of an agent, as the service says and as was counted; `isTwice` where it says so more than once.
 * @typedef {{agent_id: string, token: string, reported: number, counted: number, isTwice?: boolean}} Difference
 * A member of the vault, with the number of its batches that count, and whether any ever did.
 * `mark` is up to where its batches were looked at, `kept` the newest that retention took; `made` is when those were
 * made that count.
 * @typedef {{agent_id: string, label: string, status: string, batches: number, hasSent: boolean, made: number[],
 *   mark: import("../endkey/protocol/batches.mjs").Mark, kept: import("../endkey/protocol/batches.mjs").Tip}} MemberSum
 * @typedef {{first: number, last: number}} Range
 * @typedef {{agent_id: string} & Range} Erased
 * @typedef {{members: MemberSum[], batches: number, counted: import("./counted.mjs").Counted, findings: Finding[],
 *   differences: Difference[], erased: Erased[]}} Result
 * @typedef {{account: Uint8Array, contents: any, keys: {epoch: number, token_key: Uint8Array}[],
 *   agents: import("./service.mjs").AgentReport[]}} Question
 */

/**
 * Of a member whom the report leaves out.
 * @type {Omit<import("./service.mjs").AgentReport, "agent_id">}
 */
const NOTHING = { name: "", request: null, batches: [], erased: [], applications: [], repeated: [] };

/**
 * @param {Question} question @param {(done: number, all: number) => void} progress in batches
 * @returns {Promise<Result>}
 */
export async function auditAccount({ account, contents, keys, agents }, progress) {
  const reports = new Map(agents.map((agent) => [agent.agent_id, agent]));
  const all = agents.reduce((sum, { batches }) => sum + batches.length, 0);
  let done = 0;
  const states = contents.states.map((/** @type {any} */ note) => serialize(StateNote, note));
  const shared = new Shared(account, keys, states);
  const gathering = new Gathering(contents.rules.map((/** @type {any} */ rule) =>
    ({ ...rule, value: fromUTF8(rule.value) })));
  const members = contents.members.map((/** @type {any} */ { agent_id }) =>
    ({ agent_id, request: reports.get(toHex(agent_id))?.request ?? null }));
  /** @type {Map<string, number>} */
  const places = new Map();
  /** @type {Omit<Result, "counted">} */
  const result = { members: [], batches: 0, findings: [], differences: [], erased: [] };
  for (const member of contents.members) {
    const agent_id = toHex(member.agent_id);
    const { request, batches, erased, applications, name, repeated } = reports.get(agent_id) ?? NOTHING;
    reports.delete(agent_id);
    const label = fromUTF8(member.label) ?? "";
    const hasSent = member.audited_sequence > 0;
    const kept = { sequence: member.kept_sequence, hash: member.kept_hash };
    const sum = { agent_id, label, status: member.status, batches: 0, hasSent, made: [], mark: markOf(member), kept };
    const index = result.members.push(sum) - 1;
    // Of whom nothing was ever audited and nothing came, there is nothing to check.
    if (!hasSent && batches.length === 0 && erased.length === 0 && applications.length === 0) {
      continue;
    }
    const erasures = contents.erasures.filter((/** @type {any} */ one) => compare(one.agent_id, member.agent_id) === 0);
    const audited = await auditMember({
      account_id: account, members, agent_id: member.agent_id, status: member.status, mark: markOf(member),
      kept, now: Date.now(), retention_days: contents.retention_days, states, keys, erasures, erased, batches,
    }, shared, () => {
      done += 1;
      progress(done, all);
    });
    for (const { code, batch, sequence } of audited.findings) {
      const given = batch === null ? null : audited.given[batch];
      const number = given ? given.batch?.sequence ?? null : sequence;
      const about = { code, sequence: number, isHistory: given === null };
      const missing = missingOf(about, member, audited.counted, erased);
      result.findings.push({
        agent_id, code, batch: given && toHex(given.hash), sequence: number, ...(missing && { missing }),
      });
    }
    result.erased.push(...[...audited.erased].reverse().map((range) => ({ agent_id, ...range })));
    const made = audited.counted.map(({ batch }) => batch.made);
    Object.assign(sum, { batches: audited.counted.length, made, mark: audited.mark, kept: audited.kept });
    result.batches += audited.counted.length;
    for (const { batch } of audited.counted) gather(gathering, index, batch, shared, places);
    const told = { name, applications, repeated };
    result.differences = result.differences.concat(differences(agent_id, told, audited.totals));
  }
  for (const [agent_id, { batches, applications, repeated }] of reports) {
    result.findings.push({ agent_id, code: "unknown_agent", batch: null, sequence: null });
    result.differences = result.differences.concat(differences(agent_id, { name: "", applications, repeated }, []));
    done += batches.length;
    progress(done, all);
  }
  return { ...result, counted: gathering.done() };
}

/**
 * The numbers of the batches that a finding misses, so that one that grows is another finding.
 * @param {{code: string, sequence: number | null, isHistory: boolean}} finding @param {any} member
 * @param {{batch: any}[]} counted @param {Range[]} erased what the service says is erased
 * @returns {Range | undefined}
 */
export function missingOf({ code, sequence, isHistory }, member, counted, erased) {
  if (sequence === null) return undefined;
  if (code === "erased_unseen") {
    const first = Math.min(...erased.filter(({ last }) => last === sequence).map((range) => range.first));
    return { first, last: sequence };
  }
  if (code !== "sequence_gap") return undefined;
  if (isHistory) return { first: member.kept_sequence + 1, last: sequence };
  const first = counted.reduce((most, { batch }) => (batch.sequence < sequence ? Math.max(most, batch.sequence) : most),
    member.audited_sequence) + 1;
  return { first, last: sequence - 1 };
}

/**
 * @param {Gathering} gathering @param {number} agent @param {any} batch @param {Shared} shared
 * @param {Map<string, number>} places of the values of tokens that were seen
 */
function gather(gathering, agent, batch, shared, places) {
  for (const record of batch.records) {
    /** @type {Record<string, number>} */
    const its = {};
    for (const { token, blob } of record.items) {
      if (blob !== undefined) {
        const { field, length, digest } = blob;
        gathering.addPicture({ agent, field, start: record.start, length, digest: toHex(digest) });
      } else {
        const key = tokenKey(token);
        let place = places.get(key);
        if (place === undefined) {
          place = gathering.place(token.field, shared.textOf(token));
          places.set(key, place);
        }
        its[token.field] = place;
      }
    }
    gathering.add(agent, record, its);
  }
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
 * Where the service's sums of applications are others than those counted, by whole token; a token that it tells twice,
 * and a name that no counted record has, are differences too.
 * @param {string} agent_id
 * @param {Pick<import("./service.mjs").AgentReport, "name" | "applications" | "repeated">} report
 * @param {{token: Uint8Array, milliseconds: bigint}[]} totals @returns {Difference[]}
 */
function differences(agent_id, { name, applications, repeated }, totals) {
  /** @type {Map<string, number>} */
  const counted = new Map();
  /** @type {string[]} */
  const names = [];
  for (const { token, milliseconds } of totals) {
    const { field } = parse(Token, token);
    if (field === "application_name") counted.set(writeToken(token), Number(milliseconds));
    if (field === "employee_name") names.push(writeToken(token));
  }
  /** @type {Map<string, number>} */
  const reported = new Map(applications.map(({ token, milliseconds }) => [token, milliseconds]));
  const twice = new Set(repeated);
  const found = [...new Set([...reported.keys(), ...counted.keys(), ...twice])]
    .map((token) => ({
      agent_id, token, reported: reported.get(token) ?? 0, counted: counted.get(token) ?? 0,
      ...(twice.has(token) && { isTwice: true }),
    })).filter((one) => one.reported !== one.counted || one.isTwice);
  const isNamed = name === "" ? names.length === 0 : names.includes(name);
  return isNamed ? found : [{ agent_id, token: name, reported: 0, counted: 0 }, ...found];
}
