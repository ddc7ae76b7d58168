// A person's end in memory: its pins, a publication that is not settled, and its phase (sections 10.4 and 12.7 to
// 12.9).

import { compare, utf8 } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { pairOf, VaultContents } from "../wire/contents.mjs";
import { AccountState, Grant, OwnerVault } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { enter, verifyRequest } from "./enrolment.mjs";
import { openGrant } from "./grants.mjs";
import { tokenKey } from "./keys.mjs";
import { ownerStep } from "./machines.mjs";
import { mergeContents } from "./merge.mjs";
import { isKeyOf, openPerson, pinsOf, readPins, writePins } from "./person.mjs";
import { makePublication, maySign, serializeVault, settle, within, ZEROS } from "./publication.mjs";
import { makeRules } from "./rules.mjs";
import { makeVault, openOwnVault, personOf } from "./vault.mjs";

/**
 * @typedef {{password_changed: boolean, newest: boolean, without_storage: boolean, clock: boolean}} Says
 * What is sent, and what it started from. Messages alone can be kept: the rest is opened again.
 * @typedef {{expect: Uint8Array, vault: Uint8Array, state: Uint8Array | null, ruleSet: Uint8Array | null,
 *   grants: Uint8Array[], baseState: Uint8Array, baseVault: Uint8Array, root_act: boolean, asks: boolean}} Sent
 * @typedef {Sent & {baseContents: any, contents: any, masterKey: Uint8Array}} Pending
 * @typedef {import("./person.mjs").Messages} Messages
 * @typedef {import("./person.mjs").Whole & {messages: Messages, vault: Uint8Array, keysHash: Uint8Array}} Whole what is
 *   open, with its messages, the bytes of its vault and the hash of the opener's keys
 * What an act changes: who goes, who comes, and what the person wants changed in the vault.
 * `staying` are the members that the person was shown and that stay.
 * @typedef {{agents?: Uint8Array[], persons?: Uint8Array[], staying?: {agent_id: Uint8Array, kind: string}[],
 *   person?: {modulus: Uint8Array, verify_key: Uint8Array, label: Uint8Array}, edit?: (contents: any) => any}} Change
 * @typedef {import("./person.mjs").Kept} Kept
 * Writes the pins, and what is pending beside them, before anything goes on; and what an owner's end keeps of what it
 * opened, where it does (section 12.7).
 * @typedef {(pins: any, pending: Pending | null, kept: Kept | null) => Promise<void>} Keep
 */

const random = (/** @type {number} */ size) => crypto.getRandomValues(new Uint8Array(size));
const EMPTY = new Uint8Array(0);
const ROOT_ACTS = ["add_person", "remove_person", "repair"];
/** @param {Sent} sent the newest state that goes with it */
const newestOf = ({ state, baseState }) => state ?? baseState;
/** @param {Uint8Array} state */
const generationOf = (state) => parse(AccountState, state).generation;

export class Owner {
  phase = "locked";
  /** @type {string[]} */
  findings = [];
  /**
   * What this end remembers (OwnerContents).
   * @type {any}
   */
  #pins = null;
  /**
   * What was sent and is not settled; it lies beside the pins.
   * @type {Pending | null}
   */
  #pending = null;
  /**
   * The same of an earlier run, until the account is open.
   * @type {Sent | null}
   */
  #resumed = null;
  /** @type {Whole | null} */
  #whole = null;
  /**
   * The last whole that opened, at an owner's end that keeps one.
   * @type {Kept | null}
   */
  #kept = null;

  /**
   * @param {import("./password.mjs").Credentials & {durable: boolean, keepsWhole?: boolean}} about
   * @param {import("./password.mjs").Stretch} stretch @param {Keep} [keep]
   */
  constructor(about, stretch, keep = async () => {}) {
    this.about = about;
    this.stretch = stretch;
    this.keep = keep;
  }

  /**
   * Goes on with what an earlier run kept.
   * @param {any} pins @param {Sent | null} sent @param {Kept | null} [kept]
   */
  resume(pins, sent, kept = null) {
    this.#pins = pins;
    this.#resumed = sent;
    this.#kept = kept;
  }

  /** What is open. */
  get whole() {
    return this.#whole ?? refuse("no_master_key");
  }

  get pins() {
    return this.#pins;
  }

  get pending() {
    return this.#pending;
  }

  /** The generation of the state that is pending, else of the newest that was opened; 0 without one. */
  get generation() {
    const state = (this.#pending ?? this.#resumed)?.state ?? this.#pins?.state ?? EMPTY;
    return state.length === 0 ? 0 : parse(AccountState, state).generation;
  }

  /**
   * Refuses an event that this phase has an error for; `next` is the phase behind it.
   * @param {...string} events
   */
  #admit(...events) {
    const rows = events.map((event) => ownerStep(this.phase, event));
    const { error, next } = rows.find((row) => row.error === null) ?? rows[0];
    return error === null ? next : refuse(error);
  }

