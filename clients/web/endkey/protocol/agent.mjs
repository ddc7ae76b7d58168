// An agent in memory: what it has accepted, its clock, and its phase (sections 10.3 and 13.5). A refused message
// changes nothing (R-19-2).

import { compare } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { codeText } from "../text/texts.mjs";
import { acceptedClock, clock, saturated } from "./clock.mjs";
import { makeRequest } from "./enrolment.mjs";
import { openGrant, scopedKeys } from "./grants.mjs";
import { agentStep } from "./machines.mjs";
import { idOf } from "./password.mjs";
import { acceptState, lists } from "./state.mjs";
import { TokenCipher } from "./tokens.mjs";

/** What a code can be, by the table's events. */
const CODES = ["code", "code_above", "code_of_manager", "code_of_other"];
const STATES = ["state", "state_of_keys", "state_revokes"];

/** @typedef {{bytes: Uint8Array, parsed: any, least: number, running: number}} Accepted */

export class Agent {
  phase = "pinned";
  /** Milliseconds run since the code taken last. */
  #age = 0;
  /**
   * The state accepted last.
   * @type {Accepted | null}
   */
  #last = null;
  /**
   * Of the state accepted last.
   * @type {import("./grants.mjs").ScopedKeys | null}
   */
  #keys = null;
  #wall = 0;

  /** @param {any} code @param {Uint8Array} id @param {import("./password.mjs").Keys} keys */
  constructor(code, id, keys) {
    this.account = code.account_id;
    this.terms = code.terms;
    this.id = id;
    this.privateKeys = keys;
  }

  /**
   * An agent that has pinned a code and sent its request.
   * @param {Uint8Array} text @param {import("./password.mjs").Keys} keys
   */
  static async pinned(text, keys) {
    const code = codeText.read(text);
    if (code.terms.role === "manager") refuse("wrong_recipient");
    return new Agent(code, await idOf(keys), keys);
  }

  /** The state accepted last, its bytes and parsed; null before the first. */
  get accepted() {
    return this.#last;
  }

  /** The keys of the state accepted last. */
  get keys() {
    return this.#keys ?? refuse("no_grant");
  }

  /** The agent's clock; the computer's, before the first state. */
  get now() {
    return this.#last === null ? this.#wall : clock(this.#wall, this.#last.least, this.#last.running);
  }

  /**
   * Lets time pass.
   * @param {number} runs milliseconds that the computer ran @param {number} wall its clock now
   */
  pass(runs, wall) {
    this.#wall = wall;
    this.#age = saturated(this.#age, runs);
    if (this.#last !== null) this.#last.running = saturated(this.#last.running, runs);
  }

  /**
   * Refuses what every event that an input could become is refused with (R-10.3-1).
   * @param {string[]} events
   */
  #admit(events) {
    const errors = new Set(events.map((event) => agentStep(this.phase, event).error));
    const [error] = errors;
    if (errors.size === 1 && error !== null) refuse(error);
  }

  /**
   * Goes to the next phase, or refuses.
   * @param {string} event
   */
  #step(event) {
    const { next, error } = agentStep(this.phase, event);
    if (error !== null) refuse(error);
    this.phase = next;
  }

  /**
   * Takes another code of its account, and answers with a request.
   * @param {Uint8Array} text
   */
  async code(text) {
    this.#admit(CODES);
    const code = codeText.read(text);
    const event = this.#eventOf(code);
    const { error } = agentStep(this.phase, event);
    if (error !== null) refuse(error);
    const { request } = await makeRequest(code, this.privateKeys, crypto.getRandomValues(new Uint8Array(32)));
    this.#step(event);
    const { generation, made } = this.terms;
    this.terms = {
      ...code.terms, generation: Math.max(generation, code.terms.generation),
      made: Math.max(code.terms.made, saturated(made, this.#age)),
    };
    this.#age = 0;
    if (event === "code_above") this.#last = null;
    return request;
  }

  /** @param {any} code */
  #eventOf({ account_id, terms }) {
    if (compare(account_id, this.account) !== 0) return "code_of_other";
    if (terms.role === "manager") return "code_of_manager";
    return this.#last !== null && terms.generation > this.#last.parsed.generation ? "code_above" : "code";
  }

  /** @param {Uint8Array} message */
  async state(message) {
    this.#admit(STATES);
    const last = this.#last;
    const accepted = await acceptState(this.account, last?.bytes ?? null, this.terms.generation, message);
    const { state, changed } = accepted;
    const isOfKeys = this.#keys !== null && accepted.keysFit;
    const event = isOfKeys ? "state_of_keys" : "state";
    this.#step(lists(state, this.id) ? "state_revokes" : event);
    if (this.phase !== "active") this.#keys = null;
    if (!changed) return;
    const about = last === null ? null : { ...last, generation: last.parsed.generation };
    const least = acceptedClock({ made: this.terms.made, age: this.#age }, about, state);
    this.#last = { bytes: message, parsed: state, least, running: 0 };
  }

  /** @param {Uint8Array} message */
  async grant(message) {
    const isListed = this.#last !== null && lists(this.#last.parsed, this.id);
    this.#admit([isListed ? "grant_listed" : "grant"]);
    const recipient = { ...this.privateKeys, id: this.id, kind: this.terms.kind };
    const opened = await openGrant(this.account, this.#last?.bytes ?? null, recipient, this.#keys !== null, message);
    if (opened.kind === "unchanged") return;
    const { epoch } = (this.#last ?? refuse("no_state")).parsed.header;
    const keys = opened.kind === "scoped" ? opened : await scopedKeys(opened.master_key, this.account, epoch, this.id);
    this.#step("grant");
    this.#keys = { token_key: keys.token_key, agent_key: keys.agent_key };
  }

  /** Something was captured; the spool keeps it. */
  capture() {
    this.#step("capture");
  }

  /**
   * A value becomes a token of the current epoch.
   * @param {string} field @param {Uint8Array} value
   */
  async tokenise(field, value) {
    const isExpired = this.#last !== null && this.now >= this.#last.parsed.valid_until;
    this.#step(isExpired ? "activity_expired" : "activity");
    const { epoch } = (this.#last ?? refuse("no_state")).parsed.header;
    return new TokenCipher((this.#keys ?? refuse("no_grant")).token_key, this.account, epoch).seal(field, value);
  }

  serviceOff() {
    this.#step("service_off");
  }

  /** The agent starts, and its state is gone or does not open. */
  stateLost() {
    this.#step("state_lost");
    this.#last = null;
    this.#keys = null;
  }
}
