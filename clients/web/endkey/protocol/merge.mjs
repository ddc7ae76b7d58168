// What a publication changed, made anew on top of another vault (section 12.8, "Settling").

import { compare, concat, toHex, uint, utf8 } from "../bytes.mjs";
import { pairOf } from "../wire/contents.mjs";

/**
 * The lists of a vault, and what an entry is known by.
 * @type {Record<string, (entry: any) => Uint8Array>}
 */
const KEYS = {
  persons: (person) => person.person_id,
  past_keys: (past) => concat(uint(past.epoch, 4), past.master_key),
  codes: (code) => code.id,
  members: (member) => member.agent_id,
  erasures: (erasure) => concat(erasure.agent_id, uint(erasure.first, 8)),
  rules: (rule) => concat(utf8(rule.field), rule.value),
};
const MARK = ["audited_sequence", "audited_hash", "audited_generation", "audited_state"];
const KEPT = ["kept_sequence", "kept_hash"];

/** @param {any} a @param {any} b @returns {boolean} */
const same = (a, b) => JSON.stringify(a, asText) === JSON.stringify(b, asText);
/** @param {string} _ @param {any} value */
const asText = (_, value) => (value instanceof Uint8Array ? toHex(value) : value);

/** @param {any} contents @param {any} member @returns {boolean} */
const hasMember = ({ members }, { agent_id }) => members.some((/** @type {any} */ one) => same(one.agent_id, agent_id));

/**
 * A code's uses and nonces, as both have taken them.
 * @param {any} base @param {any} ours @param {any} theirs
 */
const usedBoth = (base, ours, theirs) => ({
  uses_left: Math.max(0, theirs.uses_left - (base.uses_left - ours.uses_left)),
  nonces: [...theirs.nonces, ...ours.nonces.slice(base.nonces.length)],
});

/**
 * An entry with what ours changed of the one that we started from. A status does not go back to granted, and a mark is
 * the greater.
 * @param {any} base @param {any} ours @param {any} theirs
 */
function mergedEntry(base, ours, theirs) {
  const merged = { ...theirs };
  for (const name of Object.keys(ours)) if (!same(ours[name], base?.[name])) merged[name] = ours[name];
  const hasGone = ours.status === "granted" && theirs.status !== "granted";
  if (hasGone) Object.assign(merged, pick(theirs, ["status", "listed"]));
  if (base !== undefined && "uses_left" in base) Object.assign(merged, usedBoth(base, ours, theirs));
  for (const names of [MARK, KEPT]) {
    const [greater] = [ours, theirs].sort((a, b) => b[names[0]] - a[names[0]]);
    Object.assign(merged, pick(greater, names));
  }
  return merged;
}

/** @param {any} entry @param {string[]} names */
const pick = (entry, names) =>
  Object.fromEntries(names.filter((name) => name in entry).map((name) => [name, entry[name]]));

/**
 * A list: what ours added, changed and dropped, in theirs.
 * @param {string} name @param {any} base @param {any} ours @param {any} theirs
 */
function mergedList(name, base, ours, theirs) {
  const byKey = (/** @type {any} */ contents) =>
    new Map(contents[name].map((/** @type {any} */ entry) => [toHex(KEYS[name](entry)), entry]));
  const [started, own, other] = [base, ours, theirs].map(byKey);
  const merged = new Map(other);
  for (const [key, entry] of own) {
    if (same(entry, started.get(key))) continue;
    if (other.has(key)) merged.set(key, mergedEntry(started.get(key), entry, other.get(key)));
    else if (!started.has(key)) merged.set(key, entry);
  }
  for (const key of started.keys()) if (!own.has(key)) merged.delete(key);
  return [...merged.values()].sort((a, b) => compare(KEYS[name](a), KEYS[name](b)));
}

/**
 * Merges parsed contents: what `ours` changed of `base` is changed in `theirs`.
 * @param {any} base the vault that the act started from @param {any} ours @param {any} theirs
 */
export function mergeContents(base, ours, theirs) {
  const merged = { ...theirs, made: Math.max(ours.made, theirs.made), made_by: ours.made_by };
  for (const name of ["rule_set", "retention_days", "blob_days"]) {
    if (!same(ours[name], base[name])) merged[name] = ours[name];
  }
  for (const name of Object.keys(KEYS)) merged[name] = mergedList(name, base, ours, theirs);
  if (base.codes.length > 0 && ours.codes.length === 0) merged.codes = [];
  const letIn = ours.members.filter((/** @type {any} */ member) => !hasMember(base, member));
  const isLetIn = (/** @type {any} */ member) => hasMember(theirs, member) || !hasMember({ members: letIn }, member)
    || letIn.filter((/** @type {any} */ one) => same(one.code_id, member.code_id)).length
      <= (theirs.codes.find((/** @type {any} */ { id }) => same(id, member.code_id))?.uses_left ?? 0);
  merged.members = merged.members.filter(isLetIn);
  const newest = ours.states[ours.states.length - 1];
  if (!same(newest, base.states[base.states.length - 1])) {
    merged.states = [...theirs.states, newest].sort((a, b) => compare(pairOf(a), pairOf(b)));
  }
  return merged;
}
