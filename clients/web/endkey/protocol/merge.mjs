// What a publication changed, made anew on top of another vault (section 12.8, "A merge").

import { compare, concat, toHex, uint } from "../bytes.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import { pairOf } from "../wire/contents.mjs";
import { personsWithinLimit, within } from "./publication.mjs";

/** @param {any} a @param {any} b @returns {boolean} */
const same = (a, b) => JSON.stringify(a, asText) === JSON.stringify(b, asText);
/** @param {string} _ @param {any} value */
const asText = (_, value) => (value instanceof Uint8Array ? toHex(value) : value);

/**
 * What ours changed; what it left is as theirs.
 * @param {any} base @param {any} ours @param {any} theirs
 */
const changed = (base, ours, theirs) => (same(ours, base) ? theirs : ours);

/**
 * The names whose values ours changed, as they are in ours.
 * @param {any} base @param {any} ours @param {...string} names
 */
const changes = (base, ours, ...names) =>
  Object.fromEntries(names.filter((name) => !same(ours[name], base[name])).map((name) => [name, ours[name]]));

/** @param {any} entry @param {...string} names */
const pick = (entry, ...names) => Object.fromEntries(names.map((name) => [name, entry[name]]));

/** @param {Uint8Array[]} ids @param {Uint8Array} id */
const has = (ids, id) => ids.some((one) => compare(one, id) === 0);

/**
 * Of a member's or a person's status.
 * @param {any} ours @param {any} theirs
 */
const goesFurther = (ours, theirs) => ENUMS.MemberStatus[ours.status] > ENUMS.MemberStatus[theirs.status];

/**
 * The lists of a vault: how many entries they have at most, what an entry is known by, and one that all three have.
 * @type {Record<string, {most: number, name: (entry: any) => Uint8Array,
 *   combine: (base: any, ours: any, theirs: any) => any}>}
 */
const LISTS = {
  persons: {
    most: LIMITS.persons_max,
    name: (person) => person.person_id,
    combine: (base, ours, theirs) => ({
      ...theirs, ...changes(base, ours, "keys", "label"), ...(goesFurther(ours, theirs) ? pick(ours, "status") : {}),
    }),
  },
  codes: { most: LIMITS.codes_max, name: (code) => code.id, combine: mergedCode },
  members: { most: LIMITS.members_max, name: (member) => member.agent_id, combine: mergedMember },
  erasures: {
    most: LIMITS.erasures_max,
    name: (erasure) => concat(erasure.agent_id, uint(erasure.first, 8)),
    combine: changed,
  },
  rules: {
    most: Infinity,
    name: (rule) => concat(Uint8Array.of(ENUMS.TokenField[rule.field]), rule.value),
    combine: (base, ours, theirs) =>
      ({ ...theirs, ...changes(base, ours, "category"), seen: ours.seen || theirs.seen }),
  },
};

/**
 * A code with the uses that ours took, if there are as many.
 * @param {any} base @param {any} ours @param {any} theirs
 */
function mergedCode(base, ours, theirs) {
  const named = { ...theirs, ...changes(base, ours, "label") };
  const nonces = taken(base, ours, theirs);
  if (nonces.length > theirs.uses_left) return named;
  within(32 * (theirs.nonces.length + nonces.length), 2 ** 16 - 1);
  return { ...named, uses_left: theirs.uses_left - nonces.length, nonces: [...theirs.nonces, ...nonces] };
}

/**
 * The nonces of requests that ours alone has granted.
 * @param {any} base @param {any} ours @param {any} theirs @returns {Uint8Array[]}
 */
const taken = (base, ours, theirs) =>
  ours.nonces.filter((/** @type {Uint8Array} */ one) => !has(base.nonces, one) && !has(theirs.nonces, one));

/**
 * A member whose status does not go back; of each mark the greater stands.
 * @param {any} base @param {any} ours @param {any} theirs
 */
function mergedMember(base, ours, theirs) {
  const code = ["code_id", "kind"];
  const isReenrolled = !same(pick(ours, ...code), pick(base, ...code));
  const pairs = [ours, theirs].map((one) => [one.audited_generation, one.audited_state]);
  const isSeen = pairs[0][0] - pairs[1][0] || pairs[0][1] - pairs[1][1];
  return {
    ...theirs, ...changes(base, ours, "label"), ...(isReenrolled ? pick(ours, ...code) : {}),
    ...(goesFurther(ours, theirs) ? pick(ours, "status", "listed") : {}),
    ...(ours.audited_sequence > theirs.audited_sequence ? pick(ours, "audited_sequence", "audited_hash") : {}),
    ...(isSeen > 0 ? pick(ours, "audited_generation", "audited_state") : {}),
    ...(ours.kept_sequence > theirs.kept_sequence ? pick(ours, "kept_sequence", "kept_hash") : {}),
  };
}