  /**
   * @param {import("./person.mjs").Messages} messages @param {Says} says @param {number} now
   */
  async #opened(messages, says, now) {
    const whole = await openPerson(
      this.#pins, says.password_changed, this.about, messages, now, this.stretch, this.#kept);
    this.findings = whole.findings;
    const of = whole.aside === null || this.#kept === null ? messages : this.#kept;
    return { ...whole, messages: of, vault: of.owner_vault, keysHash: await sha256(messages.person_keys) };
  }

  /** @param {import("./person.mjs").Messages} messages @param {Says} says @param {number} now */
  async open(messages, says, now) {
    const next = this.#admit(this.#pending === null && this.#resumed === null ? "open" : "open_pending");
    const whole = await this.#opened(messages, says, now);
    if (this.#resumed !== null) this.#pending = await openSent(this.#resumed, whole);
    this.#resumed = null;
    await this.#settled(whole.aside === null ? whole.pins : this.#pins, whole, this.#pending);
    this.phase = next;
  }

  /** Whether what is open is the last that opened here, since what the service has does not open. */
  get isAside() {
    return Boolean(this.#whole?.aside);
  }

  /** How many MasterKeys were kept here that the account lacks: the next publication gives them back (R-12.7-11). */
  get missingKeys() {
    return this.#whole?.ended.reduce((sum, { keys }) => sum + keys.length, 0) ?? 0;
  }

  async confirm() {
    const next = this.#admit("confirm");
    await this.#settled({ ...this.#pins, confirmed: true }, this.#whole, this.#pending);
    this.phase = next;
  }

  /**
   * What decides whether this end may sign.
   * @param {Says} says @param {number} now
   */
  #signer(says, now) {
    const { confirmed, generation } = this.#pins;
    return { remembered: confirmed && !this.isAside, generation, durable: this.about.durable, says, now };
  }

  /**
   * Makes what an act publishes (section 12.9). It is to be sent once this returns.
   * @param {string} act @param {Says} says @param {number} now @param {Change} [change]
   */
  async act(act, says, now, change = {}) {
    const { edit = (contents) => contents, agents, persons = [], staying = [], person } = change;
    const next = this.#admit(ROOT_ACTS.includes(act) ? "root_act" : "act");
    const whole = this.whole;
    const { header } = whole.state;
    const contents = edit(withOwnKeys(whole.contents, whole));
    const nextKey = random(32);
    const isRuled = contents.rules !== whole.contents.rules;
    const rules = rulesOf(contents, whole.account, isRuled);
    const { generation, contents: bytes, ...made } = await makePublication({
      act, seed: whole.person.seed, state: whole.pins.state, vault: whole.vault, master_key: whole.masterKey,
      contents: serializeVault(contents), ...this.#signer(says, now), aside: whole.aside, missing: whole.ended, persons,
      staying, person,
      agents: agents ?? (act === "repair" ? granted(contents) : []), next_master_key: nextKey,
      rule_set: async (epoch, key) => (isRuled || epoch !== header.epoch ? rules(epoch, key) : null), salt: random(24),
    });
    const isNewEpoch = made.state !== null && parse(AccountState, made.state).header.epoch !== header.epoch;
    const pending = {
      ...made, contents: parse(VaultContents, bytes), masterKey: isNewEpoch ? nextKey : whole.masterKey,
      baseState: whole.pins.state, baseVault: whole.vault, baseContents: whole.contents,
    };
    const pins = { ...this.#pins, confirmed: this.#pins.confirmed || says.newest, generation };
    await this.#settled(pins, whole, pending);
    this.phase = next;
  }

  /**
   * Gives the opener another label.
   * @param {Says} says @param {number} now
   */
  edit(says, now) {
    const own = this.#whole?.person.id ?? EMPTY;
    const named = (/** @type {any} */ person) =>
      (compare(person.person_id, own) === 0 ? { ...person, label: utf8(`label of ${now}`) } : person);
    return this.act("edit", says, now,
      { edit: (contents) => ({ ...contents, persons: contents.persons.map(named) }) });
  }

  /**
   * Lets in who sent an EnrolmentRequest that no person has approved.
   * @param {Uint8Array} message @param {Says} says @param {number} now
   */
  async request(message, says, now) {
    this.#admit("act");
    const { account, contents, isOwner, state, person } = this.whole;
    const { aside } = this.whole;
    await maySign({ ...this.#signer(says, now), aside, act: "edit", seed: person.seed }, state, contents);
    const verified = await verifyRequest(account, message, contents, { root: isOwner, now, approved: false });
    await this.act("edit", says, now, { edit: (before) => enter(before, verified, EMPTY) });
  }

  /** The service has stored what is pending. */
  async stored() {
    const next = this.#admit("stored");
    const { vault, contents, masterKey, ...sent } = this.#pending ?? refuse("unsettled");
    const state = newestOf({ vault, ...sent });
    const pairs = [state, this.#pins.state].map((bytes) => pairOf(parse(AccountState, bytes)));
    if (compare(pairs[0], pairs[1]) < 0) {
      // A greater state was opened meanwhile: it goes on with that one (12.8).
      await this.#settled(this.#pins, this.#whole, null);
      this.phase = next;
      return;
    }
    // What did not open is replaced.
    if (this.isAside) this.findings = [];
    const { counter } = parse(OwnerVault, vault);
    const pins = pinsOf({ ...this.#pins, state, vault_counter: counter, vault_hash: await sha256(vault) });
    await this.#settled(pins, this.#whole && {
      ...this.#whole, state: parse(AccountState, state), masterKey, contents, bytes: serializeVault(contents), vault,
      pins, messages: after(this.#whole.messages, { vault, ...sent }, this.#whole.person.id), aside: null,
    }, null);
    this.phase = next;
  }

  /**
   * The service holds another vault. Gives what became of what is pending.
   * @param {import("./person.mjs").Messages} messages @param {Says} says @param {number} now
   */
  async other(messages, says, now) {
    this.#admit("lost_same", "lost_other", "stored");
    const pending = this.#pending ?? refuse("unsettled");
    const whole = await this.#opened(messages, says, now);
    if (whole.aside !== null) return this.#otherAside(whole, pending, messages);
    const { recent, states } = whole.contents;
    const served = { vault: whole.pins.vault_hash, recent, states: states.map((/** @type {any} */ { hash }) => hash) };
    const { outcome, generation } = settle(
      await hashesOf(pending), await sha256(pending.baseState), whole.pins.generation, "other", served);
    if (outcome === "merge") {
      await this.#settled(whole.pins, whole, await merged(pending, whole));
      this.phase = this.#admit("lost_same");
    } else {
      const next = this.#admit(outcome === "settled" ? "stored" : "lost_other");
      await this.#settled({ ...whole.pins, generation }, whole, null);
      this.phase = next;
    }
    return outcome;
  }

  /**
   * What is served does not open: it has taken what is pending if it has its state, and else that is dead.
   * @param {Whole} whole @param {Pending} pending @param {Messages} served
   */
  async #otherAside(whole, pending, { account_state }) {
    if (pending.state !== null && compare(pending.state, account_state) === 0) {
      await this.stored();
      return "settled";
    }
    const { generation } = settle(await hashesOf(pending), EMPTY, this.#pins.generation, "discard", null);
    const next = this.#admit("lost_other");
    await this.#settled({ ...this.#pins, generation }, whole, null);
    this.phase = next;
    return "dead";
  }

  /**
   * Goes on with these, once they are kept.
   * @param {any} pins @param {Whole | null} whole @param {Pending | null} pending
   */
  async #settled(pins, whole, pending) {
    if (this.about.keepsWhole && whole?.isOwner && whole.aside === null && whole !== this.#whole) {
      this.#kept = { ...whole.messages, ended: whole.ended.map((one) => one.whole) };
    }
    await this.keep(pins, pending, this.#kept);
    this.#pins = pins;
    this.#whole = whole;
    this.#pending = pending;
  }

  /** No answer came: the same bytes are sent again. */
  noAnswer() {
    this.phase = this.#admit("no_answer");
  }

  /** The person gives up what is pending. */
  async discard() {
    const next = this.#admit("discard");
    const pending = await hashesOf(this.#pending ?? refuse("unsettled"));
    const { generation } = settle(pending, EMPTY, this.#pins.generation, "discard", null);
    await this.#settled({ ...this.#pins, generation }, this.#whole, null);
    this.phase = next;
  }

  lock() {
    this.phase = this.#admit("lock");
    this.#whole = null;
  }

  /** What this end remembers is written and read again: nothing, without durable storage. */
  async restart() {
    if (!this.about.durable || this.#pins === null) return this.forget();
    this.#pins = readPins(writePins(await pinsWith(this.#pins, this.#pending)));
    this.#resumed = this.#pending;
    this.#pending = null;
    this.#whole = null;
    this.phase = "locked";
  }

  /** What this end remembers is lost. */
  forget() {
    this.#pins = this.#whole = this.#pending = this.#resumed = this.#kept = null;
    this.phase = "locked";
  }
}

/**
 * What the service has for a person once it has stored what this person sent.
 * @param {Messages} messages @param {Sent} sent @param {Uint8Array} id
 */
function after(messages, { vault, state, ruleSet, grants }, id) {
  const own = grants.find((grant) => compare(parse(Grant, grant).recipient, id) === 0);
  return {
    ...messages, owner_vault: vault, account_state: state ?? messages.account_state,
    rule_set: ruleSet ?? messages.rule_set, grant: own ?? messages.grant,
  };
}

/**
 * The pins with the hashes of what is pending.
 * @param {any} pins @param {Pick<Sent, "vault" | "state" | "ruleSet"> | null} sent
 */
export async function pinsWith(pins, sent) {
  const hash = async (/** @type {Uint8Array | null | undefined} */ bytes) => (bytes ? sha256(bytes) : ZEROS);
  return {
    ...pins, pending_vault: await hash(sent?.vault), pending_state: await hash(sent?.state),
    pending_rule_set: await hash(sent?.ruleSet),
  };
}

/**
 * What settling asks of what was sent.
 * @param {Sent} sent
 */
const hashesOf = async (sent) => ({
  vault: await sha256(sent.vault), state: sent.state && (await sha256(sent.state)), root_act: sent.root_act,
  asks: sent.asks, generation: generationOf(newestOf(sent)),
});

/**
 * What is pending on top of another vault: the same state, a new vault.
 * @param {Pending} pending @param {Whole} theirs @returns {Promise<Pending>}
 */
async function merged(pending, theirs) {
  const key = await SigningKey.of(theirs.person.seed);
  const contents = mergeContents(
    pending.baseContents, pending.contents, theirs.contents, theirs.pins.vault_hash);
  const { account_id, epoch } = parse(OwnerVault, pending.vault).header;
  const counter = within(theirs.pins.vault_counter + 1, LIMITS.counter_max);
  const about = { account_id, epoch, counter, salt: random(24) };
  return {
    ...pending, contents, vault: await makeVault(key, pending.masterKey, about, serializeVault(contents)),
    expect: theirs.pins.vault_hash, baseVault: theirs.vault, baseContents: theirs.contents,
  };
}

/**
 * Opens what an earlier run sent. The MasterKey of a new epoch is in the Grant to the maker (R-12.8-5).
 * @param {Sent} sent @param {Whole} whole @returns {Promise<Pending>}
 */
async function openSent(sent, whole) {
  const { person, account, masterKey, state, contents } = whole;
  const newest = newestOf(sent);
  const own = sent.grants.find((grant) => compare(parse(Grant, grant).recipient, person.id) === 0);
  const opened = own === undefined ? null : await openGrant(account, newest, { ...person, kind: "master" }, false, own);
  const known = [
    ...(opened?.kind === "master" ? [{ epoch: parse(AccountState, newest).header.epoch, master_key: opened.master_key }]
      : []),
    { epoch: state.header.epoch, master_key: masterKey }, ...contents.past_keys,
  ];
  const keyOf = async (/** @type {Uint8Array} */ bytes) => {
    const of = parse(AccountState, bytes);
    for (const { epoch, master_key } of known) {
      if (epoch === of.header.epoch && (await isKeyOf(master_key, of))) return master_key;
    }
    return refuse("no_master_key");
  };
  const key = await keyOf(newest);
  return {
    ...sent, masterKey: key, contents: await openOwnVault(key, sent.vault),
    baseContents: await openOwnVault(await keyOf(sent.baseState), sent.baseVault),
  };
}

/**
 * The contents with the hash of the opener's PersonKeys, which a manager's entry lacks before its first publication,
 * and which whoever may sign can have changed.
 * @param {any} contents @param {Whole} whole
 */
function withOwnKeys(contents, { person, keysHash }) {
  const own = personOf(contents, person.id);
  if (own === undefined || compare(own.keys, keysHash) === 0) return contents;
  const named = { ...own, keys: keysHash };
  return { ...contents, persons: contents.persons.map((/** @type {any} */ one) => (one === own ? named : one)) };
}

/**
 * The ids of the members that are granted.
 * @param {any} contents @returns {Uint8Array[]}
 */
const granted = (contents) => contents.members
  .filter((/** @type {any} */ { status }) => status === "granted")
  .map((/** @type {any} */ { agent_id }) => agent_id);

/**
 * Makes the RuleSet of what a vault defines; none of nothing, but in place of one that holds more.
 * @param {any} contents @param {Uint8Array} account @param {boolean} isChanged
 * @returns {import("./publication.mjs").MakeRules}
 */
const rulesOf = ({ rules }, account, isChanged) => async (epoch, masterKey) => {
  if (!isChanged && !rules.some((/** @type {any} */ { seen }) => seen)) return null;
  const keys = [{ epoch, token_key: await tokenKey(masterKey, account, epoch) }];
  return makeRules(account, epoch, keys, rules.map((/** @type {any} */ rule) => ({ ...rule, past: [] })));
};
