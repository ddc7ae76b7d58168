// Record batches (section 16): signing, and the audit of one member.

import { compare, concat, uint } from "../bytes.mjs";
import { isSigned, signed } from "../labels.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { Refusal, refuse } from "../refusal.mjs";
import { pairOf, StateNote } from "../wire/contents.mjs";
import { EnrolmentRequest, RecordBatch, tokenBytes } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId } from "./keys.mjs";
import { DAY } from "./state.mjs";
import { ciphersOf, openTokens } from "./tokens.mjs";

/**
 * The tokens of a record.
 * @param {any} record @returns {any[]}
 */
export const tokensOf = (record) => record.items.flatMap((/** @type {any} */ item) => item.token ?? []);

/** @param {any} batch */
function checkEpochs(batch) {
  const isForeign = (/** @type {any} */ token) => token.epoch !== batch.header.epoch;
  if (batch.records.flatMap(tokensOf).some(isForeign)) refuse("epoch_mismatch");
}

/**
 * @param {import("../primitives/ed25519.mjs").SigningKey} key the agent's
 * @param {{account_id: Uint8Array, epoch: number, agent_id: Uint8Array, sequence: number, previous: Uint8Array,
 *   made: number, state_generation: number, state_counter: number, state: Uint8Array, records: any[]}} input
 */
export async function signBatch(key, input) {
  const { account_id, epoch, ...fields } = input;
  const batch = { header: { type: "record_batch", account_id, epoch }, ...fields, signature: new Uint8Array(64) };
  checkEpochs(batch);
  return signed(key, serialize(RecordBatch, batch).subarray(0, -64));
}

/**
 * @typedef {{sequence: number, hash: Uint8Array}} Tip the number of a batch and its hash
 * @typedef {Tip & {generation: number, counter: number}} Mark
 * @typedef {{first: number, last: number, before_hash: Uint8Array, last_hash: Uint8Array}} Erasure
 * @typedef {{account_id: Uint8Array, members: {agent_id: Uint8Array, request: Uint8Array | null}[],
 *   agent_id: Uint8Array, status: string, mark: Mark, kept: Tip, now: number, retention_days: number,
 *   states: Uint8Array[],
 *   keys: {epoch: number, token_key: Uint8Array}[], erasures: Erasure[], erased: {first: number, last: number}[],
 *   batches: Uint8Array[]}} Auditor
 * @typedef {{batch: number | null, sequence: number | null, code: string}} Finding
 * @typedef {{index: number, message: Uint8Array, hash: Uint8Array, batch: any, fault: Refusal | null}} Given
 */

/** @param {Uint8Array} message @param {number} index @returns {Promise<Given>} */
async function given(message, index) {
  const about = { index, message, hash: await sha256(message) };
  try {
    return { ...about, batch: parse(RecordBatch, message), fault: null };
  } catch (error) {
    if (error instanceof Refusal) return { ...about, batch: null, fault: error };
    throw error;
  }
}

/**
 * What audits of the members of one account share: each key is set up once, and each distinct token is opened once.
 */
export class Shared {
  /**
   * What opening each token gave, by its key.
   * @type {Map<string, import("./tokens.mjs").Opening>}
   */
  opened = new Map();

  /** @param {Uint8Array} account @param {{epoch: number, token_key: Uint8Array}[]} keys @param {Uint8Array[]} states */
  constructor(account, keys, states) {
    this.ciphers = ciphersOf(account, keys);
    this.notes = states.map((note) => parse(StateNote, note));
  }

  /**
   * Opens the tokens of a batch. The first one that does not open refuses.
   * @param {any[]} tokens
   */
  async open(tokens) {
    /** @type {Map<string, any>} */
    const unknown = new Map();
    for (const token of tokens) {
      const key = tokenKey(token);
      if (!this.opened.has(key)) unknown.set(key, token);
    }
    const openings = await openTokens(this.ciphers, [...unknown.values()]);
    [...unknown.keys()].forEach((key, i) => this.opened.set(key, openings[i]));
    for (const token of tokens) {
      const opened = /** @type {import("./tokens.mjs").Opening} */ (this.opened.get(tokenKey(token)));
      if ("code" in opened) refuse(opened.code);
    }
  }

  /**
   * The text of a token of a batch that was opened.
   * @param {any} token @returns {string}
   */
  textOf(token) {
    const opened = this.opened.get(tokenKey(token));
    return opened !== undefined && "value" in opened ? opened.value : "";
  }
}

/**
 * A token's bytes as a string, one character each: in the order of tokens, and quick to look up. Made once.
 * @param {any} token @returns {string}
 */
export function tokenKey(token) {
  if (token[KEY] === undefined) {
    const bytes = /** @type {any} */ (tokenBytes(token));
    Object.defineProperty(token, KEY, { value: String.fromCharCode.apply(null, bytes) });
  }
  return token[KEY];
}

const KEY = Symbol("key");

/** @param {string} key */
function fromKey(key) {
  const bytes = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) bytes[i] = key.charCodeAt(i);
  return bytes;
}

