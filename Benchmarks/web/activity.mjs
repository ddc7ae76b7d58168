// Activity of one computer, as many records as are asked for, in signed batches under one state: invented, the same at
// each run but for the keys.

import { concat, utf8 } from "../../clients/web/endkey/bytes.mjs";
import { SigningKey } from "../../clients/web/endkey/primitives/ed25519.mjs";
import { sha256 } from "../../clients/web/endkey/primitives/digest.mjs";
import { signBatch } from "../../clients/web/endkey/protocol/batches.mjs";
import { agentId } from "../../clients/web/endkey/protocol/keys.mjs";
import { TokenCipher } from "../../clients/web/endkey/protocol/tokens.mjs";
import { StateNote } from "../../clients/web/endkey/wire/contents.mjs";
import { EnrolmentRequest, Token } from "../../clients/web/endkey/wire/messages.mjs";
import { parse, serialize } from "../../clients/web/endkey/wire/types.mjs";

export const START = 1_764_000_000_000;
const MINUTE = 60_000;

export const random = (/** @type {number} */ size) => crypto.getRandomValues(new Uint8Array(size));

/**
 * Tokens of invented titles, each another.
 * @param {TokenCipher} cipher @param {string} field @param {number} count
 */
export async function titles(cipher, field, count) {
  const made = [];
  for (let at = 0; at < count; at += 64) {
    made.push(...await Promise.all(Array.from({ length: Math.min(64, count - at) }, (_, i) =>
      cipher.seal(field, utf8(`${field} ${at + i}: quarterly report, page ${(at + i) % 97}`)))));
  }
  return made;
}

/**
 * @param {{records: number, titles: number, batch: number}} size records, distinct titles, records of a batch
 * @returns {Promise<import("../../clients/web/endkey/protocol/batches.mjs").Auditor>}
 */
export async function activity({ records, titles: count, batch: size }) {
  const account_id = random(16);
  const key = await SigningKey.of(random(32));
  const modulus = concat(Uint8Array.of(0xc0), random(254), Uint8Array.of(1));
  const agent_id = await agentId(modulus, key.verifyKey);
  const request = serialize(EnrolmentRequest, {
    header: { type: "enrolment_request", account_id, epoch: 0 }, nonce: random(32), modulus,
    verify_key: key.verifyKey, mac: random(32), signature: random(64),
  });
  const note = { generation: 1, counter: 1, epoch: 1, made: START, hash: random(32) };
  const token_key = random(64);
  const cipher = new TokenCipher(token_key, account_id, 1);
  const tokenOf = (/** @type {Uint8Array} */ message) => ({ type: "token", token: parse(Token, message) });
  const windows = (await titles(cipher, "window_title", count)).map(tokenOf);
  const applications = (await titles(cipher, "application_name", 40)).map(tokenOf);
  const [employee] = (await titles(cipher, "employee_name", 1)).map(tokenOf);
  const batches = [];
  let previous = new Uint8Array(32);
  for (let at = 0; at < records; at += size) {
    const some = Array.from({ length: Math.min(size, records - at) }, (_, i) => ({
      kind: "application", start: START + (at + i) * MINUTE, duration: MINUTE,
      items: [employee, applications[(at + i) % 40], windows[(at + i) % count]],
    }));
    /** @type {Uint8Array} */
    const message = await signBatch(key, {
      account_id, epoch: 1, agent_id, sequence: batches.length + 1, previous, made: START, state_generation: 1,
      state_counter: 1, state: note.hash, records: some,
    });
    batches.push(message);
    previous = await sha256(message);
  }
  return {
    account_id, members: [{ agent_id, request }], agent_id, status: "granted",
    mark: { sequence: 0, hash: new Uint8Array(32), generation: 0, counter: 0 },
    kept: { sequence: 0, hash: new Uint8Array(32) }, now: START, retention_days: 365,
    states: [serialize(StateNote, note)],
    keys: [{ epoch: 1, token_key }], erasures: [], erased: [], batches,
  };
}
