// Rule sets (section 16.4).

import { compare } from "../bytes.mjs";
import { isSigned, signed } from "../labels.mjs";
import { sha256 } from "../primitives/digest.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { refuse } from "../refusal.mjs";
import { RuleSet, Token, ruleKey } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { TokenCipher } from "./tokens.mjs";

/**
 * @param {Uint8Array} seed of the account
 * @param {{account_id: Uint8Array, epoch: number, counter: number, token_key: Uint8Array}} about
 * @param {{field: string, category: string, seen: boolean, value: Uint8Array}[]} definitions
 */
export async function makeRules(seed, about, definitions) {
  const { account_id, epoch, counter } = about;
  const cipher = new TokenCipher(about.token_key, account_id, epoch);
  const rules = [];
  for (const { field, category, value } of definitions.filter((definition) => definition.seen)) {
    rules.push({ v: parse(Token, await cipher.seal(field, value)).v, field, category });
  }
  rules.sort((a, b) => compare(ruleKey(a), ruleKey(b)));
  const header = { type: "rule_set", account_id, epoch };
  const ruleSet = serialize(RuleSet, { header, counter, rules, signature: new Uint8Array(64) });
  return signed(await SigningKey.of(seed), ruleSet.subarray(0, -64));
}

/**
 * @param {{account_id: Uint8Array, verify_key: Uint8Array, epoch: number, last_counter: number,
 *   expected_hash: Uint8Array}} expected
 * @param {Uint8Array} message
 */
export async function verifyRules(expected, message) {
  const { header, counter } = parse(RuleSet, message);
  if (compare(header.account_id, expected.account_id) !== 0) refuse("wrong_account");
  if (!(await isSigned(expected.verify_key, message))) refuse("signature_invalid");
  if (counter < expected.last_counter) refuse("counter_rollback");
  if (compare(await sha256(message), expected.expected_hash) !== 0) refuse("chain_broken");
  if (header.epoch !== expected.epoch) refuse("epoch_mismatch");
}