/** The audit of one member. */
class Audit {
  /** @type {Finding[]} */
  findings = [];
  /**
   * The batches that count, with their hashes.
   * @type {Given[]}
   */
  counted = [];
  /**
   * Milliseconds of each token, by its key.
   * @type {Map<string, bigint>}
   */
  #totals = new Map();
  /**
   * Hashes of the batches that are history or were counted, and of those that these name, by number.
   * @type {Map<number, Uint8Array>}
   */
  #known = new Map();
  /**
   * What is shown as erased, descending: the Erasures that the walk back went over, and what is gone.
   * @type {{first: number, last: number}[]}
   */
  erased = [];
  /** @type {Promise<Uint8Array> | undefined} */
  #key;

  /** @param {Auditor} auditor @param {Shared} shared */
  constructor(auditor, shared) {
    this.auditor = auditor;
    this.shared = shared;
    this.tip = { sequence: auditor.mark.sequence, hash: auditor.mark.hash };
    this.kept = auditor.kept;
    this.pair = pairOf(auditor.mark);
  }

  get totals() {
    return [...this.#totals].sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([token, milliseconds]) => ({ token: fromKey(token), milliseconds }));
  }

  /**
   * Backwards from the mark: the batches that are history, newest first.
   * @param {Given[]} all @returns {Promise<Given[]>}
   */
  async history(all) {
    const { account_id, agent_id, kept, erasures } = this.auditor;
    const own = all.filter(({ batch }) => batch !== null
      && compare(batch.header.account_id, account_id) === 0 && compare(batch.agent_id, agent_id) === 0);
    const found = [];
    let { sequence: number, hash } = this.tip;
    let isExpired = await this.#isNextExpired(own);
    while (number > 0) {
      this.#known.set(number, hash);
      if (number === kept.sequence && compare(hash, kept.hash) !== 0) {
        this.findings.push({ batch: null, sequence: number, code: "chain_broken" });
      }
      const erasure = erasures.find(({ last, last_hash }) => last === number && compare(last_hash, hash) === 0);
      if (erasure !== undefined) {
        this.erased.push(pickRange(erasure));
        [number, hash] = [erasure.first - 1, erasure.before_hash];
        continue;
      }
      const one = own.find(({ batch, hash: its }) => batch.sequence === number && compare(its, hash) === 0);
      if (one === undefined) {
        if (number <= kept.sequence || isExpired) this.erased.push({ first: 1, last: number });
        else this.findings.push({ batch: null, sequence: number, code: "sequence_gap" });
        if (number > kept.sequence && isExpired) this.kept = { sequence: number, hash };
        return found;
      }
      found.push(one);
      isExpired ||= this.#isExpired(one);
      [number, hash] = [number - 1, one.batch.previous];
    }
    return found;
  }

  /**
   * Whether what is before a batch may have been taken by retention (R-16.5-4).
   * @param {Given} one
   */
  #isExpired({ batch }) {
    const { now, retention_days } = this.auditor;
    return batch.made + retention_days * DAY < now;
  }

  /**
   * The same of the next batch after the mark, where it is there.
   * @param {Given[]} own
   */
  async #isNextExpired(own) {
    const { sequence, hash } = this.tip;
    for (const one of own) {
      if (one.batch.sequence !== sequence + 1 || compare(one.batch.previous, hash) !== 0) continue;
      if (this.#isExpired(one) && await this.#isSigned(one)) return true;
    }
    return false;
  }

