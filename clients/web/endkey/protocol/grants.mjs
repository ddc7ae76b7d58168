// Grants (section 11).

import { compare, equal } from "../bytes.mjs";
import { isSigned, signed } from "../labels.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { checkModulus, modulusOf } from "../primitives/rsa.mjs";
import * as oaep from "../primitives/rsa-oaep.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { GrantContents } from "../wire/contents.mjs";
import { AccountState, Grant } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId, agentKey, commitment, tokenKey } from "./keys.mjs";

const BEFORE_CIPHERTEXT = 49;

/**
 * @typedef {{account_id: Uint8Array, epoch: number, counter: number, kind: "master" | "scoped",
 *   recipient: Uint8Array, modulus: Uint8Array}} About
 * @typedef {{kind: "master", master_key: Uint8Array} | {kind: "scoped", token_key: Uint8Array, agent_key: Uint8Array}
 *   | {kind: "unchanged"}} Opened
 */

/**
 * @param {Uint8Array} seed of the account
 * @param {About} about
 * @param {Uint8Array} masterKey
 * @param {typeof oaep.encrypt} [encrypt]
 */
export async function makeGrant(seed, about, masterKey, encrypt = oaep.encrypt) {
  const { account_id, epoch, counter, kind, recipient, modulus } = about;
  checkModulus(modulus);
  const fields = {
    header: { type: "grant", account_id, epoch },
    kind, recipient, counter, ciphertext: new Uint8Array(256), signature: new Uint8Array(64),
  };
  const header_hash = await sha256(serialize(Grant, fields).subarray(0, BEFORE_CIPHERTEXT));
  const secret = kind === "master" ? masterKey : {
    token_key: await tokenKey(masterKey, account_id, epoch),
    agent_key: await agentKey(masterKey, account_id, epoch, recipient),
  };
  const contents = serialize(GrantContents, { header_hash, [kind]: secret }, { kind });
  const ciphertext = await encrypt(modulus, contents);
  return signed(await SigningKey.of(seed), serialize(Grant, { ...fields, ciphertext }).subarray(0, -64));
}

/**
 * @param {Uint8Array} account
 * @param {Uint8Array | null} state accepted
 * @param {{p: Uint8Array, q: Uint8Array, seed: Uint8Array}} keys
 * @param {{counter: number, hash: Uint8Array} | null} last @param {Uint8Array} message @returns {Promise<Opened>}
 */
export async function openGrant(account, state, keys, last, message) {
  const grant = parse(Grant, message);
  const { header, kind, counter } = grant;
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  const accepted = parse(AccountState, state ?? refuse("no_state"));
  if (!(await isSigned(accepted.verify_key, message))) refuse("signature_invalid");
  const { verifyKey } = await SigningKey.of(keys.seed);
  if (compare(grant.recipient, await agentId(modulusOf(keys.p, keys.q), verifyKey)) !== 0) refuse("wrong_recipient");
  if (header.epoch < accepted.header.epoch) refuse("epoch_rollback");
  if (header.epoch > accepted.header.epoch) refuse("epoch_mismatch");
  if (last !== null && counter < last.counter) refuse("counter_rollback");
  if (last !== null && counter === last.counter) {
    if (compare(await sha256(message), last.hash) !== 0) refuse("counter_fork");
    return { kind: "unchanged" };
  }
  return asOne("grant_open_failed", async () => {
    const contents = parse(GrantContents, await oaep.decrypt(keys.p, keys.q, grant.ciphertext), { kind });
    const isMeant = equal(contents.header_hash, await sha256(message.subarray(0, BEFORE_CIPHERTEXT)));
    if (!isMeant) refuse("grant_open_failed");
    if (kind === "scoped") return { kind, ...contents.scoped };
    const committed = await commitment(contents.master, account, header.epoch);
    if (!equal(committed, accepted.commitment)) refuse("grant_open_failed");
    return { kind, master_key: contents.master };
  });
}
