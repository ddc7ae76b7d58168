// The OwnerVault (section 12.5).

import { compare, concat, isZero } from "../bytes.mjs";
import { signed } from "../labels.mjs";
import { open, seal } from "../primitives/chunked-encryption.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { VaultContents } from "../wire/contents.mjs";
import { AccountState, OwnerVault } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId, vaultKey } from "./keys.mjs";
import { isSignedBy, signerOf } from "./state.mjs";

const CONTEXT = 32;

/**
 * @param {import("../primitives/ed25519.mjs").SigningKey} key the signer's
 * @param {Uint8Array} masterKey
 * @param {{account_id: Uint8Array, epoch: number, counter: number, salt: Uint8Array}} about
 * @param {Uint8Array} contents VaultContents
 */
export async function makeVault(key, masterKey, about, contents) {
  const { account_id, epoch, counter, salt } = about;
  if (contents.length > LIMITS.vault_contents_max) refuse("limit_reached");
  const vault = {
    header: { type: "owner_vault", account_id, epoch }, counter, sealed: new Uint8Array(LIMITS.sealed_min),
    signer: key.verifyKey, signature: new Uint8Array(64),
  };
  const context = serialize(OwnerVault, vault).slice(0, CONTEXT);
  const sealed = await seal(await vaultKey(masterKey, account_id, epoch), context, salt, contents);
  return signed(key, serialize(OwnerVault, { ...vault, sealed }).subarray(0, -64));
}

/**
 * What one of a state's signers has written (steps 1 to 5), to its contents as bytes and parsed.
 * @param {any} state parsed @param {import("./keys.mjs").Secret} masterKey @param {Uint8Array} message
 */
export async function readVault(state, masterKey, message) {
  const { account_id, epoch } = state.header;
  const vault = parse(OwnerVault, message);
  if (compare(vault.header.account_id, account_id) !== 0) refuse("wrong_account");
  if (vault.header.epoch !== epoch) refuse("epoch_mismatch");
  if (!(await isSignedBy(state.signers, vault.signer, message))) refuse("signature_invalid");
  return asOne("vault_open_failed", async () => {
    const key = await vaultKey(masterKey, account_id, epoch);
    const bytes = await open(key, message.subarray(0, CONTEXT), vault.sealed);
    return { bytes, contents: parse(VaultContents, bytes), counter: vault.counter, signer: vault.signer };
  });
}

/**
 * Opens a vault that belongs to an accepted state, to its contents as bytes and parsed.
 * @param {Uint8Array} accepted the AccountState
 * @param {import("./keys.mjs").Secret} masterKey of the state's epoch and commitment
 * @param {Uint8Array} personId the opener's
 * @param {Uint8Array} personKeys the opener's PersonKeys
 * @param {Uint8Array} message
 * @param {boolean} [isHeadPinned] whether other keys of the opener's are no refusal
 */
export async function openVault(accepted, masterKey, personId, personKeys, message, isHeadPinned = false) {
  const state = parse(AccountState, accepted);
  const { bytes, contents, counter, signer } = await readVault(state, masterKey, message);
  if (!(await fits(contents, state, await sha256(accepted), signer))) refuse("chain_broken");
  const opener = personOf(contents, personId) ?? refuse("unknown_agent");
  if (opener.status !== "granted") refuse("revoked");
  const isOwn = isZero(opener.keys) || compare(opener.keys, await sha256(personKeys)) === 0;
  if (!isOwn && !isHeadPinned) refuse("chain_broken");
  return { bytes, contents, counter, opener, isOwn };
}

/**
 * The contents of a vault that this end made itself.
 * @param {import("./keys.mjs").Secret} masterKey @param {Uint8Array} message
 */
export const openOwnVault = (masterKey, message) => asOne("vault_open_failed", async () => {
  const { header, sealed } = parse(OwnerVault, message);
  const key = await vaultKey(masterKey, header.account_id, header.epoch);
  return parse(VaultContents, await open(key, message.subarray(0, CONTEXT), sealed));
});

/**
 * The person of a vault who has this id.
 * @param {any} contents @param {Uint8Array} id
 */
export const personOf = (contents, id) =>
  contents.persons.find((/** @type {any} */ { person_id }) => compare(person_id, id) === 0);

/**
 * The persons who may sign, as a state lists them.
 * @param {any} contents @returns {import("./state.mjs").Signer[]}
 */
export const signersOf = (contents) => contents.persons
  .filter((/** @type {any} */ { status }) => status === "granted")
  .map((/** @type {any} */ { verify_key, person_id }) => ({ verify_key, person_id }))
  .sort((/** @type {any} */ a, /** @type {any} */ b) => compare(a.verify_key, b.verify_key));

/**
 * Whether contents fit their state (step 6).
 * @param {any} contents @param {any} state @param {Uint8Array} stateHash @param {Uint8Array} signer of the vault
 */
async function fits(contents, state, stateHash, signer) {
  const note = contents.states[contents.states.length - 1];
  const isNoted = note.generation === state.generation && note.counter === state.counter
    && note.epoch === state.header.epoch && note.made === state.made && compare(note.hash, stateHash) === 0;
  const pairs = (/** @type {import("./state.mjs").Signer[]} */ signers) =>
    concat(...signers.flatMap(({ verify_key, person_id }) => [verify_key, person_id]));
  if (!isNoted || compare(pairs(signersOf(contents)), pairs(state.signers)) !== 0) return false;
  for (const { person_id, modulus, verify_key } of contents.persons) {
    if (compare(await agentId(modulus, verify_key), person_id) !== 0) return false;
  }
  const owners = contents.persons.filter((/** @type {any} */ { role }) => role === "owner");
  const isOwned = owners.length === 1 && compare(owners[0].verify_key, state.root_key) === 0
    && owners[0].status === "granted" && !isZero(owners[0].keys);
  const maker = signerOf(state.signers, signer);
  return isOwned && maker !== undefined && compare(maker.person_id, contents.made_by) === 0;
}
