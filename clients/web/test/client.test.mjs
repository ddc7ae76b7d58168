// What the vectors do not show: that normal forms agree with the engine's on
// every code point the engine knows, that scanning is linear, that texts of blobs hold, that a wrong answer is noticed.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { answer } from "../conformance/handler.mjs";
import { agrees, judge } from "../conformance/judge.mjs";
import { OPERATION_TYPES } from "../conformance/operation-table.mjs";
import { OPERATIONS } from "../conformance/operations.mjs";
import { compare, concat, fromHex, utf8 } from "../endkey/bytes.mjs";
import { SigningKey, verifies } from "../endkey/primitives/ed25519.mjs";
import { isAcceptable, L, littleEndian } from "../endkey/primitives/edwards25519.mjs";
import { fromInteger } from "../endkey/primitives/integers.mjs";
import { decrypt, encrypt } from "../endkey/primitives/rsa-oaep.mjs";
import { modulusOf } from "../endkey/primitives/rsa.mjs";
import { ciphersOf, openTokens, TokenCipher } from "../endkey/protocol/tokens.mjs";
import { CODES, CONTEXT_LENGTHS } from "../endkey/registry.mjs";
import { scan } from "../endkey/text/scanner.mjs";
import { readBlob, readToken, writeBlob } from "../endkey/text/texts.mjs";
import { isAssigned, nfc } from "../endkey/unicode/nfc.mjs";
import { Token } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";
import { vectorFiles } from "../vector-files.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const json = (/** @type {string} */ path) => JSON.parse(readFileSync(at(path), "utf8"));
const vectors = (/** @type {string} */ name) => json(`../../../vectors/${name}.json`);
const vector = (/** @type {string} */ name, /** @type {string} */ id) => {
  const found = vectors(name).tests.find((/** @type {any} */ test) => test.id === id);
  assert.ok(found, `no vector ${id}`);
  return found;
};
const refused = (/** @type {string} */ code, /** @type {number} */ offset) => ({ name: "Refusal", code, offset });

/** @param {string} op @param {any} input */
async function answered(op, input) {
  const given = await answer(op, input);
  assert.equal(given.outcome, "ok", `${op}: ${JSON.stringify(given)}`);
  return given.outcome === "ok" ? given.out : undefined;
}

/** @param {bigint} value */
const littleEndianBytes = (value) => fromInteger(value, 32).reverse();
/** @param {Uint8Array[]} parts */
const sha512 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-512", concat(...parts)));
/** @param {Uint8Array[]} parts */
const integerOfHash = async (...parts) => littleEndian(await sha512(...parts)) % L;
/** @param {Uint8Array} seed */
async function keyPair(seed) {
  const half = (await sha512(seed)).subarray(0, 32);
  half[0] &= 0xf8;
  half[31] = (half[31] & 0x7f) | 0x40;
  return { secret: littleEndian(half), key: await SigningKey.of(seed) };
}

