// The account's private keys (section 12.4).

import { compare, concat } from "../bytes.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { arePrimes, modulusOf } from "../primitives/rsa.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { AccountKeys } from "../wire/contents.mjs";
import { AccountState, PrivateKeys } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { accountId, privateKeysKey } from "./keys.mjs";

const CONTEXT = 24;

/**
 * @param {Uint8Array} masterKey
 * @param {Uint8Array} account
 * @param {number} epoch
 * @param {Uint8Array} salt
 * @param {any} keys
 */
export async function sealPrivateKeys(masterKey, account, epoch, salt, keys) {
  const header = { type: "private_keys", account_id: account, epoch };
  const context = serialize(PrivateKeys, { header, sealed: new Uint8Array(360) }).slice(0, CONTEXT);
  const key = await privateKeysKey(masterKey, account, epoch);
  return concat(context, await seal(key, context, salt, serialize(AccountKeys, keys)));
}

/**
 * @param {import("./keys.mjs").Secret} masterKey @param {Uint8Array} account @param {number} epoch
 * @param {Uint8Array} message @param {Uint8Array | null} state an AccountState that was accepted
 */
export async function openPrivateKeys(masterKey, account, epoch, message, state) {
  const { header, sealed } = parse(PrivateKeys, message);
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  if (header.epoch !== epoch) refuse("epoch_mismatch");
  return asOne("private_keys_open_failed", async () => {
    const key = await privateKeysKey(masterKey, account, epoch);
    const keys = parse(AccountKeys, await open(key, message.subarray(0, CONTEXT), sealed));
    if (!arePrimes(keys.p, keys.q)) refuse("private_keys_open_failed");
    const { verifyKey } = await SigningKey.of(keys.seed);
    if (compare(await accountId(verifyKey), account) !== 0) refuse("private_keys_open_failed");
    if (state !== null) {
      const stated = parse(AccountState, state);
      const isModulusSame = compare(modulusOf(keys.p, keys.q), stated.modulus) === 0;
      if (!isModulusSame || compare(verifyKey, stated.verify_key) !== 0) refuse("private_keys_open_failed");
    }
    return keys;
  });
}
