// An agent in memory: what it has accepted, and its phase (section 10.3). A refused message changes nothing (R-19-2).

import { sha256 } from "../primitives/digest.mjs";
import { modulusOf } from "../primitives/rsa.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { refuse } from "../refusal.mjs";
import { readCode } from "../text/texts.mjs";
import { AccountState, Grant } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { openGrant } from "./grants.mjs";
import { agentId, agentKey, tokenKey } from "./keys.mjs";
import { agentStep } from "./machines.mjs";
import { acceptState, revokes } from "./state.mjs";
import { TokenCipher } from "./tokens.mjs";

/** @typedef {{p: Uint8Array, q: Uint8Array, seed: Uint8Array}} Keys */

export class Agent {
  phase = "pinned";
  /**
   * The AccountState accepted last.
   * @type {Uint8Array | null}
   */
  #state = null;
  /**
   * The Grant accepted last.
   * @type {{counter: number, hash: Uint8Array} | null}
   */
  #grant = null;
  /**
   * By epoch.
   * @type {Map<number, {token_key: Uint8Array, agent_key: Uint8Array}>}
   */
  #keys = new Map();

  /** @param {Uint8Array} account @param {Uint8Array} id @param {Keys} keys */
  constructor(account, id, keys) {
    this.account = account;
    this.id = id;
    this.keys = keys;
  }

  /**
   * An agent that has pinned a code and sent its request.
   * @param {Uint8Array} codeText @param {Keys} keys
   */
  static async pinned(codeText, keys) {
    const { verifyKey } = await SigningKey.of(keys.seed);
    return new Agent(readCode(codeText).account_id, await agentId(modulusOf(keys.p, keys.q), verifyKey), keys);
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
   * The phase is checked before the message.
   * @param {string} event
   */
  #allow(event) {
    const { error } = agentStep(this.phase, event);
    if (error !== null) refuse(error);
  }

  code() {
    this.#step("code");
  }

  serviceOff() {
    this.#step("service_off");
  }

  stateLost() {
    this.#step("state_lost");
  }

  /** @param {Uint8Array} message */
  async state(message) {
    this.#allow("state");
    const { state, isUnchanged } = await acceptState(this.account, this.#state, message);
    if (isUnchanged) return;
    const event = this.#keys.has(state.header.epoch) ? "state_of_keys" : "state";
    this.#step(revokes(state, this.id) ? "state_revokes" : event);
    this.#state = message;
  }

  /** @param {Uint8Array} message */
  async grant(message) {
    this.#allow("grant");
    const opened = await openGrant(this.account, this.#state, this.keys, this.#grant, message);
    if (opened.kind === "unchanged") return;
    const { header, counter } = parse(Grant, message);
    const keys = opened.kind === "scoped" ? opened : {
      token_key: await tokenKey(opened.master_key, this.account, header.epoch),
      agent_key: await agentKey(opened.master_key, this.account, header.epoch, this.id),
    };
    const hash = await sha256(message);
    this.#step("grant");
    this.#keys.set(header.epoch, keys);
    this.#grant = { counter, hash };
  }

  /**
   * A value becomes a token of the current epoch.
   * @param {string} field @param {Uint8Array} value
   */
  async tokenise(field, value) {
    this.#allow("activity");
    const { epoch } = parse(AccountState, this.#state ?? refuse("no_state")).header;
    const { token_key } = this.#keys.get(epoch) ?? refuse("no_grant");
    return new TokenCipher(token_key, this.account, epoch).seal(field, value);
  }
}