/** @type {Record<string, () => any>} */
const TESTS = {
  "every code that is refused with is in the registry": () => {
    const files = readdirSync(at("../endkey"), { recursive: true }).map(String);
    const sources = files.filter((name) => name.endsWith(".mjs"));
    const used = sources.flatMap((name) => [...readFileSync(at(`../endkey/${name}`), "utf8")
      .matchAll(/(?:refuse|asOne|Refusal|constant)\((?:[^"()]*\([^)]*\), )?"([a-z0-9_]+)"/g)].map(([, code]) => code));
    assert.ok(used.length > 60, `${used.length} uses found`);
    assert.deepEqual(used.filter((code) => !Object.hasOwn(CODES, code)), []);
  },

  "normal forms are the engine's for every code point that it knows": () => {
    let compared = 0;
    for (let point = 0; point < 0x110000; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const character = String.fromCodePoint(point);
      if (/\p{Cn}/u.test(character)) continue;
      assert.ok(isAssigned(point), point.toString(16));
      const among = [`a\u0300${character}\u0323`, `${character}\u1161\u11a8`];
      for (const text of [character, character.normalize("NFD"), ...among]) {
        assert.equal(nfc(text), text.normalize("NFC"), point.toString(16));
      }
      compared += 1;
    }
    assert.ok(compared > 280_000, `${compared} code points`);
  },
  "code points that came with Unicode 16 and 17 compose": () => {
    // Kirat Rai (16.0) and Tolong Siki (17.0), which engines of 2023 do not know.
    assert.equal(nfc("\u{16d67}\u{16d67}"), "\u{16d68}");
    assert.equal(nfc("\u{16d63}\u{16d67}\u{16d67}"), "\u{16d6a}");
    assert.ok(isAssigned(0x11db0));
  },
  "no noncharacter and no surrogate is assigned": () =>
    assert.deepEqual([0xfffe, 0xffff, 0xfdd0, 0x10ffff, 0x378].filter(isAssigned), []),

  "the client has the operations of the table, and no others": () =>
    assert.deepEqual(Object.keys(OPERATIONS).sort(), Object.keys(OPERATION_TYPES).sort()),
  "an answer with a wrong offset, or one too many, is wrong": () => {
    const [format, other] = [{ outcome: "reject", code: "truncated", layer: "format", offset: 3 },
      { outcome: "reject", code: "bad_key", layer: "policy" }];
    assert.ok(agrees(format, { outcome: "reject", code: "truncated", offset: 3 }));
    assert.ok(agrees(other, { outcome: "reject", code: "bad_key" }));
    const wrong = [{ code: "truncated" }, { code: "truncated", offset: 4 }, { code: "trailing_bytes", offset: 3 }];
    for (const answer of wrong) {
      assert.ok(!agrees(format, { outcome: "reject", ...answer }));
    }
    assert.ok(!agrees(other, { outcome: "reject", code: "bad_key", offset: 0 }));
    assert.ok(!agrees(other, { outcome: "reject", code: "bad_key", out: {} }));
    assert.ok(!agrees({ outcome: "ok", out: { a: 1 } }, { outcome: "ok", out: { a: true } }));
  },
  "ends with a handle live apart, and end when they are closed": async () => {
    const { in: { steps, ...input } } = vector("agent-run", "agent-run-usual");
    const handles = [];
    for (let i = 0; i < 2; i++) handles.push((await answered("agent/open", input)).handle);
    const [first, second] = handles;
    assert.notEqual(first, second);
    const moved = await answered("agent/step", { handle: first, ...steps[0] });
    const untouched = { event: "restart", message: null, runs: 0, wall: 1 };
    assert.notEqual(moved.phase, "pinned");
    const same = await answered("agent/step", { handle: second, ...untouched });
    assert.deepEqual(same, { phase: "pinned", code: null, now: 1 });
    assert.deepEqual(await answered("agent/close", { handle: first }), {});
    const bad = [["agent/close", { handle: first }],
      ["agent/step", { handle: second, ...untouched, event: "toString" }],
      ...[first, 0, "1", null].map((handle) => ["agent/step", { handle, ...untouched }])];
    for (const [op, given] of bad) assert.equal((await answer(op, given)).outcome, "error", JSON.stringify(given));
  },
  "randomised operations choose for themselves": async () => {
    const bases = { "blob/seal-random": ["blob-seal", "salt"],
      "enrolment/request-random": ["enrolment-request", "nonce"],
      "grant/make-random": ["grant-make", "oaep_seed"], "code/random": ["text-code-encode", "secret"] };
    for (const [op, [base, chosen]] of Object.entries(bases)) {
      const { in: given } = vectors(base).tests.find((/** @type {any} */ test) => test.expect.outcome === "ok");
      const { [chosen]: _, ...input } = given;
      assert.equal((await answer(op, given)).outcome, "error", `${op} takes no ${chosen}`);
      const made = [];
      for (let i = 0; i < 4; i++) made.push(JSON.stringify(await answered(op, input)));
      assert.equal(new Set(made).size, made.length, op);
    }
  },

  "scanning 4 MB of prefixes takes linear time": () => {
    const started = performance.now();
    const { matches, skipped } = scan(utf8("ekt1_".repeat(400_000) + "eks1_".repeat(400_000)));
    assert.deepEqual([matches.length, skipped.length], [0, 800_000]);
    // Quadratic, these would be 10^12 steps.
    assert.ok(performance.now() - started < 60_000, "more than a minute");
  },
  "a head that asks for a blob of another length is skipped": () => {
    const blob = fromHex(vector("blob-seal", "blob-seal-100-bytes").expect.out.blob);
    const text = utf8(writeBlob(blob));
    assert.deepEqual(scan(text), { matches: [{ kind: "blob", start: 0, end: text.length }], skipped: [] });
    text[5] = 0x5f;
    assert.deepEqual(scan(text), { matches: [], skipped: [{ offset: 0, code: "length_out_of_range" }] });
  },

  "a blob text holds a SealedBlob, whole and alone": () => {
    const blob = fromHex(vector("blob-seal", "blob-seal-1-bytes").expect.out.blob);
    const text = writeBlob(blob);
    assert.equal(compare(readBlob(utf8(text)), blob), 0);
    assert.throws(() => readBlob(utf8(text.replace("eks1_", "ekt1_"))), refused("bad_prefix", 0));
    assert.throws(() => readBlob(utf8(`${text}A`)), { name: "Refusal" });
    const behind = 5 + Math.floor((4 * (3 + blob.length)) / 3);
    assert.throws(() => readBlob(utf8(`${text}AAAA`)), refused("trailing_bytes", behind));
    assert.throws(() => readBlob(utf8(text.slice(0, -4))), refused("truncated", 5 + 4));
    assert.throws(() => writeBlob(concat(blob, new Uint8Array(65_536))), { name: "Refusal", code: "value_too_long" });
    assert.throws(() => readToken(utf8("ekt1_")), refused("truncated", 5));
  },

  "tokens that are opened together open as each does alone, whatever stands beside it": async () => {
    const account = new Uint8Array(16).fill(7);
    const keys = [1, 1, 2].map((epoch, i) => ({ epoch, token_key: new Uint8Array(64).fill(i + 1) }));
    const ciphers = ciphersOf(account, keys);
    let state = 5;
    const next = (/** @type {number} */ below) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    const sealers = keys.map(({ epoch, token_key }) => new TokenCipher(token_key, account, epoch));
    const tokens = await Promise.all(Array.from({ length: 400 }, async (_, i) => {
      const field = ["url", "window_title"][next(2)];
      const token = parse(Token, await sealers[next(3)].seal(field, utf8("x".repeat(next(90)) + i)));
      const harm = next(8);
      if (harm === 0) token.v[next(16)] ^= 1 << next(8);
      if (harm === 1) token.c[next(token.c.length)] ^= 1 << next(8);
      if (harm === 2) token.epoch += next(3);
      return token;
    }));
    const together = await openTokens(ciphers, tokens);
    const alone = await Promise.all(tokens.map(async (token) => (await openTokens(ciphers, [token]))[0]));
    assert.deepEqual(together, alone);
    const codes = new Set(together.map((one) => ("code" in one ? one.code : "")));
    assert.deepEqual([...codes].sort(), ["", "no_epoch_key", "token_open_failed"]);
  },

  "a signature whose R is of small order is refused, though its equation holds": async () => {
    // With R the neutral element, S = k * a makes S * B = R + k * A.
    const { secret, key } = await keyPair(new Uint8Array(32).fill(5));
    const message = utf8("a message");
    const neutral = new Uint8Array(32);
    neutral[0] = 1;
    const challenge = await integerOfHash(neutral, key.verifyKey, message);
    const signature = concat(neutral, littleEndianBytes((challenge * secret) % L));
    const handle = await crypto.subtle.importKey("raw", key.verifyKey, "Ed25519", false, ["verify"]);
    assert.ok(await crypto.subtle.verify("Ed25519", handle, signature, message), "the engine refuses it itself");
    assert.equal(await verifies(key.verifyKey, message, signature), false);
  },
  "strict checks do not need the engine's": async () => {
    const { key } = await keyPair(new Uint8Array(32).fill(6));
    const message = utf8("a message");
    const signature = await key.sign(message);
    const s = littleEndian(signature.subarray(32));
    assert.ok(await verifies(key.verifyKey, message, signature));
    const greater = concat(signature.subarray(0, 32), littleEndianBytes(s + L));
    assert.equal(await verifies(key.verifyKey, message, greater), false);
    // y = 2 is on no point of the curve; y = p + 3 encodes a point of great order, not canonically.
    for (const y of [2n, 2n ** 255n - 19n + 3n]) assert.equal(isAcceptable(littleEndianBytes(y)), false);
    assert.ok(isAcceptable(littleEndianBytes(3n)));
  },

  "OAEP with a seed of Web Crypto's own opens": async () => {
    const { p, q } = vector("oaep-decrypt", "oaep-decrypt-valid").in;
    const [larger, smaller] = [fromHex(p), fromHex(q)];
    const message = utf8("a message");
    const ciphertext = await encrypt(modulusOf(larger, smaller), message);
    assert.equal(compare(await decrypt(larger, smaller, ciphertext), message), 0);
  },

  "a wrong answer is noticed": async () => {
    const file = vectors("hash");
    const [test] = file.tests;
    const wrong = { ...test, expect: { outcome: "ok", out: { hash: "00" } } };
    const rejecting = { ...test, expect: { outcome: "reject", code: "bad_key" } };
    assert.deepEqual((await judge({ op: "hash", tests: [test, wrong, rejecting] })).failed.length, 2);
    const cut = vector("wire-token", "wire-token-empty");
    const elsewhere = { ...cut, expect: { ...cut.expect, offset: 1 } };
    assert.equal((await judge({ op: "wire/Token", tests: [cut, elsewhere] })).failed.length, 1);
    assert.equal((await judge({ op: "no/such", tests: [test] })).unsupported.length, 1);
  },
  "every file of vectors has an operation": () => {
    const ops = vectorFiles(at("../../../vectors")).map((file) => file.op);
    assert.ok(ops.length > 50);
    assert.deepEqual(ops.filter((op) => !Object.hasOwn(OPERATIONS, op)), []);
  },
  "an input that is no input is an error, not a rejection": async () => {
    assert.equal((await answer("hmac", { key: "0g" })).outcome, "error");
    assert.equal((await answer("keys", {})).outcome, "error");
  },
  "the responder speaks the line protocol": () => {
    const test = vector("scan", "scan-token-alone");
    const lines = [
      { v: 1, seq: 0, cmd: "hello", suite: "1.0.0", spec: "1.0" }, { seq: 7, cmd: "run", op: "scan", in: test.in },
      { seq: 8, cmd: "run", op: "no/such", in: {} }, { seq: 9, cmd: "what" }, { seq: 10, cmd: "bye" },
      { seq: 11, cmd: "hello" },
    ].map((line) => JSON.stringify(line)).join("\n");
    const run = spawnSync(process.execPath, [at("../respond.mjs")], { input: lines, encoding: "utf8" });
    const answers = run.stdout.trim().split("\n").map((line) => JSON.parse(line));
    const [hello, scanned, unsupported, unknown, ...others] = answers;
    assert.equal(run.status, 0);
    assert.deepEqual([hello.v, hello.seq, hello.ops], [1, 0, Object.keys(OPERATIONS)]);
    assert.deepEqual(scanned, { seq: 7, outcome: "ok", out: test.expect.out });
    assert.deepEqual([unsupported.outcome, unknown.outcome, others.length], ["unsupported", "error", 0]);
    assert.equal(spawnSync(process.execPath, [at("../respond.mjs")], { input: "{", encoding: "utf8" }).status, 2);
  },
  "the responder ends at `bye`, though its input stays open": async () => {
    const stdio = /** @type {const} */ (["pipe", "ignore", "ignore"]);
    const run = spawn(process.execPath, [at("../respond.mjs")], { stdio: [...stdio], timeout: 300_000 });
    run.stdin.write('{"seq":1,"cmd":"bye"}\n');
    assert.deepEqual(await once(run, "exit"), [0, null]);
  },
};

for (const [name, body] of Object.entries(TESTS)) test(name, body);

test("R-2.3-1: Derive takes a context of its label's length alone", async () => {
  for (const [label, length] of Object.entries(CONTEXT_LENGTHS)) {
    for (const count of [length - 1, length, length + 1]) {
      const input = { key: "00".repeat(32), label, context: "00".repeat(count) };
      assert.equal((await answer("derive", input)).outcome, count === length ? "ok" : "error");
    }
  }
});
