// The owner's vault (section 12.5).

import { compare, concat } from "../bytes.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { VaultContents } from "../wire/contents.mjs";
import { AccountState, OwnerVault, PasswordWrap } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { vaultKey } from "./keys.mjs";

const CONTEXT = 32;

/**
 * @param {Uint8Array} masterKey
 * @param {Uint8Array} account
 * @param {number} epoch
 * @param {number} counter
 * @param {Uint8Array} salt
 * @param {any} contents
 */
export async function sealVault(masterKey, account, epoch, counter, salt, contents) {
  const header = { type: "owner_vault", account_id: account, epoch };
  const context = serialize(OwnerVault, { header, counter, sealed: new Uint8Array(72) }).slice(0, CONTEXT);
  const key = await vaultKey(masterKey, account, epoch);
  const sealed = await seal(key, context, salt, serialize(VaultContents, contents, { header }));
  return serialize(OwnerVault, { header, counter, sealed });
}

/**
 * Opens a vault to its contents, as bytes and parsed.
 * @param {import("./keys.mjs").Secret} masterKey
 * @param {Uint8Array} account
 * @param {number} epoch
 * @param {Uint8Array} message
 * @param {number} pinnedCounter
 * @param {Uint8Array | null} state accepted
 * @param {Uint8Array | null} wrap accepted
 */
export async function openVault(masterKey, account, epoch, message, pinnedCounter, state, wrap) {
  const { header, counter, sealed } = parse(OwnerVault, message);
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  if (header.epoch !== epoch) refuse("epoch_mismatch");
  if (counter < pinnedCounter) refuse("counter_rollback");
  const opened = await asOne("vault_open_failed", async () => {
    const bytes = await open(await vaultKey(masterKey, account, epoch), message.subarray(0, CONTEXT), sealed);
    return { bytes, contents: parse(VaultContents, bytes, { header }) };
  });
  const { contents } = opened;
  const stateCounter = state === null ? undefined : parse(AccountState, state).counter;
  const wrapCounter = wrap === null ? undefined : parse(PasswordWrap, wrap).head.counter;
  if (stateCounter < contents.state_counter || wrapCounter < contents.wrap_counter) refuse("counter_rollback");
  const isCounterSame = state !== null && stateCounter === contents.state_counter;
  if (isCounterSame && compare(await sha256(state), contents.state_hash) !== 0) refuse("counter_fork");
  return opened;
}
