// An owner's end, fresh or not, opens an account from the messages that are stored of it (section 12, "Recovery").

import { compare, equal, isZero } from "../bytes.mjs";
import { hkdfKey } from "../primitives/hkdf.mjs";
import { refuse } from "../refusal.mjs";
import { OwnerVault, PasswordWrap } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { commitment } from "./keys.mjs";
import { openWrapHidden } from "./password.mjs";
import { openPrivateKeys } from "./private-keys.mjs";
import { verifyRules } from "./rules.mjs";
import { acceptState } from "./state.mjs";
import { openVault } from "./vault.mjs";

/**
 * @typedef {{password_wrap: Uint8Array, private_keys: Uint8Array, vault: Uint8Array, state: Uint8Array,
 *   rule_set: Uint8Array | null}} Stored
 * What a device remembers; `state` is the AccountState accepted last.
 * @typedef {{account_id: Uint8Array, salt: Uint8Array, counter: number, epoch: number, vault_counter: number,
 *   state: Uint8Array}} Pins
 * @typedef {{account_id: Uint8Array, masterKeys: Map<number, CryptoKey>, vault: any, state: any, pins: Pins}} Account
 */

/**
 * @param {Stored} stored
 * @param {import("./password.mjs").Credentials} credentials
 * @param {Pins | null} pins
 * @param {import("./password.mjs").Stretch} [stretch]
 * @returns {Promise<Account>}
 */
export async function openAccount(stored, credentials, pins, stretch) {
  const { head } = parse(PasswordWrap, stored.password_wrap);
  const { account_id, epoch } = head.header;
  const masterKey = await openWrapHidden(stored.password_wrap, credentials, pins, stretch);
  const { state } = await acceptState(account_id, pins?.state ?? null, stored.state);
  await openPrivateKeys(masterKey, account_id, epoch, stored.private_keys, stored.state);
  const committed = await commitment(masterKey, account_id, epoch);
  if (state.header.epoch !== epoch || !equal(committed, state.commitment)) refuse("epoch_mismatch");
  const { contents } = await openVault(
    masterKey, account_id, epoch, stored.vault, pins?.vault_counter ?? 0, stored.state, stored.password_wrap);
  await checkRules(account_id, state, contents, stored.rule_set);
  const masterKeys = new Map([[epoch, masterKey]]);
  for (const past of contents.past_keys) {
    masterKeys.set(past.epoch, await hkdfKey(past.master_key));
    past.master_key.fill(0);
  }
  const vault_counter = parse(OwnerVault, stored.vault).counter;
  return {
    account_id, masterKeys, vault: contents, state,
    pins: { account_id, salt: head.salt, counter: head.counter, epoch, vault_counter, state: stored.state },
  };
}

/** @param {Uint8Array} account @param {any} state @param {any} vault @param {Uint8Array | null} ruleSet */
async function checkRules(account, state, vault, ruleSet) {
  if (isZero(state.rule_set)) return;
  await verifyRules({
    account_id: account, verify_key: state.verify_key, epoch: state.header.epoch,
    last_counter: vault.rule_set_counter, expected_hash: state.rule_set,
  }, ruleSet ?? refuse("chain_broken"));
}

/**
 * Whether a wrap names this account: what the owner noted, held against it before a password is used.
 * @param {Uint8Array} wrap @param {Uint8Array} account
 */
export const isWrapOf = (wrap, account) => compare(parse(PasswordWrap, wrap).head.header.account_id, account) === 0;
