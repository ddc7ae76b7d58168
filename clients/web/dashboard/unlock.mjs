// Opens an account in a page: holds what the service gives against what this browser remembers, and remembers it.

import { compare, toHex } from "../endkey/bytes.mjs";
import { normalLoginName } from "../endkey/protocol/normal.mjs";
import { openPerson } from "../endkey/protocol/person.mjs";
import { refuse } from "../endkey/refusal.mjs";
import { pairOf } from "../endkey/wire/contents.mjs";
import { PasswordHeader } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";
import { Opener } from "./opener.mjs";
import { alone, confirm, recall, remember } from "./pins.mjs";

/**
 * What a person says beside the password: the account id that was noted, that the password was changed elsewhere, that
 * this disk was restored from a copy.
 * @typedef {{noted?: Uint8Array, isChanged?: boolean, isRestored?: boolean}} Says
 */

/** What is open. Keys are in its memory alone. */
export class Unlocked {
  #tabs = new BroadcastChannel("endkey");

  /**
   * @param {string} loginName @param {import("../endkey/protocol/person.mjs").Whole} whole
   * @param {import("./pins.mjs").Memory} memory @param {Opener} opener
   */
  constructor(loginName, whole, memory, opener) {
    this.loginName = loginName;
    this.whole = whole;
    this.memory = memory;
    this.opener = opener;
    this.#tabs.postMessage(this.#place());
  }

  /** Where what is open stands in the account's history, and the account. */
  #place() {
    const { account, state, pins } = this.whole;
    return { account: toHex(account), place: `${toHex(pairOf(state))}${String(pins.vault_counter).padStart(20, "0")}` };
  }

  /**
   * Calls `told` when another tab opens a newer record of the account.
   * @param {() => void} told
   */
  onNewer(told) {
    this.#tabs.onmessage = ({ data }) => {
      const { account, place } = this.#place();
      if (data?.account === account && data.place > place) told();
    };
  }

  /** The person says that what is shown is the newest. */
  confirm() {
    return confirm(this.loginName, this.whole.pins);
  }
}

/**
 * What is remembered on a disk that was restored from a copy (R-12.7-8).
 * @type {Awaited<ReturnType<typeof recall>>}
 */
const FORGOTTEN = { pins: null, memory: "fresh" };

/**
 * @param {import("../endkey/protocol/password.mjs").Credentials} credentials
 * @param {import("../endkey/protocol/person.mjs").Messages} messages @param {Says} [says]
 */
export async function unlock(credentials, messages, says = {}) {
  const { noted, isChanged = false, isRestored = false } = says;
  const { header } = parse(PasswordHeader, messages.head);
  if (noted !== undefined && compare(header.account_id, noted) !== 0) refuse("pin_mismatch");
  const loginName = new TextDecoder().decode(normalLoginName(credentials.login_name));
  return alone(async () => {
    // What was remembered goes only once what takes its place has opened.
    const { pins, memory } = isRestored ? FORGOTTEN : await recall(loginName);
    const whole = await openPerson(pins, isChanged, credentials, messages, Date.now());
    const isKept = await remember(loginName, whole.pins, isRestored ? { value: undefined } : undefined);
    return new Unlocked(loginName, whole, isKept ? memory : "denied", await Opener.of(whole));
  });
}
