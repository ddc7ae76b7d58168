// RSA keys of which d, dp, dq or qi is shorter than usual: one account in 55 has such a key. A JWK has each number in
// the least number of octets; Chromium refuses a key that has zeros in front, which Node.js accepts.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answer } from "../conformance/handler.mjs";
import { fromHex } from "../endkey/bytes.mjs";
import { privateJWK } from "../endkey/primitives/rsa.mjs";

/** @type {{name: string, op: string, in: any, expect: any}[]} */
const cases = JSON.parse(readFileSync(new URL("fixtures/short-numbers.json", import.meta.url), "utf8"));
const NUMBERS = /** @type {const} */ (["n", "e", "d", "p", "q", "dp", "dq", "qi"]);
const SIZES = { d: 256, dp: 128, dq: 128, qi: 128 };

/** @param {string | undefined} number */
const octets = (number) => Buffer.from(String(number), "base64url");

for (const { name, op, in: input, expect } of cases) {
  test(`a key with a short number has no zeros in front in its JWK: ${name}`, () => {
    const jwk = privateJWK(fromHex(input.p), fromHex(input.q));
    for (const number of NUMBERS) assert.ok(octets(jwk[number])[0] > 0, number);
    const short = Object.entries(SIZES).filter(([number, size]) =>
      octets(jwk[/** @type {keyof SIZES} */ (number)]).length < size);
    assert.ok(short.some(([number]) => name.endsWith(` ${number}`)), "the number is not short");
  });
  test(`what was encrypted to a key with a short number opens: ${name}`, async () => {
    assert.deepEqual(await answer(op, input), expect);
  });
}
