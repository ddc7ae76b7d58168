// Holds answers against what vectors expect.

import { answer } from "./handler.mjs";

/**
 * @typedef {{passed: number, unsupported: string[], failed: {id: string, expected: any, answer: any}[]}} Verdict
 */

/**
 * Equality of JSON values; the order of keys does not matter.
 * @param {any} a @param {any} b @returns {boolean}
 */
export function same(a, b) {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.keys(a), Object.keys(b)];
  return left.length === right.length && left.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/**
 * Whether an answer is right: the rule of vectors/README.md, "What a right answer is". An offset stands in vector and
 * answer alike, or in neither; an output comes with no rejection. Of numbers it sees the value alone: 1.0 is 1 here.
 * @param {any} expected @param {any} given
 */
export function agrees(expected, given) {
  if (expected.outcome !== given.outcome) return false;
  if (expected.outcome === "ok") return same(expected.out, given.out);
  return given.out === undefined && expected.code === given.code && expected.offset === given.offset;
}

/** @param {{op: string, tests: any[]}} file @returns {Promise<Verdict>} */
export async function judge(file) {
  /** @type {Verdict} */
  const verdict = { passed: 0, unsupported: [], failed: [] };
  for (const { id, in: input, expect } of file.tests) {
    const given = await answer(file.op, input);
    if (agrees(expect, given)) verdict.passed += 1;
    else if (given.outcome === "unsupported") verdict.unsupported.push(`${id}: ${given.reason}`);
    else verdict.failed.push({ id, expected: expect, answer: given });
  }
  return verdict;
}
