// QR codes, held against those of another encoder (segno 1.6.6), at the sizes that fill a version, where encoders have
// no choice but the mask.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { qrCode } from "../app/qr.mjs";
import { toHex, utf8 } from "../endkey/bytes.mjs";
import { sha256 } from "../endkey/primitives/digest.mjs";

const TEXT = "https://track.example/enrol#ekc1qpzry9x8gf2tvdw0s3jn54khce6mua7l".repeat(5);
/**
 * The beginning of the SHA-256 of the modules' rows, by the length of the text.
 * @type {Record<number, string>}
 */
const CODES = {
  26: "63e45c27fb64efc2", 42: "07178752ec49c717", 106: "702d6384307a7a8d", 122: "92f4d78d3aa3fa2e",
  152: "fda6e8e25f82a70f", 180: "746c1a35ddf5340e", 213: "e44856299f512f66",
};

test("a code is the one that another encoder makes", async () => {
  for (const [length, expected] of Object.entries(CODES)) {
    const rows = qrCode(utf8(TEXT.slice(0, Number(length)))).map((row) => row.join("")).join("\n");
    assert.equal(toHex(await sha256(utf8(rows))).slice(0, 16), expected, length);
  }
});

test("every length up to the greatest has a code, and no greater one", () => {
  for (let length = 0; length <= 213; length++) {
    const rows = qrCode(new Uint8Array(length));
    assert.ok(rows.every((row) => row.length === rows.length && row.every((one) => one === 0 || one === 1)));
  }
  assert.throws(() => qrCode(new Uint8Array(214)), RangeError);
});
