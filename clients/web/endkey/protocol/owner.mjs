// A person's end in memory: its pins, a publication that is not settled, and its phase (sections 10.4 and 12.7 to
// 12.9).

import { compare, utf8 } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { pairOf, VaultContents } from "../wire/contents.mjs";
import { AccountState, OwnerVault } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { enter, verifyRequest } from "./enrolment.mjs";
import { tokenKey } from "./keys.mjs";
import { ownerStep } from "./machines.mjs";
import { mergeContents } from "./merge.mjs";
import { openPerson, pinsOf, readPins, writePins } from "./person.mjs";
import { makePublication, maySign, serializeVault, settle, within } from "./publication.mjs";
import { makeRules } from "./rules.mjs";
import { makeVault } from "./vault.mjs";

/**
 * @typedef {{password_changed: boolean, newest: boolean, without_storage: boolean, clock: boolean}} Says
 * @typedef {{baseState: Uint8Array, baseContents: any, masterKey: Uint8Array,
 *   made: Awaited<ReturnType<typeof makePublication>>}} Pending
 * @typedef {import("./person.mjs").Whole & {vault: Uint8Array}} Whole the whole that is open, with its vault's bytes
 */

const random = (/** @type {number} */ size) => crypto.getRandomValues(new Uint8Array(size));
const EMPTY = new Uint8Array(0);

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
  /** @type {Whole | null} */
  #whole = null;

  /**
   * @param {import("./password.mjs").Credentials & {durable: boolean}} about
   * @param {import("./password.mjs").Stretch} stretch
   */
  constructor(about, stretch) {
    this.about = about;
    this.stretch = stretch;
  }

  /** The generation of the state that is pending, else of the newest that was opened; 0 without one. */
  get generation() {
    const state = this.#pending?.made.state ?? this.#pins?.state ?? EMPTY;
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
    const whole = await openPerson(this.#pins, says.password_changed, this.about, messages, now, this.stretch);
    this.findings = whole.findings;
    return { ...whole, vault: messages.owner_vault };
  }

  /** @param {import("./person.mjs").Messages} messages @param {Says} says @param {number} now */
  async open(messages, says, now) {
    const next = this.#admit(this.#pending === null ? "open" : "open_pending");
    const whole = await this.#opened(messages, says, now);
    this.#whole = whole;
    this.#pins = whole.pins;
    this.phase = next;
  }

  confirm() {
    this.phase = this.#admit("confirm");
    this.#pins = { ...this.#pins, confirmed: true };
  }

  /**
   * What decides whether this end may sign.
   * @param {Says} says @param {number} now
   */
  #signer(says, now) {
    const { confirmed, generation } = this.#pins;
    return { remembered: confirmed, generation, durable: this.about.durable, says, now };
  }

  /**
   * @param {"edit" | "renew_certificate" | "rotate" | "repair"} act @param {Says} says @param {number} now
   * @param {(contents: any) => any} edit what the person wants changed in the vault
   */
  async #act(act, says, now, edit) {
    const next = this.#admit(act === "repair" ? "root_act" : "act");
    const whole = this.#whole ?? refuse("no_master_key");
    const isNewEpoch = act === "rotate" || act === "repair";
    const nextKey = isNewEpoch ? random(32) : null;
    const contents = edit(whole.contents);
    const made = await makePublication({
      act, seed: whole.person.seed, state: whole.pins.state, vault: whole.vault, master_key: whole.masterKey,
      contents: serializeVault(contents), ...this.#signer(says, now), agents: act === "repair" ? granted(contents) : [],
      next_master_key: nextKey, rule_set: isNewEpoch ? rulesOf(contents, whole.account) : null, salt: random(24),
    });
    const masterKey = nextKey ?? whole.masterKey;
    this.#pending = { baseState: whole.pins.state, baseContents: whole.contents, masterKey, made };
    this.#pins = { ...this.#pins, confirmed: this.#pins.confirmed || says.newest, generation: made.generation };
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
    return this.#act("edit", says, now, (contents) => ({ ...contents, persons: contents.persons.map(named) }));
  }

  /** @param {"renew_certificate" | "rotate" | "repair"} act @param {Says} says @param {number} now */
  act(act, says, now) {
    return this.#act(act, says, now, (contents) => contents);
  }

  /**
   * Lets in who sent an EnrolmentRequest that no person has approved.
   * @param {Uint8Array} message @param {Says} says @param {number} now
   */
  async request(message, says, now) {
    this.#admit("act");
    const { account, contents, isOwner, state, person } = this.#whole ?? refuse("no_master_key");
    await maySign({ ...this.#signer(says, now), act: "edit", seed: person.seed }, state, contents);
    const verified = await verifyRequest(account, message, contents, { root: isOwner, now, approved: false });
    await this.#act("edit", says, now, (before) => enter(before, verified, EMPTY));
  }

  /** The service has stored what is pending. */
  async stored() {
    const next = this.#admit("stored");
    const { made, masterKey } = this.#pending ?? refuse("unsettled");
    const { counter } = parse(OwnerVault, made.vault);
    const state = made.state ?? this.#pins.state;
    const pairs = [state, this.#pins.state].map((bytes) => pairOf(parse(AccountState, bytes)));
    if (compare(pairs[0], pairs[1]) < 0) {
      // A greater state was opened meanwhile: it goes on with that one (12.8).
      this.#settled(this.#pins, this.#whole);
      this.phase = next;
      return;
    }
    const pins = pinsOf({ ...this.#pins, state, vault_counter: counter, vault_hash: await sha256(made.vault) });
    const contents = parse(VaultContents, made.contents);
    this.#settled(pins, this.#whole && {
      ...this.#whole, state: parse(AccountState, state), masterKey, contents, bytes: made.contents, vault: made.vault,
      pins,
    });
    this.phase = next;
  }

  /**
   * The service holds another vault.
   * @param {import("./person.mjs").Messages} messages @param {Says} says @param {number} now
   */
  async other(messages, says, now) {
    this.#admit("lost_same", "lost_other", "stored");
    const { made, baseState, ...rest } = this.#pending ?? refuse("unsettled");
    const whole = await this.#opened(messages, says, now);
    const pending = {
      vault: await sha256(made.vault), state: made.state && (await sha256(made.state)), root_act: made.root_act,
      asks: made.asks, generation: parse(AccountState, made.state ?? baseState).generation,
    };
    const { recent, states } = whole.contents;
    const served = { vault: whole.pins.vault_hash, recent, states: states.map((/** @type {any} */ { hash }) => hash) };
    const { outcome, generation } = settle(pending, await sha256(baseState), whole.pins.generation, "other", served);
    if (outcome === "merge") {
      const merged = await this.#merged({ made, baseState, ...rest }, whole);
      this.#whole = whole;
      this.#pins = whole.pins;
      this.#pending = merged;
      this.phase = this.#admit("lost_same");
      return;
    }
    const next = this.#admit(outcome === "settled" ? "stored" : "lost_other");
    this.#settled({ ...whole.pins, generation }, whole);
    this.phase = next;
  }

  /** @param {any} pins @param {Whole | null} whole */
  #settled(pins, whole) {
    this.#pins = pins;
    this.#whole = whole;
    this.#pending = null;
  }

  /**
   * What is pending on top of another vault: the same state, a new vault.
   * @param {Pending} pending @param {Whole} theirs
   */
  async #merged({ baseState, baseContents, masterKey, made }, theirs) {
    const key = await SigningKey.of(theirs.person.seed);
    const ours = parse(VaultContents, made.contents);
    const contents = serializeVault(mergeContents(baseContents, ours, theirs.contents, theirs.pins.vault_hash));
    const { account_id, epoch } = parse(OwnerVault, made.vault).header;
    const counter = within(theirs.pins.vault_counter + 1, LIMITS.counter_max);
    const vault = await makeVault(key, masterKey, { account_id, epoch, counter, salt: random(24) }, contents);
    const expect = theirs.pins.vault_hash;
    return { baseState, baseContents: theirs.contents, masterKey, made: { ...made, expect, vault, contents } };
  }

  /** No answer came: the same bytes are sent again. */
  noAnswer() {
    this.phase = this.#admit("no_answer");
  }

  /** The person gives up what is pending. */
  discard() {
    const next = this.#admit("discard");
    const { made, baseState } = this.#pending ?? refuse("unsettled");
    const { generation } = parse(AccountState, made.state ?? baseState);
    const pending = { vault: EMPTY, state: null, generation, root_act: made.root_act, asks: made.asks };
    const settled = settle(pending, EMPTY, this.#pins.generation, "discard", null);
    this.#settled({ ...this.#pins, generation: settled.generation }, this.#whole);
    this.phase = next;
  }

  lock() {
    this.phase = this.#admit("lock");
    this.#whole = null;
  }

  /** What this end remembers is written and read again: nothing, without durable storage. */
  async restart() {
    if (!this.about.durable || this.#pins === null) return this.forget();
    const { vault, state, ruleSet } = this.#pending?.made ?? { vault: null, state: null, ruleSet: null };
    const hash = (/** @type {Uint8Array | null} */ bytes) => (bytes === null ? new Uint8Array(32) : sha256(bytes));
    this.#pins = readPins(writePins({
      ...this.#pins, pending_vault: await hash(vault), pending_state: await hash(state),
      pending_rule_set: await hash(ruleSet),
    }));
    this.#whole = null;
    this.phase = "locked";
  }

  /** What this end remembers is lost. */
  forget() {
    this.#settled(null, null);
    this.phase = "locked";
  }
}

/**
 * The ids of the members that are granted.
 * @param {any} contents @returns {Uint8Array[]}
 */
const granted = (contents) => contents.members
  .filter((/** @type {any} */ { status }) => status === "granted")
  .map((/** @type {any} */ { agent_id }) => agent_id);

/**
 * Makes the RuleSet of a new epoch of what a vault defines.
 * @param {any} contents @param {Uint8Array} account @returns {import("./publication.mjs").MakeRules}
 */
const rulesOf = ({ rules }, account) => async (epoch, masterKey) => {
  if (!rules.some((/** @type {any} */ { seen }) => seen)) return null;
  const keys = [{ epoch, token_key: await tokenKey(masterKey, account, epoch) }];
  return makeRules(account, epoch, keys, rules.map((/** @type {any} */ rule) => ({ ...rule, past: [] })));
};
