// Grants (section 11).

import { compare, equal } from "../bytes.mjs";
import { signed } from "../labels.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { checkVerifyKey } from "../primitives/ed25519.mjs";
import { checkModulus } from "../primitives/rsa.mjs";
import * as oaep from "../primitives/rsa-oaep.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { GrantContents } from "../wire/contents.mjs";
import { AccountState, Grant } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId, agentKey, commitment, tokenKey } from "./keys.mjs";
import { isSignedBy } from "./state.mjs";

const HEAD = 105;

/**
 * @typedef {"master" | "scoped"} Kind
 * @typedef {{account_id: Uint8Array, epoch: number, kind: Kind, recipient: Uint8Array, modulus: Uint8Array,
 *   verify_key: Uint8Array}} About
 * @typedef {{token_key: Uint8Array, agent_key: Uint8Array}} ScopedKeys
 * @typedef {(modulus: Uint8Array, message: Uint8Array) => Promise<Uint8Array>} Encrypt
 */

/**
 * What a scoped grant carries.
 * @param {import("./keys.mjs").Secret} masterKey @param {Uint8Array} account @param {number} epoch
 * @param {Uint8Array} agent
 */
export const scopedKeys = async (masterKey, account, epoch, agent) => ({
  token_key: await tokenKey(masterKey, account, epoch),
  agent_key: await agentKey(masterKey, account, epoch, agent),
});

/**
 * @param {import("../primitives/ed25519.mjs").SigningKey} key the signer's
 * @param {About} about
 * @param {Uint8Array} masterKey
 * @param {Encrypt} [encrypt] that of Web Crypto chooses a seed
 */
export async function makeGrant(key, about, masterKey, encrypt = oaep.encrypt) {
  const { account_id, epoch, kind, recipient, modulus, verify_key } = about;
  checkModulus(modulus);
  checkVerifyKey(verify_key);
  if (compare(await agentId(modulus, verify_key), recipient) !== 0) refuse("wrong_recipient");
  const grant = {
    header: { type: "grant", account_id, epoch }, kind, recipient,
    commitment: await commitment(masterKey, account_id, epoch),
    signer: key.verifyKey, ciphertext: new Uint8Array(256), signature: new Uint8Array(64),
  };
  const head_hash = await sha256(serialize(Grant, grant).subarray(0, HEAD));
  const keys = kind === "master"
    ? { master: masterKey }
    : { scoped: await scopedKeys(masterKey, account_id, epoch, recipient) };
  const ciphertext = await encrypt(modulus, serialize(GrantContents, { head_hash, ...keys }, { kind }));
  return signed(key, serialize(Grant, { ...grant, ciphertext }).subarray(0, -64));
}

/**
 * @typedef {{id: Uint8Array, kind: Kind, p: Uint8Array, q: Uint8Array}} Recipient
 * @typedef {{kind: "master", master_key: Uint8Array} | ({kind: "scoped"} & ScopedKeys) | {kind: "unchanged"}} Opened
 * @param {Uint8Array} account
 * @param {Uint8Array | null} accepted the AccountState accepted last
 * @param {Recipient} recipient
 * @param {boolean} isHeld whether keys of this state are held already
 * @param {Uint8Array} message
 * @returns {Promise<Opened>}
 */
export async function openGrant(account, accepted, recipient, isHeld, message) {
  const grant = parse(Grant, message);
  const { header, kind } = grant;
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  const state = parse(AccountState, accepted ?? refuse("no_state"));
  if (header.epoch < state.header.epoch) refuse("epoch_rollback");
  if (header.epoch > state.header.epoch) refuse("epoch_mismatch");
  if (compare(grant.commitment, state.commitment) !== 0) refuse("epoch_fork");
  if (!(await isSignedBy(state.signers, grant.signer, message))) refuse("signature_invalid");
  if (compare(grant.recipient, recipient.id) !== 0 || kind !== recipient.kind) refuse("wrong_recipient");
  if (isHeld) return { kind: "unchanged" };
  return asOne("grant_open_failed", async () => {
    const contents = parse(GrantContents, await oaep.decrypt(recipient.p, recipient.q, grant.ciphertext), { kind });
    if (!equal(contents.head_hash, await sha256(message.subarray(0, HEAD)))) refuse("grant_open_failed");
    if (kind === "scoped") return { kind, ...contents.scoped };
    const fits = equal(await commitment(contents.master, account, header.epoch), grant.commitment);
    return fits ? { kind, master_key: contents.master } : refuse("grant_open_failed");
  });
}