  /** @param {Given} one */
  async #isSigned({ message }) {
    try {
      return await isSigned(await this.#verifyKey(), message);
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  /**
   * Takes one batch; `counts` makes its checks.
   * @param {Given} one @param {(one: Given, note: (code: string) => void) => Promise<void>} check
   */
  async take(one, check) {
    const note = (/** @type {string} */ code) => this.findings.push({ batch: one.index, sequence: null, code });
    try {
      await check(one, note);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== "") note(error.code);
      return;
    }
    this.counted.push(one);
    for (const record of one.batch.records) {
      const duration = BigInt(record.duration);
      for (const token of tokensOf(record)) {
        const key = tokenKey(token);
        this.#totals.set(key, (this.#totals.get(key) ?? 0n) + duration);
      }
    }
  }

  /**
   * What a batch of history has to satisfy.
   * @param {Given} one
   */
  async checkTokens({ batch }) {
    checkEpochs(batch);
    await this.shared.open(batch.records.flatMap(tokensOf));
  }

  /**
   * The steps of a batch that is not history; what is counted is the new tip.
   * @param {Given} one @param {(code: string) => void} note
   */
  async check(one, note) {
    const { message, hash, batch, fault } = one;
    const { account_id, members, agent_id, status } = this.auditor;
    if (fault !== null) throw fault;
    if (compare(batch.header.account_id, account_id) !== 0) refuse("wrong_account");
    if (compare(batch.agent_id, agent_id) !== 0) {
      refuse(members.some((one) => compare(one.agent_id, batch.agent_id) === 0) ? "wrong_recipient" : "unknown_agent");
    }
    if (!(await isSigned(await this.#verifyKey(), message))) refuse("signature_invalid");
    const { sequence } = batch;
    if (sequence <= this.tip.sequence) {
      if (this.erased.some(({ first, last }) => first <= sequence && sequence <= last)) refuse(PASSED_OVER);
      const known = this.#known.get(sequence) ?? refuse("chain_broken");
      refuse(compare(known, hash) === 0 ? "sequence_repeat" : "sequence_fork");
    }
    if (status !== "granted") refuse("revoked");
    const isGap = sequence > this.tip.sequence + 1;
    if (isGap) note("sequence_gap");
    if (!isGap && compare(batch.previous, this.tip.hash) !== 0) refuse("chain_broken");
    const noted = this.shared.notes.find((one) => compare(one.hash, batch.state) === 0);
    if (noted === undefined) note(this.#isAhead(batch) ? "state_withheld" : "state_fork");
    else if (compare(pairOf(noted), this.pair) < 0) refuse("counter_rollback");
    else if (batch.header.epoch !== noted.epoch) refuse("epoch_mismatch");
    await this.checkTokens(one);
    if (noted !== undefined && this.#isStale(batch, noted)) note("state_stale");
    this.tip = { sequence, hash };
    this.#known.set(sequence, hash);
    if (noted !== undefined) this.pair = pairOf(noted);
  }

  /** The key that the member's id certifies, by its request. */
  #verifyKey() {
    this.#key ??= this.#certifiedKey();
    return this.#key;
  }

  async #certifiedKey() {
    const { account_id, members, agent_id: id } = this.auditor;
    const member = members.find(({ agent_id }) => compare(agent_id, id) === 0);
    try {
      const { header, modulus, verify_key } = parse(EnrolmentRequest, member?.request ?? refuse("unknown_agent"));
      const isAccounts = compare(header.account_id, account_id) === 0;
      if (isAccounts && compare(await agentId(modulus, verify_key), id) === 0) return verify_key;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    return refuse("unknown_agent");
  }

  /**
   * Whether a batch names a state above the newest one noted.
   * @param {any} batch
   */
  #isAhead({ state_generation, state_counter }) {
    const pair = concat(uint(state_generation, 4), uint(state_counter, 8));
    return this.shared.notes.every((note) => compare(pair, pairOf(note)) > 0);
  }

  /**
   * Whether a batch was made more than a day after a later state of another epoch.
   * @param {any} batch @param {any} noted
   */
  #isStale({ made }, noted) {
    return this.shared.notes.some((later) => compare(pairOf(later), pairOf(noted)) > 0
      && later.epoch !== noted.epoch && made > later.made + DAY);
  }
}

/** No code: what is shown as erased is passed over without a finding. */
const PASSED_OVER = "";

/** @param {Erasure} erasure */
const pickRange = ({ first, last }) => ({ first, last });

/**
 * Audits the batches of one member.
 * @param {Auditor} auditor
 */
export async function audit(auditor) {
  const { account_id, keys, states } = auditor;
  const { findings, totals, mark, erased, kept } = await auditMember(auditor, new Shared(account_id, keys, states));
  return { findings, totals, mark, erased, kept };
}

/**
 * The same, with what audits of one account share; gives all batches, and those that count, as well.
 * @param {Auditor} auditor @param {Shared} shared @param {() => void} [progress] called after each batch
 */
export async function auditMember(auditor, shared, progress = () => {}) {
  const all = await Promise.all(auditor.batches.map(given));
  const one = new Audit(auditor, shared);
  const history = new Set(await one.history(all));
  for (const batch of history) {
    await one.take(batch, (given) => one.checkTokens(given));
    progress();
  }
  const others = all.filter((given) => !history.has(given));
  const number = (/** @type {Given} */ { batch }) => batch?.sequence ?? 0;
  others.sort((a, b) => number(a) - number(b) || a.index - b.index);
  for (const batch of others) {
    await one.take(batch, (given, note) => one.check(given, note));
    progress();
  }
  for (const { last } of auditor.erased) {
    if (last > auditor.mark.sequence) one.findings.push({ batch: null, sequence: last, code: "erased_unseen" });
  }
  const place = (/** @type {Finding} */ { batch }) => batch ?? all.length;
  one.findings.sort((a, b) => place(a) - place(b) || (b.sequence ?? 0) - (a.sequence ?? 0));
  const [generation, counter] = numbers(one.pair);
  const mark = { ...one.tip, generation, counter };
  const { findings, totals, erased, kept, counted } = one;
  return { findings, totals, mark, erased, kept, given: all, counted };
}

/**
 * The two numbers of a pair.
 * @param {Uint8Array} pair
 */
function numbers(pair) {
  const view = new DataView(pair.buffer, pair.byteOffset);
  return [view.getUint32(0), Number(view.getBigUint64(4))];
}
