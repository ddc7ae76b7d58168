// Opening by a person (section 12.7).

import { compare, equal } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { pbkdf2 } from "../primitives/pbkdf2.mjs";
import { isRefusal, Refusal, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { OwnerContents, pairOf } from "../wire/contents.mjs";
import { AccountState, Grant, OwnerVault, PasswordHeader } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { openGrant } from "./grants.mjs";
import { commitment } from "./keys.mjs";
import { checkHead, idOf, openStretchedKeys, parseWrap, stretched, unwrapUnder } from "./password.mjs";
import { openRules } from "./rules.mjs";
import { acceptState } from "./state.mjs";
import { openVault, readVault } from "./vault.mjs";

/**
 * What the service gives. `store` says which data it had then, where it is asked over HTTP.
 * @typedef {{head: Uint8Array, person_keys: Uint8Array, account_state: Uint8Array, password_wrap: Uint8Array | null,
 *   grant: Uint8Array | null, owner_vault: Uint8Array, rule_set: Uint8Array | null, store?: string | null}} Messages
 * What an owner's end keeps: the last whole that opened, and those before it that have MasterKeys which the account
 * lacks (R-12.7-11).
 * @typedef {Messages & {ended: Messages[]}} Kept
 * @typedef {{whole: Messages, keys: {epoch: number, master_key: Uint8Array}[]}} Ended one of these, with these keys
 * @typedef {Awaited<ReturnType<typeof openPerson>>} Whole
 */

const ZEROS = new Uint8Array(32);

/** @param {any} pins @returns {Uint8Array} */
export const pinnedHead = (pins) => serialize(PasswordHeader, pins.head);

/**
 * Pins of an opening, or of what this end published.
 * @param {{head: any, state: Uint8Array, generation: number, confirmed: boolean, vault_counter: number,
 *   vault_hash: Uint8Array}} about
 */
export const pinsOf = (about) => ({ ...about, pending_vault: ZEROS, pending_state: ZEROS, pending_rule_set: ZEROS });

/**
 * Opens all that the service gives to a person's end.
 * @param {any} pins parsed OwnerContents, or null at a fresh end
 * @param {boolean} isChanged whether the person says that the password was changed elsewhere
 * @param {import("./password.mjs").Credentials} credentials
 * @param {Messages} messages
 * @param {number} now
 * @param {import("./password.mjs").Stretch} [stretch]
 * @param {Kept | null} [kept] what an owner's end keeps: it opens where what is served does not
 */
export async function openPerson(pins, isChanged, credentials, messages, now, stretch = pbkdf2, kept = null) {
  const head = checkHead(messages.head, pins === null ? null : pinnedHead(pins), isChanged);
  const key = await stretched(head, credentials, stretch);
  const keys = await openStretchedKeys(messages.head, messages.person_keys, key);
  const person = { ...keys, id: await idOf(keys), verifyKey: (await SigningKey.of(keys.seed)).verifyKey };
  const opener = { pins, head, key, person, now };
  const whole = await openServedOrKept(opener, messages, kept);
  return { ...whole, ended: kept !== null && whole.isOwner ? await endedOf(opener, kept, whole, messages.head) : [] };
}

/**
 * Steps 3 to 6 of what is served, or where these refuse it of what was kept.
 * @param {Opener} opener @param {Messages} messages @param {Kept | null} kept
 */
async function openServedOrKept(opener, messages, kept) {
  const { pins } = opener;
  const isHeadPinned = pins !== null && compare(pinnedHead(pins), messages.head) === 0;
  let served = null;
  let refusal = new Refusal("limit_reached");
  try {
    served = await openWhole(opener, messages, isHeadPinned);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusal = error;
  }
  if (served !== null && (!served.isOwner || leavesReserve(served))) return served;
  const base = kept && (await openKept(opener, kept, messages));
  if (served !== null && !(base !== null && leavesReserve(base))) return served;
  if (base === null) throw refusal;
  return besides(base, refusal.code, opener, messages);
}

/**
 * Who opens, after the password.
 * @typedef {{pins: any, head: any, key: Uint8Array, person: Awaited<ReturnType<typeof openStretchedKeys>> &
 *   {id: Uint8Array, verifyKey: Uint8Array}, now: number}} Opener
 */

/**
 * Whether a root act can be made of a whole: it leaves what only these may fill (R-12.5-8).
 * @param {{contents: any, bytes: Uint8Array}} whole
 */
const leavesReserve = ({ contents, bytes }) =>
  contents.past_keys.length <= LIMITS.past_keys_max - LIMITS.past_keys_reserve
  && bytes.length <= LIMITS.vault_contents_max - LIMITS.vault_reserve;

/**
 * The kept whole, which opens under whatever password it was kept; null where it is refused, too.
 * @param {Opener} opener @param {Messages} kept @param {Messages} served
 */
async function openKept(opener, kept, { head, person_keys }) {
  if (opener.pins === null || opener.pins.state.length === 0) return null;
  try {
    const whole = await openWhole(opener, { ...kept, head, person_keys }, true);
    return whole.isOwner ? whole : null;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/**
 * The kept whole, beside as much of what is served as a root act needs (section 12.9).
 * @param {Awaited<ReturnType<typeof openWhole>>} base @param {string} code why what is served does not open
 * @param {Opener} opener @param {Messages} messages
 */
async function besides(base, code, opener, messages) {
  const { account } = base;
  const state = await acceptable(account, messages);
  const vault = await known(() => parse(OwnerVault, messages.owner_vault));
  const keys = state === null ? [] : await keysOf(opener, messages, state, base.masterKey);
  const isOfAccount = vault !== null && compare(vault.header.account_id, account) === 0;
  const counter = isOfAccount ? vault.counter : 0;
  const aside = { vault_hash: await sha256(messages.owner_vault), counter, state, keys };
  return { ...base, aside, findings: [code, ...base.findings.filter((one) => one !== code)] };
}

/**
 * What `body` gives, or null where it refuses.
 * @param {() => any} body
 */
async function known(body) {
  try {
    return await body();
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/**
 * The state of a whole, if it is one of the account, whatever this end has accepted before; else null.
 * @param {Uint8Array} account @param {Messages} messages
 */
const acceptable = (account, { account_state }) =>
  known(async () => (await acceptState(account, null, null, account_state)).state);

/**
 * The MasterKeys of a vault that one of a state's signers made, its own first, as far as it opens.
 * @param {Opener} opener @param {Messages} messages @param {any} state @param {Uint8Array} masterKey of what is open
 * @returns {Promise<{epoch: number, master_key: Uint8Array}[]>}
 */
const keysOf = async (opener, messages, state, masterKey) => (await known(async () => {
  const own = (await isKeyOf(masterKey, state)) ? masterKey : (await foundKey(opener, messages, state)).masterKey;
  const { contents } = await readVault(state, own, messages.owner_vault);
  return [{ epoch: state.header.epoch, master_key: own }, ...contents.past_keys];
})) ?? [];

/**
 * Of the wholes that were kept those with MasterKeys that are missing, the first of each generation.
 * @param {Opener} opener @param {Kept} kept @param {Awaited<ReturnType<typeof openWhole>>} open
 * @param {Uint8Array} head that is served
 */
async function endedOf(opener, kept, { account, state, masterKey, contents, vault }, head) {
  const here = [{ epoch: state.header.epoch, master_key: masterKey }, ...contents.past_keys];
  const isMissing = (/** @type {any} */ key) =>
    !here.some((one) => one.epoch === key.epoch && compare(one.master_key, key.master_key) === 0);
  /** @type {Map<number, Ended>} */
  const found = new Map();
  for (const whole of [...kept.ended, ...(compare(kept.owner_vault, vault) === 0 ? [] : [kept])]) {
    const of = await acceptable(account, whole);
    if (of === null || found.has(of.generation)) continue;
    const keys = (await keysOf(opener, { ...whole, head }, of, masterKey)).filter(isMissing);
    if (keys.length > 0) found.set(of.generation, { whole, keys });
  }
  return [...found.values()];
}

/**
 * Step 4.
 * @param {Opener} opener @param {Messages} messages @param {any} state
 */
async function foundKey({ key, person, head }, messages, state) {
  const isOwner = compare(person.verifyKey, state.root_key) === 0;
  const wrapped = isOwner ? await wrappedKey(key, messages, state) : null;
  const masterKey = wrapped ?? (await grantedKey(head.header.account_id, person, messages, state));
  return { masterKey, isOwner, isWrapped: wrapped !== null };
}

/**
 * Steps 3 to 6.
 * @param {Opener} opener @param {Messages} messages @param {boolean} isHeadPinned
 */
async function openWhole(opener, messages, isHeadPinned) {
  const { pins, head, key, person, now } = opener;
  const account = head.header.account_id;
  const last = pins !== null && pins.state.length > 0 ? pins.state : null;
  const least = pins !== null && last === null ? pins.generation : null;
  const { state } = await acceptState(account, last, least, messages.account_state);
  const { masterKey, isOwner, isWrapped } = await foundKey(opener, messages, state);
  const { account_state, person_keys, owner_vault } = messages;
  const vault = await openVault(account_state, masterKey, person.id, person_keys, owner_vault, isHeadPinned);
  const vaultHash = await sha256(owner_vault);
  const pinned = last === null ? null : parse(AccountState, last);
  const findings = vault.isOwn ? [] : ["chain_broken"];
  if (pinned !== null) findings.push(...await compared(pins, pinned, state, masterKey, vault, vaultHash));
  const rules = await openRules(account, state.header.epoch, vault.contents.rule_set, messages.rule_set);
  const isRemembered = pins !== null && findings.length === 0;
  return {
    person, isOwner, isFresh: pins === null, account, state, masterKey, key, rules, findings,
    aside: /** @type {import("./publication.mjs").Aside | null} */ (null),
    contents: vault.contents, bytes: vault.bytes, vault: owner_vault, isExpired: now >= state.valid_until, isWrapped,
    pins: pinsOf({
      head, state: account_state, generation: Math.max(pins?.generation ?? 0, state.generation),
      confirmed: isRemembered && pins.confirmed, vault_counter: vault.counter, vault_hash: vaultHash,
    }),
  };
}

/**
 * The MasterKey of the owner's wrap, or null where the wrap counts as absent (R-12.7-3).
 * @param {Uint8Array} key stretched @param {Messages} messages @param {any} state
 */
async function wrappedKey(key, { head, password_wrap }, state) {
  if (password_wrap === null) return null;
  const wrap = parseWrap(head, password_wrap);
  if (wrap.header.epoch !== state.header.epoch) return null;
  try {
    const masterKey = await unwrapUnder(key, head, wrap);
    return (await isKeyOf(masterKey, state)) ? masterKey : null;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/**
 * The MasterKey of an own Grant of the state's epoch.
 * @param {Uint8Array} account @param {{id: Uint8Array, p: Uint8Array, q: Uint8Array}} person
 * @param {Messages} messages @param {any} state
 */
async function grantedKey(account, person, { account_state, grant }, state) {
  if (grant === null || parse(Grant, grant).header.epoch !== state.header.epoch) refuse("no_master_key");
  const opened = await openGrant(account, account_state, { ...person, kind: "master" }, false, grant);
  return opened.kind === "master" ? opened.master_key : refuse("no_master_key");
}

/**
 * Whether a MasterKey fits a parsed state's epoch and commitment.
 * @param {import("./keys.mjs").Secret} masterKey @param {any} state
 */
export const isKeyOf = async (masterKey, { header, commitment: expected }) =>
  equal(await commitment(masterKey, header.account_id, header.epoch), expected);

/**
 * Holds a vault against the pins (step 5, a to c): refuses within a generation, and gives findings in a greater one.
 * @param {any} pins
 * @param {any} pinned the pinned state, parsed
 * @param {any} state
 * @param {import("./keys.mjs").Secret} masterKey
 * @param {{contents: any, counter: number}} vault
 * @param {Uint8Array} vaultHash
 */
async function compared(pins, pinned, state, masterKey, { contents, counter }, vaultHash) {
  /** @type {string[]} */
  const findings = [];
  const isHealed = state.generation > pinned.generation;
  const find = (/** @type {string} */ code) => (isHealed ? findings.push(code) : refuse(code));
  const { recent, states } = contents;
  const above = counter - pins.vault_counter;
  const named = above === 0 ? vaultHash : recent[recent.length - above];
  if (above < 0) find("counter_rollback");
  else if (above <= LIMITS.recent_max && (named === undefined || compare(named, pins.vault_hash) !== 0)) {
    find("counter_fork");
  }
  const pair = pairOf(pinned);
  const note = states.find((/** @type {any} */ one) => compare(pairOf(one), pair) === 0);
  const isNoted = note === undefined
    ? compare(pair, pairOf(states[0])) < 0
    : compare(note.hash, await sha256(pins.state)) === 0;
  if (!isNoted || !(await hasKeyOf(pinned, state, masterKey, contents))) find("state_fork");
  return findings;
}

/**
 * Whether the MasterKey, or a past key, is that of a pinned state.
 * @param {any} pinned @param {any} state @param {import("./keys.mjs").Secret} masterKey @param {any} contents
 */
async function hasKeyOf(pinned, state, masterKey, contents) {
  const { epoch } = pinned.header;
  if (epoch === state.header.epoch && (await isKeyOf(masterKey, pinned))) return true;
  for (const past of contents.past_keys) {
    if (past.epoch === epoch && (await isKeyOf(past.master_key, pinned))) return true;
  }
  return false;
}

/** @param {any} pins @returns {Uint8Array} */
export const writePins = (pins) => serialize(OwnerContents, pins);

/** @param {Uint8Array} bytes */
export const readPins = (bytes) => parse(OwnerContents, bytes);
