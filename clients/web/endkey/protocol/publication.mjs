// Publications and acts (sections 12.8 and 12.9): whether this end may sign, what an act makes, what became of it.

import { compare, toHex } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import * as oaep from "../primitives/rsa-oaep.mjs";
import { isRefusal, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { pairOf, VaultContents } from "../wire/contents.mjs";
import { AccountState, OwnerVault } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { makeGrant } from "./grants.mjs";
import { agentId } from "./keys.mjs";
import { DAY, makeCertificate, makeState, signerOf } from "./state.mjs";
import { makeVault, personOf, signersOf } from "./vault.mjs";

const MOST = 2 ** 32 - 1;
const HOUR = DAY / 24;
export const ZEROS = new Uint8Array(32);

/** Acts that need the root key; of these, those that make another list of persons or another generation. */
const OF_ROOT = ["renew_certificate", "add_person", "remove_person", "repair"];
const ROOT_ACTS = ["add_person", "remove_person", "repair"];

/**
 * Makes the RuleSet of a new epoch.
 * @typedef {(epoch: number, masterKey: Uint8Array) => Promise<Uint8Array | null>} MakeRules
 * `encrypt` makes the ciphertext of the n-th master grant.
 * What is served while an owner's end works from its kept whole: what a root act is to replace, and has to know of it.
 * `missing` are the MasterKeys that this end had kept and the account lacks, by the wholes that had them.
 * @typedef {{vault_hash: Uint8Array, counter: number, state: any, keys: {epoch: number, master_key: any}[]}} Aside
 * @typedef {{act: string, seed: Uint8Array, state: Uint8Array, vault: Uint8Array, master_key: Uint8Array,
 *   contents: Uint8Array, remembered: boolean, generation: number, durable: boolean,
 *   says: {newest: boolean, without_storage: boolean, clock: boolean}, now: number, agents?: Uint8Array[],
 *   persons?: Uint8Array[], staying?: {agent_id: Uint8Array, kind: string}[],
 *   person?: {modulus: Uint8Array, verify_key: Uint8Array, label: Uint8Array},
 *   next_master_key?: Uint8Array | null, rule_set: Uint8Array | null | MakeRules, salt: Uint8Array,
 *   aside?: Aside | null, missing?: {keys: {epoch: number, master_key: Uint8Array}[]}[],
 *   encrypt?: (index: number) => import("./grants.mjs").Encrypt}} Act
 */

/**
 * A number or a list that passes its limit is `limit_reached`.
 * @param {number} value @param {number} most
 */
export const within = (value, most) => (value <= most ? value : refuse("limit_reached"));

/** @param {Uint8Array[]} ids @param {Uint8Array} id */
const has = (ids, id) => ids.some((one) => compare(one, id) === 0);

/**
 * The number behind, or 1 where there is none above.
 * @param {number} counter
 */
export const nextOrFirst = (counter) => (counter < LIMITS.counter_max ? counter + 1 : 1);

/**
 * The epoch of an act that raises the generation: the least above the state's that no past key has, else the least one.
 * @param {number} epoch @param {{epoch: number}[]} pastKeys
 */
export function freeEpoch(epoch, pastKeys) {
  const used = new Set([epoch, ...pastKeys.map((past) => past.epoch)]);
  const leastFrom = (/** @type {number} */ first) => {
    let candidate = first;
    while (used.has(candidate)) candidate += 1;
    return candidate;
  };
  const above = leastFrom(epoch + 1);
  return above <= MOST ? above : leastFrom(1);
}

/**
 * The generation of an act that raises it.
 * @param {number} greatest signed or seen @param {number} made
 */
export const raised = (greatest, made) => within(Math.max(greatest + 1, Math.floor(made / 60_000)), MOST);

/**
 * May this end sign (section 12.8, steps 1 to 8)? Gives what follows from the answer.
 * @param {Omit<Act, "contents" | "state" | "salt" | "vault" | "rule_set" | "master_key">} about
 * @param {any} state parsed @param {any} contents parsed
 */
export async function maySign(about, state, contents) {
  const { act, says, now, generation } = about;
  const key = await SigningKey.of(about.seed);
  const isRoot = compare(key.verifyKey, state.root_key) === 0;
  const isRootAct = ROOT_ACTS.includes(act);
  const isDue = isRoot && (generation > state.generation || Boolean(about.aside));
  const raises = isRootAct && (act !== "add_person" || isDue);
  const newest = contents.states[contents.states.length - 1].made;
  if (!about.remembered && !says.newest) refuse("approval_required");
  if (!about.durable && !says.without_storage) refuse("approval_required");
  if (now >= state.valid_until && !says.newest) refuse("state_expired");
  const isBehind = newest > now + LIMITS.clock_ahead_max * DAY;
  if (isBehind && !(raises && says.clock)) refuse("clock_wrong");
  if (isDue && !isRootAct) refuse("unsettled");
  const made = isBehind ? now : Math.max(now, newest);
  const isNew = act !== "edit" || made - newest > 20 * HOUR;
  const left = state.certificate_until - made;
  const isListKept = isNew && !raises && act !== "renew_certificate";
  const isListOver = isListKept && (left <= 0 || (!isRoot && left < LIMITS.validity_min * DAY));
  if ((OF_ROOT.includes(act) && !isRoot) || isListOver) refuse("root_required");
  checkLeaving(contents, about.agents ?? [], about.persons ?? []);
  const asks = raises || act === "remove";
  if (asks) checkStaying(contents, about.agents ?? [], about.staying ?? [], raises);
  return { key, made, raises, isRootAct, asks, isNew, isNewEpoch: asks || act === "rotate" };
}

/**
 * The person must have been asked about each member that the act asks about, with the kind that it has.
 * @param {any} contents @param {Uint8Array[]} agents who go @param {{agent_id: Uint8Array, kind: string}[]} staying
 * @param {boolean} raises
 */
function checkStaying(contents, agents, staying, raises) {
  const granted = contents.members.filter((/** @type {any} */ { status }) => status === "granted");
  const going = granted.filter((/** @type {any} */ { agent_id }) => has(agents, agent_id));
  const codes = going.map((/** @type {any} */ { code_id }) => code_id);
  const isEverybody = raises || going.some((/** @type {any} */ { kind }) => kind === "master");
  for (const { agent_id, code_id, kind, label } of granted) {
    if (has(agents, agent_id) || !(isEverybody || has(codes, code_id) || label.length === 0)) continue;
    const isAsked = staying.some((one) => compare(one.agent_id, agent_id) === 0 && one.kind === kind);
    if (!isAsked) refuse("approval_required");
  }
}

/**
 * Whoever is to go must be there, and no owner.
 * @param {any} contents @param {Uint8Array[]} agents @param {Uint8Array[]} persons
 */
function checkLeaving(contents, agents, persons) {
  const members = contents.members.filter((/** @type {any} */ { agent_id }) => has(agents, agent_id));
  const known = contents.persons.filter((/** @type {any} */ { person_id }) => has(persons, person_id));
  if (agents.some((id) => !has(members.map((/** @type {any} */ one) => one.agent_id), id))
    || persons.some((id) => !has(known.map((/** @type {any} */ one) => one.person_id), id))) refuse("unknown_agent");
  if ([...members, ...known].some(({ status }) => status !== "granted")) refuse("revoked");
  if (known.some((/** @type {any} */ { role }) => role === "owner")) refuse("wrong_recipient");
}

/**
 * What an act changes in the lists of a vault.
 * @param {Act} about @param {any} contents @param {number} listed the epoch of the state that lists who goes
 * @param {boolean} raises
 */
async function changed(about, contents, listed, raises) {
  const { act, agents = [], persons = [], person } = about;
  const status = act === "retire" ? "retired" : "removed";
  const goes = (/** @type {any} */ { agent_id }) => has(agents, agent_id);
  const gone = contents.members.filter(goes).map((/** @type {any} */ { code_id }) => code_id);
  const isDropped = (/** @type {any} */ { id }) => raises || act === "remove" || (act === "retire" && has(gone, id));
  const staying = contents.persons.map((/** @type {any} */ one) =>
    (has(persons, one.person_id) ? { ...one, status: "removed" } : one));
  return {
    ...contents,
    members: contents.members.map((/** @type {any} */ one) => (goes(one) ? { ...one, status, listed } : one)),
    codes: contents.codes.filter((/** @type {any} */ code) => !isDropped(code)),
    persons: person === undefined ? staying : await joined(staying, person),
  };
}

/**
 * The persons with one more.
 * @param {any[]} persons @param {{modulus: Uint8Array, verify_key: Uint8Array, label: Uint8Array}} person
 */
async function joined(persons, person) {
  const person_id = await agentId(person.modulus, person.verify_key);
  const added = { ...person, person_id, role: "manager", status: "granted", keys: ZEROS };
  return personsWithinLimit([...persons, added].sort((a, b) => compare(a.person_id, b.person_id)));
}

/**
 * As many persons as a vault has room for: all, or else those who may sign (R-12.5-7).
 * @param {any[]} persons
 */
export function personsWithinLimit(persons) {
  if (persons.length <= LIMITS.persons_max) return persons;
  const granted = persons.filter(({ status }) => status === "granted");
  within(granted.length, LIMITS.persons_max);
  return granted;
}

/**
 * Master grants to persons, by id ascending.
 * @param {SigningKey} key @param {{account_id: Uint8Array, epoch: number}} about @param {Uint8Array} masterKey
 * @param {any[]} persons @param {(index: number) => import("./grants.mjs").Encrypt} [encrypt]
 */
export async function masterGrants(key, about, masterKey, persons, encrypt = () => oaep.encrypt) {
  const grants = [];
  for (const [index, { person_id, modulus, verify_key }] of persons.entries()) {
    const recipient = { ...about, kind: /** @type {const} */ ("master"), recipient: person_id, modulus, verify_key };
    grants.push(await makeGrant(key, recipient, masterKey, encrypt(index)));
  }
  return grants;
}

/** @param {any} contents parsed; its bytes, within the limit */
export function serializeVault(contents) {
  within(contents.past_keys.length, LIMITS.past_keys_max);
  within(contents.members.length, LIMITS.members_max);
  within(contents.codes.length, LIMITS.codes_max);
  within(contents.erasures.length, LIMITS.erasures_max);
  const bytes = serialize(VaultContents, contents);
  within(bytes.length, LIMITS.vault_contents_max);
  return bytes;
}

/**
 * The time a number of days after another.
 * @param {number} made @param {number} days
 */
export const daysAfter = (made, days) => within(made + days * DAY, LIMITS.counter_max);

/**
 * Makes what an act publishes. Refuses as section 12.8 says, and then changes nothing.
 * @param {Act} about
 */
export async function makePublication(about) {
  const { act, master_key, agents = [], aside = null, missing = [] } = about;
  const state = parse(AccountState, about.state);
  const vault = parse(OwnerVault, about.vault);
  const before = parse(VaultContents, about.contents);
  const { key, made, raises, isRootAct, asks, isNew, isNewEpoch } = await maySign(about, state, before);
  const { account_id, epoch: oldEpoch } = state.header;
  const newEpoch = raises ? freeEpoch(oldEpoch, before.past_keys) : oldEpoch + 1;
  const epoch = isNewEpoch ? within(newEpoch, MOST) : oldEpoch;
  const masterKey = isNewEpoch ? given(about.next_master_key) : master_key;
  const seen = Math.max(about.generation, state.generation, aside?.state?.generation ?? 0);
  const generation = raises ? raised(seen, made) : state.generation;
  const counted = raises ? nextOrFirst : (/** @type {number} */ counter) => within(counter + 1, LIMITS.counter_max);
  const maker = given(signerOf(state.signers, key.verifyKey)).person_id;
  const contents = await changed(about, before, epoch, raises);
  if (aside !== null) contents.persons = listed(contents.persons, state, aside.state);
  const base = await sha256(about.vault);
  const expect = aside?.vault_hash ?? base;
  const mostKeys = raises ? LIMITS.past_keys_max : LIMITS.past_keys_max - LIMITS.past_keys_reserve;
  if (isNewEpoch) {
    contents.past_keys = inOrder([...contents.past_keys, { epoch: oldEpoch, master_key }]);
    within(contents.past_keys.length, mostKeys);
  }
  if (aside !== null) contents.past_keys = united(contents.past_keys, [aside], mostKeys);
  contents.past_keys = united(contents.past_keys, missing, mostKeys);
  let newState = null;
  if (isNew) {
    const signers = signersOf(contents);
    const isRenewed = raises || act === "renew_certificate";
    const list = {
      generation, signers, certificate_from: raises ? made : state.certificate_from,
      certificate_until: isRenewed ? daysAfter(made, LIMITS.certificate_default) : state.certificate_until,
    };
    const isSame = !isRenewed && act !== "add_person";
    const listed = [epoch, oldEpoch].flatMap((one) => contents.members
      .filter((/** @type {any} */ member) => member.listed === one))
      .map((/** @type {any} */ { agent_id }) => agent_id);
    const revoked = isNewEpoch ? listed.slice(0, LIMITS.revoked_max / 16)
      : [...state.revoked, ...agents.filter((id) => !has(state.revoked, id))];
    within(16 * revoked.length, LIMITS.revoked_max);
    newState = await makeState(key, {
      ...list, revoked, epoch, master_key: masterKey, made, counter: counted(state.counter), root_key: state.root_key,
      valid_until: Math.min(daysAfter(made, LIMITS.validity_default), list.certificate_until),
      certificate: isSame ? state.certificate : (await makeCertificate(about.seed, list)).certificate,
    });
    const { counter } = parse(AccountState, newState);
    const note = { generation, counter, epoch, made, hash: await sha256(newState) };
    contents.states = [...contents.states, note].sort((a, b) => compare(pairOf(a), pairOf(b)))
      .slice(-LIMITS.state_notes_max);
  }
  const ruleSet = await namedRules(about.rule_set, epoch, masterKey, raises);
  if (ruleSet !== null) contents.rule_set = await sha256(ruleSet);
  else if (isNewEpoch) contents.rule_set = ZEROS;
  const replaced = compare(base, expect) === 0 ? [base] : [base, expect];
  contents.recent = [...contents.recent, ...replaced].slice(-LIMITS.recent_max);
  contents.made = made;
  contents.made_by = maker;
  const bytes = serializeVault(contents);
  const counter = counted(Math.max(vault.counter, aside?.counter ?? 0));
  const sealed = { account_id, epoch, counter, salt: about.salt };
  const granted = contents.persons.filter((/** @type {any} */ { status }) => status === "granted");
  const isAdded = (/** @type {any} */ { person_id }) => personOf(before, person_id) === undefined;
  const recipients = isNewEpoch ? granted : granted.filter(isAdded);
  const grants = await masterGrants(key, { account_id, epoch }, masterKey, recipients, about.encrypt);
  const written = await makeVault(key, masterKey, sealed, bytes);
  const isOfReserve = bytes.length > LIMITS.vault_contents_max - LIMITS.vault_reserve;
  if (!isRootAct && isOfReserve) within(written.length, about.vault.length);
  return {
    expect, state: newState, vault: written, contents: bytes, grants, ruleSet,
    generation: Math.max(about.generation, generation), root_act: isRootAct, asks,
  };
}

/**
 * The persons without those whom a greater generation than the state's lists no more.
 * @param {any[]} persons @param {any} state @param {any} later what is served, or null
 */
function listed(persons, state, later) {
  if (later === null || later.generation <= state.generation) return persons;
  const ids = later.signers.map((/** @type {any} */ { person_id }) => person_id);
  return persons.map((one) => (has(ids, one.person_id) ? one : { ...one, status: "removed" }));
}

/**
 * Past keys with those of other vaults: all, if these leave the reserve then, or else the first of each, under which it
 * was sealed, while there is room.
 * @param {any[]} pastKeys @param {{keys: {epoch: number, master_key: any}[]}[]} vaults @param {number} most
 */
function united(pastKeys, vaults, most) {
  const all = inOrder([...pastKeys, ...vaults.flatMap(({ keys }) => keys)]);
  if (all.length <= LIMITS.past_keys_max - LIMITS.past_keys_reserve) return all;
  return vaults.reduce((keys, vault) => {
    const more = inOrder([...keys, ...vault.keys.slice(0, 1)]);
    return more.length <= most ? more : keys;
  }, pastKeys);
}

/**
 * The RuleSet that is given, or made. What cannot be made of what somebody has defined is none in an act that raises
 * the generation (R-12.9-10).
 * @param {Act["rule_set"]} given @param {number} epoch @param {Uint8Array} masterKey @param {boolean} raises
 */
async function namedRules(given, epoch, masterKey, raises) {
  if (typeof given !== "function") return given;
  try {
    return await given(epoch, masterKey);
  } catch (error) {
    if (!raises || !isRefusal(error)) throw error;
    return null;
  }
}

/**
 * Past keys as a vault has them: each once, by epoch and key.
 * @param {{epoch: number, master_key: Uint8Array}[]} keys
 */
function inOrder(keys) {
  const byName = new Map(keys.map((past) => [`${past.epoch} ${toHex(past.master_key)}`, past]));
  return [...byName.values()].sort((a, b) => a.epoch - b.epoch || compare(a.master_key, b.master_key));
}

/**
 * What an act cannot be made without.
 * @template T @param {T | null | undefined} value @returns {T}
 */
function given(value) {
  if (value === null || value === undefined) throw new TypeError("the act is given too little");
  return value;
}

/**
 * What became of a pending publication, and `OwnerContents.generation` from now on.
 * @param {{vault: Uint8Array, state: Uint8Array | null, generation: number, root_act: boolean,
 *   asks: boolean}} pending
 * @param {Uint8Array} baseState @param {number} generation
 * @param {"stored" | "other" | "none" | "discard"} answer
 * @param {{vault: Uint8Array, recent: Uint8Array[], states: Uint8Array[]} | null} served
 */
export function settle(pending, baseState, generation, answer, served) {
  const outcome = outcomeOf(pending, baseState, answer, served);
  const isDue = outcome === "dead" && pending.root_act;
  return { outcome, generation: Math.max(generation, Math.min(pending.generation + (isDue ? 1 : 0), MOST)) };
}

/** @type {(...given: [any, Uint8Array, string, any]) => "settled" | "merge" | "dead" | "again"} */
function outcomeOf(pending, baseState, answer, served) {
  const hasTaken = served !== null && (compare(served.vault, pending.vault) === 0 || has(served.recent, pending.vault)
    || (pending.state !== null && has(served.states, pending.state)));
  if (answer === "stored" || hasTaken) return "settled";
  if (answer === "discard") return "dead";
  if (answer === "none" || served === null) return "again";
  const isSame = compare(served.states[served.states.length - 1], baseState) === 0;
  return isSame && !pending.asks ? "merge" : "dead";
}
