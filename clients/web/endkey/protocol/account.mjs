// Making an account, and recovering one (sections 12.6 and 12.9).

import { compare, utf8 } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { pbkdf2 } from "../primitives/pbkdf2.mjs";
import { modulusOf } from "../primitives/rsa.mjs";
import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { recoveryText } from "../text/texts.mjs";
import { EnrolmentRequest, OwnerVault, PasswordHeader } from "../wire/messages.mjs";
import { parse } from "../wire/types.mjs";
import { accountId, agentId, recoveryKey } from "./keys.mjs";
import { HEAD, makePersonKeys, wrapUnder } from "./password.mjs";
import {
  daysAfter, freeEpoch, masterGrants, nextOrFirst, raised, serializeVault, within, ZEROS,
} from "./publication.mjs";
import { acceptState, makeCertificate, makeState, signerOf } from "./state.mjs";
import { makeVault, signersOf } from "./vault.mjs";

const EMPTY = new Uint8Array(0);

/**
 * @typedef {{master_key: Uint8Array, iterations: number, retention_days: number, now: number, salt: Uint8Array,
 *   keys_salt: Uint8Array, vault_salt: Uint8Array, encrypt?: (index: number) => import("./grants.mjs").Encrypt}}
 *   Choices
 * @typedef {{epoch: number, greatest: number, state_counter: number, vault_counter: number, head_counter: number,
 *   recent: Uint8Array[], persons: any[], members: any[]}} Start
 */

/**
 * A first whole: what an account begins with, or begins anew with.
 * @param {import("./password.mjs").Keys} keys
 * @param {import("./password.mjs").Credentials} credentials
 * @param {Choices} choices
 * @param {Start} start
 * @param {import("./password.mjs").Stretch} stretch
 */
async function begin(keys, credentials, choices, start, stretch) {
  const { master_key, now: made, retention_days } = choices;
  const { epoch } = start;
  const key = await SigningKey.of(keys.seed);
  const account_id = await accountId(key.verifyKey);
  const counter = Math.min(start.head_counter, LIMITS.counter_max);
  const about = { ...choices, account_id, counter, seal_salt: choices.keys_salt };
  const personKeys = await makePersonKeys(about, keys, credentials, stretch);
  within(start.head_counter, LIMITS.counter_max);
  const generation = raised(start.greatest, made);
  const owner = {
    person_id: personKeys.person_id, role: "owner", status: "granted", modulus: modulusOf(keys.p, keys.q),
    verify_key: key.verifyKey, keys: await sha256(personKeys.keys), label: EMPTY,
  };
  const persons = [...start.persons, owner].sort((a, b) => compare(a.person_id, b.person_id));
  within(persons.length, LIMITS.persons_max);
  const certificate_until = daysAfter(made, LIMITS.certificate_default);
  const list = { generation, certificate_from: made, certificate_until, signers: signersOf({ persons }) };
  const { certificate } = await makeCertificate(keys.seed, list);
  const state = await makeState(key, {
    ...list, certificate, epoch, master_key, made, counter: start.state_counter, root_key: key.verifyKey, revoked: [],
    valid_until: daysAfter(made, LIMITS.validity_default),
  });
  const contents = serializeVault({
    made, made_by: owner.person_id, recent: start.recent, rule_set: ZEROS, retention_days, blob_days: retention_days,
    states: [{ generation, counter: start.state_counter, epoch, made, hash: await sha256(state) }],
    persons, past_keys: [], codes: [], members: start.members, erasures: [], rules: [],
  });
  const vault = { account_id, epoch, counter: start.vault_counter, salt: choices.vault_salt };
  return {
    account_id, person_keys: personKeys.keys, account_state: state, contents,
    password_wrap: await wrapUnder(personKeys.stretched, personKeys.keys.subarray(0, HEAD), epoch, master_key),
    owner_vault: await makeVault(key, master_key, vault, contents),
    grants: await masterGrants(key, { account_id, epoch }, master_key, persons, choices.encrypt),
    recovery_text: utf8(recoveryText.write({ seed: keys.seed })),
    login_id: personKeys.login_id, login_verifier: personKeys.login_verifier,
    recovery_verifier: await sha256(await recoveryKey(keys.seed, account_id)),
  };
}

