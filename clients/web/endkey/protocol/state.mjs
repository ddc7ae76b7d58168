// The AccountState (section 12.1).

import { compare, isZero } from "../bytes.mjs";
import { isSigned, signed } from "../labels.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { checkModulus } from "../primitives/rsa.mjs";
import { refuse } from "../refusal.mjs";
import { AccountState } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { accountId, commitment } from "./keys.mjs";

/**
 * @param {Uint8Array} seed of the account
 * @param {{modulus: Uint8Array, epoch: number, counter: number, master_key: Uint8Array, rule_set: Uint8Array,
 *   previous: Uint8Array, revoked: Uint8Array[]}} input
 */
export async function makeState(seed, input) {
  const { modulus, epoch, counter, rule_set, previous } = input;
  const key = await SigningKey.of(seed);
  const account = await accountId(key.verifyKey);
  const state = serialize(AccountState, {
    header: { type: "account_state", account_id: account, epoch },
    counter, verify_key: key.verifyKey, modulus, commitment: await commitment(input.master_key, account, epoch),
    rule_set, previous, revoked: [...input.revoked].sort(compare), signature: new Uint8Array(64),
  });
  return signed(key, state.subarray(0, -64));
}

/**
 * Checks a state against the pinned account and the state accepted last.
 * @param {Uint8Array} account @param {Uint8Array | null} last @param {Uint8Array} message
 * @returns {Promise<{state: any, isUnchanged: boolean}>}
 */
export async function acceptState(account, last, message) {
  const state = parse(AccountState, message);
  const isAccounts = compare(state.header.account_id, account) === 0;
  if (!isAccounts || compare(await accountId(state.verify_key), account) !== 0) refuse("wrong_account");
  checkModulus(state.modulus);
  if (!(await isSigned(state.verify_key, message))) refuse("signature_invalid");
  if (state.counter === 0) refuse("counter_rollback");
  const accepted = last === null ? undefined : parse(AccountState, last);
  if (last !== null && accepted !== undefined) {
    if (state.counter < accepted.counter) refuse("counter_rollback");
    if (state.counter === accepted.counter) {
      if (compare(message, last) !== 0) refuse("counter_fork");
      return { state, isUnchanged: true };
    }
    if (state.header.epoch < accepted.header.epoch) refuse("epoch_rollback");
    const isNext = state.counter === accepted.counter + 1;
    if (isNext && compare(state.previous, await sha256(last)) !== 0) refuse("chain_broken");
  }
  if (state.counter === 1 && !isZero(state.previous)) refuse("chain_broken");
  return { state, isUnchanged: false };
}

/**
 * Whether a parsed state lists an agent.
 * @param {any} state @param {Uint8Array} agent
 */
export const revokes = (state, agent) => state.revoked.some((/** @type {Uint8Array} */ id) => compare(id, agent) === 0);
