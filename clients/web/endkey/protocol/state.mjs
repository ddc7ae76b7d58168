// The AccountState and its certificate (section 12.1).

import { compare } from "../bytes.mjs";
import { isSigned, signed, toSign } from "../labels.mjs";
import { checkVerifyKey, SigningKey, verifies } from "../primitives/ed25519.mjs";
import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { AccountState, PersonList } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { accountId, commitment } from "./keys.mjs";

export const DAY = 86_400_000;

/**
 * @typedef {{verify_key: Uint8Array, person_id: Uint8Array}} Signer
 * @typedef {{generation: number, certificate_from: number, certificate_until: number, signers: Signer[]}} List
 */

/** @param {Signer[]} signers */
const sorted = (signers) => [...signers].sort((a, b) => compare(a.verify_key, b.verify_key));

/** @param {Uint8Array} account @param {List} list */
const certificateInput = (account, list) => toSign("certificate", account, serialize(PersonList, list));

/**
 * The signer of a state's list that has this key.
 * @param {Signer[]} signers @param {Uint8Array} verifyKey
 */
export const signerOf = (signers, verifyKey) => signers.find(({ verify_key }) => compare(verify_key, verifyKey) === 0);

/**
 * Whether `signer` of a message is on the list and has signed it.
 * @param {Signer[]} signers @param {Uint8Array} signer @param {Uint8Array} message
 */
export const isSignedBy = async (signers, signer, message) =>
  signerOf(signers, signer) !== undefined && (await isSigned(signer, message));

/** @param {Uint8Array} rootSeed @param {List} list signers in any order */
export async function makeCertificate(rootSeed, list) {
  const key = await SigningKey.of(rootSeed);
  const account_id = await accountId(key.verifyKey);
  const certificate = await key.sign(certificateInput(account_id, { ...list, signers: sorted(list.signers) }));
  return { account_id, certificate };
}

/** @param {any} state parsed, or about to be made */
async function checkCertificate(state) {
  const input = certificateInput(state.header.account_id, state);
  const isCertified = signerOf(state.signers, state.root_key) !== undefined
    && (await verifies(state.root_key, input, state.certificate));
  if (!isCertified) refuse("certificate_invalid");
}

/** @param {any} state */
function checkTimes({ made, valid_until, certificate_from, certificate_until }) {
  const isOrdered = certificate_from <= made && made < valid_until && valid_until <= certificate_until;
  if (!isOrdered || certificate_until - made > LIMITS.validity_accepted * DAY) refuse("bad_validity");
}

/**
 * @param {SigningKey} key the signer's
 * @param {List & {epoch: number, counter: number, master_key: Uint8Array, made: number, valid_until: number,
 *   root_key: Uint8Array, certificate: Uint8Array, revoked: Uint8Array[]}} input signers and revoked in any order
 */
export async function makeState(key, input) {
  const { epoch, master_key, ...fields } = input;
  const account_id = await accountId(input.root_key);
  const state = {
    ...fields, header: { type: "account_state", account_id, epoch },
    commitment: await commitment(master_key, account_id, epoch),
    signers: sorted(input.signers), revoked: [...input.revoked].sort(compare),
    signer: key.verifyKey, signature: new Uint8Array(64),
  };
  await checkCertificate(state);
  if (signerOf(state.signers, key.verifyKey) === undefined) refuse("signature_invalid");
  checkTimes(state);
  return signed(key, serialize(AccountState, state).subarray(0, -64));
}

/**
 * Checks a state against the pinned account and the state accepted last.
 * @param {Uint8Array} account
 * @param {Uint8Array | null} last the AccountState accepted last
 * @param {number | null} leastGeneration that of the code, where no state was accepted
 * @param {Uint8Array} message
 * @returns {Promise<{state: any, changed: boolean, keysFit: boolean}>}
 */
export async function acceptState(account, last, leastGeneration, message) {
  const state = parse(AccountState, message);
  const isAccounts = compare(state.header.account_id, account) === 0;
  if (!isAccounts || compare(await accountId(state.root_key), account) !== 0) refuse("wrong_account");
  checkVerifyKey(state.root_key);
  for (const { verify_key } of state.signers) checkVerifyKey(verify_key);
  await checkCertificate(state);
  if (!(await isSignedBy(state.signers, state.signer, message))) refuse("signature_invalid");
  checkTimes(state);
  if (last === null) {
    if (leastGeneration !== null && state.generation < leastGeneration) refuse("generation_rollback");
    return { state, changed: true, keysFit: false };
  }
  const accepted = parse(AccountState, last);
  if (compare(message, last) === 0) return { state, changed: false, keysFit: true };
  if (state.generation < accepted.generation) refuse("generation_rollback");
  const isSameEpoch = state.header.epoch === accepted.header.epoch;
  const isSameKey = isSameEpoch && compare(state.commitment, accepted.commitment) === 0;
  if (state.generation > accepted.generation) return { state, changed: true, keysFit: false };
  if (state.counter < accepted.counter) refuse("counter_rollback");
  if (state.counter === accepted.counter) refuse("counter_fork");
  if (state.header.epoch < accepted.header.epoch) refuse("epoch_rollback");
  if (isSameEpoch && !isSameKey) refuse("epoch_fork");
  return { state, changed: true, keysFit: isSameKey };
}

/**
 * Whether a parsed state lists an agent.
 * @param {any} state @param {Uint8Array} agent
 */
export const lists = (state, agent) => state.revoked.some((/** @type {Uint8Array} */ id) => compare(id, agent) === 0);
