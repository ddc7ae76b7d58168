// An owner's end on one device: it opens the account from what the service stores, takes requests, and locks: sections
// 10.4, 12 and 13.2.

import { compare } from "../bytes.mjs";
import { refuse } from "../refusal.mjs";
import { EnrolmentRequest } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { verifyRequest } from "./enrolment.mjs";
import { ownerStep } from "./machines.mjs";
import { openAccount } from "./recovery.mjs";

/** @typedef {import("./recovery.mjs").Account} Account */

/**
 * The ids of revoked members: those of the vault, and those that the state lists, whatever the vault says.
 * @param {Account} account @returns {Uint8Array[]}
 */
export const revokedOf = ({ vault, state }) => [
  ...vault.members.filter((/** @type {any} */ member) => member.status === "revoked")
    .map((/** @type {any} */ member) => member.agent_id),
  ...state.revoked,
];

/**
 * Whether a revoked member holds keys of the current epoch (section 12.3).
 * @param {Account} account @returns {boolean}
 */
export function isRotationDue(account) {
  const revoked = revokedOf(account);
  return account.vault.members.some((/** @type {any} */ { agent_id, epoch }) =>
    epoch === account.state.header.epoch && revoked.some((id) => compare(id, agent_id) === 0));
}

export class Owner {
  phase = "locked";
  /**
   * What the device remembers, locked or not.
   * @type {import("./recovery.mjs").Pins | null}
   */
  pins = null;
  /** @type {Account | null} */
  #account = null;

  /**
   * @param {import("./password.mjs").Credentials} credentials
   * @param {() => number} clock
   * @param {import("./password.mjs").Stretch} [stretch]
   */
  constructor(credentials, clock, stretch) {
    this.credentials = credentials;
    this.clock = clock;
    this.stretch = stretch;
  }

  /**
   * Goes to the next phase, or refuses.
   * @param {string} event
   */
  #step(event) {
    this.#allow(event);
    this.phase = ownerStep(this.phase, event).next;
  }

  /**
   * The phase is checked before the messages.
   * @param {string} event
   */
  #allow(event) {
    const { error } = ownerStep(this.phase, event);
    if (error !== null) refuse(error);
  }

  /**
   * A refusal leaves the device as it was.
   * @param {import("./recovery.mjs").Stored} stored
   */
  async open(stored) {
    this.#allow("open");
    const account = await openAccount(stored, this.credentials, this.pins, this.stretch);
    this.#step(isRotationDue(account) ? "open_due" : "open");
    this.#account = account;
    this.pins = account.pins;
  }

  lock() {
    this.#step("lock");
    this.#account = null;
  }

  /**
   * The program starts again with what the device has kept.
   * @param {import("./recovery.mjs").Pins | null} pins
   */
  restart(pins) {
    this.phase = "locked";
    this.#account = null;
    this.pins = pins;
  }

  /**
   * An EnrolmentRequest that no person has approved. Its nonce and its use of the code are noted in the vault, whose
   * counter goes up; making the Grant and sealing the vault is left to the caller. Its checks come before the phase,
   * which says `rotation_due` as well.
   * @param {Uint8Array} message
   */
  async request(message) {
    const account = this.#account ?? refuse("no_master_key");
    const { codes } = account.vault;
    const { code } = await verifyRequest(account.account_id, message, {
      codes, revoked: revokedOf(account), rotation_due: isRotationDue(account), now: this.clock(), approved: false,
    });
    codes[code].nonces.push(parse(EnrolmentRequest, message).nonce);
    codes[code].uses_left -= 1;
    this.#step("request");
    this.pins = { ...account.pins, vault_counter: account.pins.vault_counter + 1 };
    this.#account = { ...account, pins: this.pins };
  }
}
