// What an account holds at a service, for whoever counts it (`spec/http.md`, sections 7.2, 7.3 and 11). Nothing of it
// is trusted: an audit says what counts.

import { toHex } from "../endkey/bytes.mjs";
import { agentId } from "../endkey/protocol/keys.mjs";
import { Refusal } from "../endkey/refusal.mjs";
import { EnrolmentRequest } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";
import { isCount, isCountOrNone, isId, isOneOf, json, MEDIA, Problem, typed, Unsettled } from "./service.mjs";

/** @typedef {import("./service.mjs").Service} Service */

/** Bytes of an EnrolmentRequest, with which a PersonRequest begins. */
export const AGENT_REQUEST = 440;
/** All times that engines know. */
const ALL_TIMES = [0, 8.64e15];
const ROWS = 50_000;
/** Items of the listings of section 7, as far as they are read. */
export const AGENT_ITEM = {
  id: isId, status: isOneOf("pending", "granted", "listed"), last_seen: isCountOrNone, batches: isCount,
};
const isTextOrNone = (/** @type {unknown} */ value) => value === null || typeof value === "string";
const BATCH_ITEM = { agent: isId, sequence: isCount, erased: isCountOrNone };
/** Bytes of a RecordBatch up to its agent_id, and behind that. */
const [AGENT, BEHIND_AGENT] = [24, 40];

/**
 * All that a listing gives.
 * @template T @param {AsyncIterable<T>} listing @returns {Promise<T[]>}
 */
export async function all(listing) {
  const found = [];
  for await (const one of listing) found.push(one);
  return found;
}

/**
 * The id of who sent a request; null for what is none.
 * @param {Uint8Array} message
 */
export async function requester(message) {
  try {
    const { modulus, verify_key } = parse(EnrolmentRequest, message.subarray(0, AGENT_REQUEST));
    return toHex(await agentId(modulus, verify_key));
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/**
 * The agent that a batch says it is of; null for what is too short to say.
 * @param {Uint8Array} message
 */
const senderOf = (message) => (message.length < BEHIND_AGENT ? null : toHex(message.subarray(AGENT, BEHIND_AGENT)));

/**
 * The number that a batch says it has.
 * @param {Uint8Array} message
 */
const sequenceOf = (message) => (message.length < BEHIND_AGENT + 8 ? 0
  : Number(new DataView(message.buffer, message.byteOffset).getBigUint64(BEHIND_AGENT)));

/**
 * Values by key.
 * @template T @extends {Map<string, T[]>}
 */
class Lists extends Map {
  /** @param {string} key @param {T} value */
  add(key, value) {
    const known = this.get(key);
    if (known === undefined) this.set(key, [value]);
    else known.push(value);
  }
}

/**
 * Of each agent: its request, its batches, the numbers of those that were erased, and the service's own sums.
 * @param {Service} service @param {string} path of the account
 */
export async function readReport(service, path) {
  const [requests, names] = [new Map(), new Map()];
  const [batches, erased, sums] = [new Lists(), new Lists(), new Lists()];
  for await (const message of service.messages(`${path}/requests`, MEDIA.requests, "&status=granted")) {
    const id = await requester(message);
    if (id !== null) requests.set(id, message.subarray(0, AGENT_REQUEST));
  }
  for await (const { agent, sequence, erased: at } of service.items(`${path}/batches`, "", BATCH_ITEM)) {
    if (at !== null) erased.add(agent, { first: sequence, last: sequence });
  }
  for await (const message of service.messages(`${path}/batches`, MEDIA.batches)) {
    const agent = senderOf(message);
    if (agent !== null) batches.add(agent, message);
  }
  // What is delivered is there, whatever the listing says.
  for (const [agent, messages] of batches) {
    const there = new Set(messages.map((/** @type {Uint8Array} */ message) => sequenceOf(message)));
    const gone = (erased.get(agent) ?? []).filter(({ first }) => !there.has(first));
    gone.length > 0 ? erased.set(agent, gone) : erased.delete(agent);
  }
  for (const { agent, value, milliseconds } of await readSums(service, path, "application_name")) {
    sums.add(agent, { token: value, milliseconds });
  }
  for (const { agent, value } of await readSums(service, path, "employee_name")) {
    if (!names.has(agent)) names.set(agent, value);
  }
  return [...new Set([...batches.keys(), ...erased.keys(), ...sums.keys(), ...requests.keys()])].sort()
    .map((agent_id) => ({
      agent_id, name: names.get(agent_id) ?? "", request: requests.get(agent_id) ?? null,
      applications: sums.get(agent_id) ?? [], batches: batches.get(agent_id) ?? [], erased: erased.get(agent_id) ?? [],
    }));
}

/**
 * The service's sums by agent and token of a field, the greatest first.
 * @param {Service} service @param {string} path @param {string} field
 */
async function readSums(service, path, field) {
  const { rows } = json(await service.post(`${path}/reports`,
    { bounds: ALL_TIMES, group: ["agent", field], order: "ms", limit: ROWS }));
  if (!Array.isArray(rows)) throw new Unsettled("a report has no rows");
  return rows.flatMap((row) => {
    const { agent, [field]: value, ms } = typed("a row of a report", row,
      { agent: isId, [field]: isTextOrNone, ms: isCount });
    return value === null ? [] : [{ agent, value, milliseconds: ms }];
  });
}

/**
 * A blob by its digest; null where the service has it not.
 * @param {Service} service @param {string} path @param {string} digest
 */
export async function readBlob(service, path, digest) {
  try {
    return (await service.request("GET", `${path}/blobs/${digest}`, { answer: MEDIA.message })).body;
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.type === "erased")) return null;
    throw error;
  }
}
