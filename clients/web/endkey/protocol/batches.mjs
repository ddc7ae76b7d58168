// Record batches (section 16): signing, and the audit of one agent.

import { compare, toHex } from "../bytes.mjs";
import { isSigned, signed } from "../labels.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { Refusal, refuse } from "../refusal.mjs";
import { ENUMS } from "../registry.mjs";
import { RecordBatch } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";

/** @param {any} batch */
function checkEpochs(batch) {
  for (const { items } of batch.records) {
    for (const item of items) {
      if (item.type === "token" && item.token.epoch !== batch.header.epoch) refuse("epoch_mismatch");
    }
  }
}

/**
 * @param {Uint8Array} seed of the agent
 * @param {{account_id: Uint8Array, epoch: number, agent_id: Uint8Array, sequence: number, previous: Uint8Array,
 *   state_counter: number, records: any[]}} input
 */
export async function signBatch(seed, input) {
  const { account_id, epoch, ...fields } = input;
  const batch = { header: { type: "record_batch", account_id, epoch }, ...fields, signature: new Uint8Array(64) };
  checkEpochs(batch);
  return signed(await SigningKey.of(seed), serialize(RecordBatch, batch).subarray(0, -64));
}

/**
 * Where an audit stands: the batch counted last.
 * @typedef {{sequence: number, hash: Uint8Array, state_counter: number}} Position
 * @typedef {{agent_id: Uint8Array, verify_key: Uint8Array}} Member
 * @typedef {{account_id: Uint8Array, members: Member[], agent_id: Uint8Array, state_counter: number}} Auditor
 */

/** The audit of one agent. */
export class Audit {
  /** @type {{batch: number, code: string}[]} */
  findings = [];
  /**
   * Milliseconds of each token, by field number and v in hexadecimal.
   * @type {Map<string, {field: string, v: Uint8Array, milliseconds: bigint}>}
   */
  #totals = new Map();
  /**
   * Hashes of what was counted, by sequence.
   * @type {Map<number, Uint8Array>}
   */
  #counted = new Map();

  /** @param {Auditor} auditor @param {Position} start */
  constructor(auditor, start) {
    this.auditor = auditor;
    this.end = start;
    if (start.sequence > 0) this.#counted.set(start.sequence, start.hash);
  }

  /** Sorted by field number, then v. */
  get totals() {
    return [...this.#totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  }

  /** @param {number} index @param {Uint8Array} message */
  async take(index, message) {
    const note = (/** @type {string} */ code) => this.findings.push({ batch: index, code });
    try {
      const batch = await this.#check(message, note);
      this.#count(batch, await sha256(message));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      note(error.code);
    }
  }

  /**
   * Steps 1 to 9 of section 16.2.
   * @param {Uint8Array} message @param {(code: string) => void} note
   */
  async #check(message, note) {
    const { auditor, end } = this;
    const batch = parse(RecordBatch, message);
    if (compare(batch.header.account_id, auditor.account_id) !== 0) refuse("wrong_account");
    const isFrom = (/** @type {Member} */ { agent_id }) => compare(agent_id, batch.agent_id) === 0;
    const member = auditor.members.find(isFrom) ?? refuse("unknown_agent");
    if (compare(batch.agent_id, auditor.agent_id) !== 0) refuse("wrong_recipient");
    if (!(await isSigned(member.verify_key, message))) refuse("signature_invalid");
    if (batch.sequence <= end.sequence) {
      const known = this.#counted.get(batch.sequence);
      refuse(known !== undefined && compare(known, await sha256(message)) !== 0 ? "sequence_fork" : "sequence_repeat");
    }
    const isGap = batch.sequence > end.sequence + 1;
    if (isGap) note("sequence_gap");
    if (!isGap && compare(batch.previous, end.hash) !== 0) refuse("chain_broken");
    if (batch.state_counter < end.state_counter) refuse("counter_rollback");
    if (batch.state_counter > auditor.state_counter) note("state_withheld");
    checkEpochs(batch);
    return batch;
  }

  /** @param {any} batch @param {Uint8Array} hash */
  #count(batch, hash) {
    this.end = { sequence: batch.sequence, hash, state_counter: batch.state_counter };
    this.#counted.set(batch.sequence, hash);
    for (const { duration, items } of batch.records) {
      for (const { type, token } of items) {
        if (type !== "token") continue;
        const key = ENUMS.TokenField[token.field] + toHex(token.v);
        const total = this.#totals.get(key) ?? { field: token.field, v: token.v, milliseconds: 0n };
        total.milliseconds += BigInt(duration);
        this.#totals.set(key, total);
      }
    }
  }
}