/**
 * A list: what ours added, changed and dropped, in theirs. What is new in both stays as theirs.
 * @param {string} list @param {any} base @param {any} ours @param {any} theirs @returns {any[]}
 */
function mergedList(list, base, ours, theirs) {
  const { name, combine } = LISTS[list];
  const byName = (/** @type {any} */ contents) =>
    new Map(contents[list].map((/** @type {any} */ entry) => [toHex(name(entry)), entry]));
  const [started, own, merged] = [base, ours, theirs].map(byName);
  for (const [key, entry] of own) {
    if (!started.has(key)) merged.set(key, merged.get(key) ?? entry);
    else if (merged.has(key)) merged.set(key, combine(started.get(key), entry, merged.get(key)));
  }
  for (const key of started.keys()) if (!own.has(key)) merged.delete(key);
  return [...merged.values()].sort((a, b) => compare(name(a), name(b)));
}

/**
 * Ours, but who came with the act by a code that is used up in theirs is as before.
 * @param {any} base @param {any} ours @param {any} theirs
 */
function withoutSpent(base, ours, theirs) {
  const codeOf = (/** @type {any} */ { codes }, /** @type {Uint8Array} */ id) =>
    codes.find((/** @type {any} */ code) => compare(code.id, id) === 0);
  const isLive = (/** @type {any} */ code) => {
    const [started, own] = [base, ours].map((contents) => codeOf(contents, code.id));
    return started === undefined || own === undefined || taken(started, own, code).length <= code.uses_left;
  };
  const live = theirs.codes.filter(isLive).map((/** @type {any} */ { id }) => id);
  const before = new Map(base.members.map((/** @type {any} */ one) => [toHex(one.agent_id), one]));
  const kept = ours.members.map((/** @type {any} */ member) => {
    const known = before.get(toHex(member.agent_id));
    return has(live, member.code_id) || (known && same(known.code_id, member.code_id)) ? member : known;
  });
  return { ...ours, members: kept.filter((/** @type {any} */ member) => member !== undefined) };
}

/**
 * Past keys of both.
 * @param {any[]} ours @param {any[]} theirs
 */
function mergedKeys(ours, theirs) {
  const name = (/** @type {any} */ past) => concat(uint(past.epoch, 4), past.master_key);
  const byName = new Map([...theirs, ...ours].map((past) => [toHex(name(past)), past]));
  return [...byName.values()].sort((a, b) => compare(name(a), name(b)));
}

/**
 * Merges parsed contents: what `ours` changed of `base` is changed in `theirs`, whose vault has the hash `expect`.
 * @param {any} base the vault that the act started from @param {any} ours @param {any} theirs
 * @param {Uint8Array} expect
 */
export function mergeContents(base, ours, theirs, expect) {
  const own = withoutSpent(base, ours, theirs);
  const merged = { ...theirs, made: Math.max(ours.made, theirs.made), made_by: ours.made_by };
  for (const name of ["rule_set", "retention_days", "blob_days"]) {
    merged[name] = changed(base[name], ours[name], theirs[name]);
  }
  for (const list of Object.keys(LISTS)) merged[list] = mergedList(list, base, own, theirs);
  if (merged.codes.length > LIMITS.codes_max) {
    merged.codes = merged.codes.filter((/** @type {any} */ code) =>
      code.uses_left > 0 && (code.expires === 0 || code.expires > merged.made));
  }
  merged.persons = personsWithinLimit(merged.persons);
  for (const [list, { most }] of Object.entries(LISTS)) within(merged[list].length, most);
  merged.past_keys = mergedKeys(ours.past_keys, theirs.past_keys);
  within(merged.past_keys.length, LIMITS.past_keys_max);
  const newest = ours.states[ours.states.length - 1];
  const isNoted = theirs.states.some((/** @type {any} */ note) => same(pairOf(note), pairOf(newest)));
  merged.states = [...theirs.states, ...(isNoted ? [] : [newest])]
    .sort((a, b) => compare(pairOf(a), pairOf(b))).slice(-LIMITS.state_notes_max);
  merged.recent = [...theirs.recent, expect].slice(-LIMITS.recent_max);
  return merged;
}