/**
 * Makes an account.
 * @param {import("./password.mjs").Keys} keys `seed` is the root seed
 * @param {import("./password.mjs").Credentials} credentials
 * @param {Choices} choices
 * @param {import("./password.mjs").Stretch} [stretch]
 */
export const createAccount = (keys, credentials, choices, stretch = pbkdf2) => begin(keys, credentials, choices, {
  epoch: 1, greatest: 0, state_counter: 1, vault_counter: 1, head_counter: 1, recent: [],
  persons: [], members: [],
}, stretch);

/**
 * What the service shows to who has a recovery text, and what the person confirms of it.
 * @typedef {{head: Uint8Array | null, state: Uint8Array, vault: Uint8Array, generation: number, confirmed: boolean,
 *   persons: Uint8Array[], members: {agent_id: Uint8Array, kind: string}[]}} Shown
 * @param {Uint8Array} text the recovery text
 * @param {{p: Uint8Array, q: Uint8Array}} primes of the new RSA key
 * @param {import("./password.mjs").Credentials} credentials
 * @param {Shown} shown
 * @param {Choices} choices
 * @param {import("./password.mjs").Stretch} [stretch]
 */
export async function recoverAccount(text, primes, credentials, shown, choices, stretch = pbkdf2) {
  const { seed } = recoveryText.read(text);
  const account = await accountId((await SigningKey.of(seed)).verifyKey);
  if (!shown.confirmed) refuse("approval_required");
  const { state } = await acceptState(account, null, null, shown.state);
  const vault = ofAccount(parse(OwnerVault, shown.vault), account);
  const head = shown.head === null ? null : ofAccount(parse(PasswordHeader, shown.head), account);
  const persons = [];
  for (const message of shown.persons) {
    persons.push(await staying(ofAccount(parse(EnrolmentRequest, message), account), state));
  }
  const members = shown.members.map(({ agent_id, kind }) => ({
    agent_id, kind, label: EMPTY, code_id: new Uint8Array(8), status: "granted", listed: 0, audited_sequence: 0,
    audited_hash: ZEROS, audited_generation: 0, audited_state: 0, kept_sequence: 0, kept_hash: ZEROS,
  }));
  return begin({ p: primes.p, q: primes.q, seed }, credentials, choices, {
    epoch: freeEpoch(state.header.epoch, []),
    greatest: Math.max(shown.generation, state.generation),
    state_counter: nextOrFirst(state.counter), vault_counter: nextOrFirst(vault.counter),
    head_counter: head === null ? 1 : head.counter + 1,
    recent: [await sha256(shown.vault)], persons, members: members.sort((a, b) => compare(a.agent_id, b.agent_id)),
  }, stretch);
}

/**
 * A parsed message of this account.
 * @param {any} message @param {Uint8Array} account
 */
const ofAccount = (message, account) =>
  (compare(message.header.account_id, account) === 0 ? message : refuse("wrong_account"));

/**
 * A person who stays, by the request whose keys the shown state lists.
 * @param {{modulus: Uint8Array, verify_key: Uint8Array}} request @param {any} state
 */
async function staying({ modulus, verify_key }, state) {
  const person_id = await agentId(modulus, verify_key);
  const signer = signerOf(state.signers, verify_key);
  const isListed = signer !== undefined && compare(signer.person_id, person_id) === 0;
  if (!isListed || compare(verify_key, state.root_key) === 0) refuse("unknown_agent");
  return { person_id, role: "manager", status: "granted", modulus, verify_key, keys: ZEROS, label: EMPTY };
}
