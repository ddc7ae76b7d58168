// Rule sets (section 16.4).

import { compare, isZero } from "../bytes.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { RuleSet, Token, tokenBytes } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { checkLength, checkUTF8, ciphersOf, paddedSize } from "./tokens.mjs";

/** Bytes of a rule beside the padded value's: version, field, epoch, V and length of its token, and the category. */
const AROUND = 1 + 1 + 4 + 16 + 2 + 1;

/**
 * @typedef {{field: string, category: string, seen: boolean, value: Uint8Array, past: number[]}} Definition
 * @param {Uint8Array} account
 * @param {number} epoch
 * @param {{epoch: number, token_key: Uint8Array}[]} keys
 * @param {Definition[]} definitions
 */
export async function makeRules(account, epoch, keys, definitions) {
  const seen = definitions.filter((definition) => definition.seen);
  for (const { value } of seen) {
    checkLength(value);
    checkUTF8(value);
  }
  const ciphers = ciphersOf(account, keys);
  const due = seen.flatMap((definition) => [...new Set([epoch, ...definition.past])].flatMap((one) =>
    (ciphers.get(one) ?? refuse("no_epoch_key")).map((cipher) => ({ ...definition, cipher }))));
  const size = due.reduce((sum, { value }) => sum + AROUND + paddedSize(value.length), 0);
  if (size > LIMITS.rules_max) refuse("limit_reached");
  const rules = [];
  for (const { field, category, value, cipher } of due) {
    rules.push({ token: parse(Token, await cipher.seal(field, value)), category });
  }
  rules.sort((a, b) => compare(tokenBytes(a.token), tokenBytes(b.token)));
  return serialize(RuleSet, { header: { type: "rule_set", account_id: account, epoch }, rules });
}

/**
 * Opens a RuleSet that the vault names by its hash; zeros name none.
 * @param {Uint8Array} account @param {number} epoch of the state @param {Uint8Array} expected
 * @param {Uint8Array | null} message
 */
export async function openRules(account, epoch, expected, message) {
  if (isZero(expected)) return [];
  if (message === null || compare(await sha256(message), expected) !== 0) refuse("chain_broken");
  const { header, rules } = parse(RuleSet, message);
  if (compare(header.account_id, account) !== 0) refuse("wrong_account");
  if (header.epoch !== epoch) refuse("epoch_mismatch");
  return rules;
}
