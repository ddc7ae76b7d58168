// What endkey.mjs gives to a page: unlock an account, and open its text forms wherever they stand in the page.
// `tools/run drop-in` makes that one file of this module and all that it imports; endkey.d.mts has its types.

import { toHex, utf8 } from "./endkey/bytes.mjs";
import { sha256 } from "./endkey/primitives/digest.mjs";
import { Refusal } from "./endkey/refusal.mjs";
import { csvField, jsonText } from "./endkey/text/shown.mjs";
import { secretText } from "./endkey/text/texts.mjs";
import { MEMORIES, messageFor } from "./dashboard/messages.mjs";
import { Revealer } from "./dashboard/reveal.mjs";
import { unlock as unlockWhole } from "./dashboard/unlock.mjs";

export { csvField, jsonText, Refusal };

/** An account that is open: what a person compares, and its text forms. */
class Account {
  #unlocked;

  /** @param {import("./dashboard/unlock.mjs").Unlocked} unlocked @param {string} digits */
  constructor(unlocked, digits) {
    this.#unlocked = unlocked;
    const { whole, memory } = unlocked;
    this.id = toHex(whole.account);
    this.standing = Object.freeze({
      made: new Date(Math.min(whole.contents.made, 8.64e15)), generation: whole.state.generation,
      counter: whole.state.counter, digits, memory, isConfirmed: whole.pins.confirmed,
      warnings: [MEMORIES[memory], ...whole.findings.map((code) => messageFor({ code }))].filter((one) => one !== ""),
    });
  }

  /** @param {string} text */
  open(text) {
    return this.#unlocked.opener.open(text);
  }

  async confirm() {
    return await this.#unlocked.confirm() !== "newer";
  }

  /** @param {() => void} told */
  onNewer(told) {
    this.#unlocked.onNewer(told);
  }
}

/** @type {typeof import("./endkey.mjs").unlock} */
export async function unlock({ loginName, password, accountSecret, accountId }, messages, says = {}) {
  const secret = accountSecret === undefined ? null : secretText.read(utf8(accountSecret));
  const unlocked = await unlockWhole(
    { login_name: utf8(loginName), password: utf8(password), account_secret: secret?.secret ?? null }, messages,
    { noted: accountId ?? secret?.account_id, isChanged: says.isPasswordChanged, isRestored: says.isRestored });
  return new Account(unlocked, toHex(await sha256(unlocked.whole.pins.state)).slice(0, 8));
}

/** @type {typeof import("./endkey.mjs").reveal} */
export function reveal(root, account, options = {}) {
  const revealer = new Revealer(account, options);
  revealer.watch(root);
  return revealer;
}

/** @type {typeof import("./endkey.mjs").messageOf} */
export const messageOf = (refusal) => messageFor(refusal);
