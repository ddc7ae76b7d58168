// A whole account between the operations of this client: what one makes, another opens, and nothing else.

import "../node-crypto.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../conformance/handler.mjs";
import { fromHex, toHex, utf8 } from "../endkey/bytes.mjs";
import { openLocalState, sealLocalState } from "../endkey/protocol/local-state.mjs";
import { VaultContents } from "../endkey/wire/contents.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";

const NOW = 1_764_000_000_000;
const DAY = 86_400_000;
const ZEROS = "00".repeat(32);
const LOGIN = { login_name: toHex(utf8("ana")), password: toHex(utf8("a password")), account_secret: null };
const SAYS = { newest: false, without_storage: false, clock: false };
/** Acts that say which members stay. */
const ASKING = ["remove", "add_person", "remove_person", "repair"];

const hex = (/** @type {number} */ size) => toHex(crypto.getRandomValues(new Uint8Array(size)));
const seeds = (/** @type {number} */ count) => Array.from({ length: count }, () => hex(20));
const sha256 = async (/** @type {string} */ bytes) =>
  toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", fromHex(bytes))));

/** @param {string} op @param {any} input */
async function ask(op, input) {
  const given = await answer(op, input);
  assert.equal(given.outcome, "ok", `${op}: ${JSON.stringify(given)}`);
  return given.outcome === "ok" ? given.out : undefined;
}

/** @param {string} op @param {any} input @param {string} code */
async function refused(op, input, code) {
  const given = await answer(op, input);
  assert.equal(given.outcome === "reject" ? given.code : JSON.stringify(given).slice(0, 200), code, op);
}

/** Private keys of an end. */
async function newKeys() {
  const usage = /** @type {KeyUsage[]} */ (["encrypt", "decrypt"]);
  const algorithm = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-1" };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, usage);
  const jwk = await crypto.subtle.exportKey("jwk", privateKey);
  const toHexOf = (/** @type {string | undefined} */ text) => Buffer.from(String(text), "base64url").toString("hex");
  const [p, q, modulus] = [jwk.p, jwk.q, jwk.n].map(toHexOf);
  const seed = hex(32);
  const { verify_key } = await ask("ed25519/sign", { seed, message: "" });
  const { agent_id } = await ask("agent-id", { modulus, verify_key });
  return { keys: p > q ? { p, q, seed } : { p: q, q: p, seed }, modulus, verify_key, id: agent_id };
}

/** @param {string} contents @param {(contents: any) => any} edit */
const edited = (contents, edit) => {
  const parsed = parse(VaultContents, fromHex(contents));
  return toHex(serialize(VaultContents, { ...parsed, ...edit(parsed) }));
};

/** What a service keeps of an account, and who opens it. */
class Account {
  /** @param {any} made @param {any} owner @param {string} masterKey */
  constructor(made, owner, masterKey) {
    this.id = made.account_id;
    this.owner = owner;
    this.masterKey = masterKey;
    this.contents = made.contents;
    this.made = made;
    this.epoch = 1;
    this.generation = parse(VaultContents, fromHex(made.contents)).states[0].generation;
    this.messages = {
      head: made.person_keys.slice(0, 138), person_keys: made.person_keys, account_state: made.account_state,
      password_wrap: made.password_wrap, grant: made.grant, owner_vault: made.owner_vault, rule_set: null,
    };
  }

  static async create() {
    const owner = await newKeys();
    const master_key = hex(32);
    const input = {
      ...owner.keys, master_key, iterations: 600_000, ...LOGIN, retention_days: 90, now: NOW, salt: hex(32),
      keys_salt: hex(24), vault_salt: hex(24), oaep_seed: hex(20),
    };
    return new Account(await ask("account/create", input), owner, master_key);
  }

  /** @param {any} [others] */
  opening(others) {
    const { messages } = this;
    return { pins: null, password_changed: false, ...LOGIN, messages, kept: [], now: NOW + 1, ...others };
  }

  /** @param {string} act @param {any} [others] */
  act(act, others) {
    return {
      act, seed: this.owner.keys.seed, state: this.messages.account_state, vault: this.messages.owner_vault,
      master_key: this.masterKey, contents: this.contents, remembered: true, generation: this.generation, durable: true,
      aside: null, missing: [], says: SAYS, now: NOW + 1000, rule_set: null, salt: hex(24),
      oaep_seeds: seeds(act === "add_person" || others?.next_master_key ? 1 : 0),
      ...(ASKING.includes(act) ? { staying: [] } : {}), ...others,
    };
  }

  /** @param {string} act @param {any} [others] */
  async publish(act, others) {
    const made = await ask("publication/make", this.act(act, others));
    assert.equal(made.expect, await sha256(this.messages.owner_vault));
    this.take(made, others?.next_master_key);
    return made;
  }

  /** @param {any} made @param {string} [masterKey] */
  take(made, masterKey) {
    this.contents = made.contents;
    this.generation = made.generation;
    this.messages = {
      ...this.messages, owner_vault: made.vault, account_state: made.state ?? this.messages.account_state,
      grant: masterKey ? made.grants.find((/** @type {string} */ grant) => grant.slice(50, 82) === this.owner.id)
        : this.messages.grant,
    };
    this.masterKey = masterKey ?? this.masterKey;
  }

  /**
   * A code, in vault and text.
   * @param {any} [others]
   */
  async code(others) {
    const code = {
      id: hex(8), secret: hex(16), role: "agent", kind: "scoped", approval: "automatic", uses_left: 2, expires: 0,
      nonces: [], ...others,
    };
    const entry = { ...code, id: fromHex(code.id), secret: fromHex(code.secret), label: utf8("pc") };
    await this.publish("edit", { contents: edited(this.contents, () => ({ codes: [entry] })) });
    const { role, kind, secret } = code;
    const about = { account_id: this.id, secret, generation: this.generation, made: NOW, kind, role };
    return { code, text: Buffer.from((await ask("text/code-encode", about)).text, "hex").toString() };
  }
}

const account = Account.create();
/** A copy that a test may change. */
const fresh = async () => Object.assign(Object.create(Account.prototype), await account);

/** @param {Account} account @param {any} code @param {string} text @param {any} [agent] */
async function enrolled(account, code, text, agent) {
  const made = agent ?? (await newKeys());
  const nonce = hex(32);
  const { request, agent_id } = await ask("enrolment/request", { code: text, ...made.keys, nonce });
  assert.equal(agent_id, made.id);
  const input = {
    account_id: account.id, request, codes: [code], members: [], persons: [], root: true, now: NOW, approved: true,
  };
  const verified = await ask("enrolment/verify", input);
  assert.deepEqual(verified, { agent_id, code_id: code.id, kind: code.kind, role: code.role });
  await refused("enrolment/verify", { ...input, codes: [{ ...code, nonces: [nonce] }] }, "nonce_reused");
  return { ...made, request, input };
}

/** @param {any} agent @param {any} [others] */
const member = (agent, others) => ({
  agent_id: fromHex(agent.id), label: utf8("pc"), code_id: new Uint8Array(8), kind: "scoped", status: "granted",
  listed: 0, audited_sequence: 0, audited_hash: new Uint8Array(32), audited_generation: 0, audited_state: 0,
  kept_sequence: 0, kept_hash: new Uint8Array(32), ...others,
});

test("an account that was made opens at a fresh end, and at one that remembers", async () => {
  const one = await fresh();
  const first = await ask("person/open", one.opening());
  assert.deepEqual([first.role, first.master_key, first.contents, first.findings, first.expired],
    ["owner", one.masterKey, one.contents, [], false]);
  const again = await ask("person/open", one.opening({ pins: first.pins }));
  assert.deepEqual(again, first);
  const { grant, ...others } = one.messages;
  const keyless = { ...others, grant: null, password_wrap: null };
  await refused("person/open", one.opening({ messages: keyless }), "no_master_key");
  const byGrant = await ask("person/open", one.opening({ messages: { ...others, grant, password_wrap: null } }));
  assert.equal(byGrant.master_key, one.masterKey);
  const wrong = { ...one.opening(), password: toHex(utf8("b")) };
  await refused("person/open", wrong, "person_keys_open_failed");
  assert.ok((await ask("person/open", one.opening({ now: NOW + 60 * DAY }))).expired);
});

test("an act is refused as the order of checks says", async () => {
  const one = await fresh();
  const make = (/** @type {any} */ others, /** @type {string} */ code) =>
    refused("publication/make", one.act(others.act ?? "edit", others), code);
  await make({ remembered: false }, "approval_required");
  await make({ durable: false }, "approval_required");
  await make({ now: NOW + 60 * DAY }, "state_expired");
  await make({ now: NOW - DAY - 1 }, "clock_wrong");
  await make({ generation: one.generation + 1 }, "unsettled");
  await make({ act: "rotate", next_master_key: hex(32), now: NOW + 90 * DAY, says: { ...SAYS, newest: true } },
    "root_required");
  await make({ act: "retire", agents: [hex(16)] }, "unknown_agent");
  const repair = { act: "repair", agents: [], next_master_key: hex(32), now: NOW - DAY - 1 };
  await make(repair, "clock_wrong");
  const made = await ask("publication/make", one.act("repair", { ...repair, says: { ...SAYS, clock: true } }));
  assert.equal(parse(VaultContents, fromHex(made.contents)).made, NOW - DAY - 1);
});

test("an agent is let in, granted, revoked and removed", async () => {
  const one = await fresh();
  const { code, text } = await one.code();
  const agent = await enrolled(one, code, text);
  const grant = async () => (await ask("grant/make", {
    seed: one.owner.keys.seed, account_id: one.id, epoch: one.epoch, kind: "scoped", recipient: agent.id,
    modulus: agent.modulus, verify_key: agent.verify_key, master_key: one.masterKey, oaep_seed: hex(20),
  })).grant;
  await one.publish("edit", { contents: edited(one.contents, () => ({ members: [member(agent)] })) });
  const step = (/** @type {string} */ event, /** @type {string | null} */ message) =>
    ({ event, message, runs: 1000, wall: NOW + 5000 });
  const [firstState, firstGrant] = [one.messages.account_state, await grant()];
  const next_master_key = hex(32);
  await one.publish("rotate", { next_master_key });
  one.epoch = 2;
  const [secondState, secondGrant] = [one.messages.account_state, await grant()];
  await one.publish("remove", { agents: [agent.id], next_master_key: hex(32) });
  const contents = parse(VaultContents, fromHex(one.contents));
  assert.deepEqual([contents.codes.length, contents.past_keys.length, contents.members[0].status], [0, 2, "removed"]);
  const { results } = await ask("agent/run", {
    code: text, ...agent.keys, nonce: hex(32), steps: [
      step("activity", "61"), step("grant", firstGrant), step("state", firstState), step("activity", "61"),
      step("grant", firstGrant), step("activity", "61"), step("state", secondState), step("activity", "61"),
      step("grant", firstGrant), step("grant", secondGrant), step("activity", "61"), step("state", firstState),
      step("state", one.messages.account_state), step("grant", secondGrant),
      step("capture", `454b010d${one.id}00000000${"04"}${"00".repeat(15)}`),
      step("restart_damaged", null), step("restart", null), { ...step("service_off", null), wall: 7 },
    ],
  });
  assert.deepEqual(results.map((/** @type {any} */ { phase, code }) => [phase, code]), [
    ["pinned", "no_state"], ["pinned", "no_state"], ["waiting", null], ["waiting", "no_grant"],
    ["active", null], ["active", null], ["waiting", null], ["waiting", "no_grant"],
    ["waiting", "epoch_rollback"], ["active", null], ["active", null], ["active", "counter_rollback"],
    ["revoked", null], ["revoked", "revoked"], ["revoked", "revoked"],
    ["stopped", null], ["stopped", "stopped"], ["stopped", "stopped"],
  ]);
  assert.deepEqual([results[0].now, results[17].now], [NOW + 5000, 7]);
});

test("after a rotation the owner opens by a Grant, and what was pinned before is known", async () => {
  const one = await fresh();
  const { pins } = await ask("person/open", one.opening());
  const [stateBefore, vaultBefore] = [one.messages.account_state, one.messages.owner_vault];
  await one.publish("rotate", { next_master_key: hex(32) });
  const opened = await ask("person/open", one.opening({ pins }));
  assert.deepEqual([opened.master_key, opened.findings], [one.masterKey, []]);
  const old = { ...one.messages, account_state: stateBefore, owner_vault: vaultBefore, grant: one.made.grant };
  await refused("person/open", one.opening({ pins: opened.pins, messages: old }), "counter_rollback");
  const other = await fresh();
  await other.publish("rotate", { next_master_key: hex(32) });
  await refused("person/open", other.opening({ pins: opened.pins }), "counter_fork");
  await other.publish("repair", { agents: [], next_master_key: hex(32) });
  const healed = await ask("person/open", other.opening({ pins: opened.pins }));
  assert.deepEqual(healed.findings, ["counter_fork", "state_fork"]);
});

/**
 * Contents of so many bytes, by definitions of rules: no vector has them, since it would be of 100 MB.
 * @param {string} contents @param {number} size
 */
const ofSize = (contents, size) => {
  const rules = [];
  for (let missing = size - contents.length / 2; missing > 0;) {
    const count = Math.min(missing, 4_000) - 5;
    rules.push({ field: "url", category: "neutral", seen: false,
      value: utf8(String(rules.length).padStart(8, "0").padEnd(count, "x")) });
    missing -= 5 + count;
  }
  const written = edited(contents, () => ({ rules }));
  assert.equal(written.length, 2 * size);
  return written;
};

test("what only grows keeps a reserve of contents for root acts (R-12.5-8)", async () => {
  const one = await fresh();
  const [page, most, all] = [4_096, 12_566_528, 16_756_736];
  const { pins } = await ask("person/open", one.opening());
  const { head: _, ...kept } = one.messages;
  await ask("publication/make", one.act("edit", { contents: ofSize(one.contents, most) }));
  const above = ofSize(one.contents, most + page);
  await refused("publication/make", one.act("edit", { contents: above }), "limit_reached");
  const tooMuch = { agents: [], next_master_key: hex(32), contents: ofSize(one.contents, all + page) };
  await refused("publication/make", one.act("repair", tooMuch), "limit_reached");
  const small = one.contents;
  await one.publish("repair", { agents: [], next_master_key: hex(32), contents: above });
  const same = await ask("publication/make", one.act("edit"));
  assert.equal(same.vault.length, one.messages.owner_vault.length);
  await ask("publication/make", one.act("edit", { contents: ofSize(small, most) }));
  const longer = { contents: ofSize(small, most + 2 * page) };
  await refused("publication/make", one.act("edit", longer), "limit_reached");
  const opened = await ask("person/open", one.opening({ pins, kept: [kept] }));
  assert.deepEqual([opened.findings, opened.aside.counter], [["limit_reached"], 2]);
});

test("a manager comes by a code, opens, and is removed", async () => {
  const one = await fresh();
  const { code, text } = await one.code({ role: "manager", kind: "master", approval: "manual", uses_left: 1 });
  const manager = await enrolled(one, code, text);
  for (const [others, refusal] of [[{ root: false }, "root_required"], [{ approved: false }, "approval_required"]]) {
    await refused("enrolment/verify", { ...manager.input, .../** @type {any} */ (others) }, String(refusal));
  }
  const person = { modulus: manager.modulus, verify_key: manager.verify_key, label: "6d" };
  const made = await one.publish("add_person", { person, next_master_key: null });
  assert.equal(made.grants.length, 1);
  const own = await ask("person-keys/make", {
    account_id: one.id, counter: 1, iterations: 600_000, ...LOGIN, salt: hex(32), seal_salt: hex(24), ...manager.keys,
  });
  const messages = {
    ...one.messages, head: own.keys.slice(0, 138), person_keys: own.keys, password_wrap: null, grant: made.grants[0],
  };
  const opened = await ask("person/open", one.opening({ messages }));
  assert.deepEqual([opened.role, opened.person_id, opened.master_key], ["manager", manager.id, one.masterKey]);
  const seed = manager.keys.seed;
  await refused("publication/make", one.act("renew_certificate", { seed }), "root_required");
  assert.equal((await ask("publication/make", one.act("edit", { seed }))).state, null);
  const late = { seed, now: NOW + 84 * DAY, says: { ...SAYS, newest: true } };
  await refused("publication/make", one.act("edit", late), "root_required");
  const generation = one.generation;
  const leaving = { persons: [manager.id], agents: [], next_master_key: hex(32) };
  const owner = { ...leaving, persons: [one.owner.id] };
  await refused("publication/make", one.act("remove_person", owner), "wrong_recipient");
  await one.publish("remove_person", leaving);
  assert.equal(one.generation, generation + 1);
  const served = { ...messages, account_state: one.messages.account_state, owner_vault: one.messages.owner_vault };
  await refused("person/open", one.opening({ messages: served, pins: opened.pins }), "no_master_key");
  assert.equal((await ask("person/open", one.opening())).role, "owner");
});

test("a recovery gives authority, and not content", async () => {
  const one = await fresh();
  const { p, q } = (await newKeys()).keys;
  const input = {
    recovery_text: one.made.recovery_text, p, q, master_key: hex(32), head: one.messages.head,
    state: one.messages.account_state, vault: one.messages.owner_vault, generation: 1, confirmed: true, persons: [],
    members: [{ agent_id: hex(16), kind: "scoped" }], iterations: 600_000, ...LOGIN, retention_days: 30, now: NOW + DAY,
    salt: hex(32), keys_salt: hex(24), vault_salt: hex(24), oaep_seeds: seeds(1),
  };
  await refused("account/recover", { ...input, confirmed: false }, "approval_required");
  await refused("account/recover", { ...input, recovery_text: "00" }, "bad_prefix");
  const made = await ask("account/recover", input);
  const messages = {
    head: made.person_keys.slice(0, 138), person_keys: made.person_keys, account_state: made.account_state,
    password_wrap: made.password_wrap, grant: made.grants[0], owner_vault: made.owner_vault, rule_set: null,
  };
  const opened = await ask("person/open", one.opening({ messages, now: NOW + DAY }));
  assert.deepEqual([opened.master_key, opened.contents], [input.master_key, made.contents]);
  const { pins } = await ask("person/open", one.opening());
  await refused("person/open", one.opening({ messages, pins }), "head_changed");
  const seen = await ask("person/open", one.opening({ messages, pins, password_changed: true }));
  assert.deepEqual(seen.findings, ["state_fork"]);
});

test("captures become batches, and an audit counts them, again as history", async () => {
  const one = await fresh();
  const { code, text } = await one.code();
  const agent = await enrolled(one, code, text);
  const { token_key, agent_key } = await ask("keys",
    { master_key: one.masterKey, account_id: one.id, epoch: 1, agent_id: agent.id });
  const about = { token_key, agent_key, account_id: one.id, epoch: 1, agent_id: agent.id };
  const capture = `454b010d${one.id}0000000001${"00".repeat(8)}00000064${"000006"}0200000261ff`;
  const { records } = await ask("capture/seal", { ...about, captures: [capture], salts: [] });
  const { token } = await ask("token/seal", { token_key, account_id: one.id, epoch: 1, field: "application_name",
    value: toHex(utf8("a\ufffd")) });
  assert.ok(records[0].includes(token));
  const state = await sha256(one.messages.account_state);
  const sign = async (/** @type {number} */ sequence, /** @type {string} */ previous) => (await ask("batch/sign", {
    seed: agent.keys.seed, account_id: one.id, epoch: 1, agent_id: agent.id, sequence, previous, made: NOW,
    state_generation: one.generation, state_counter: 1, state,
    records: [{ kind: "application", start: 0, duration: 100, items: [{ token }] }],
  })).batch;
  const first = await sign(1, ZEROS);
  const second = await sign(2, await sha256(first));
  const third = await sign(4, ZEROS);
  const mark = { sequence: 0, hash: ZEROS, generation: 0, counter: 0 };
  const note = `${one.generation.toString(16).padStart(8, "0")}${"1".padStart(16, "0")}00000001`
    + `${NOW.toString(16).padStart(16, "0")}${state}`;
  const auditor = {
    account_id: one.id, members: [{ agent_id: agent.id, request: agent.request }], agent_id: agent.id,
    status: "granted", mark, kept: { sequence: 0, hash: ZEROS }, states: [note], keys: [{ epoch: 1, token_key }],
    erasures: [], erased: [], batches: [third, second, first, first, "00"], now: NOW, retention_days: 7,
  };
  const audited = await ask("batch/audit", auditor);
  assert.deepEqual(audited.findings.map((/** @type {any} */ { batch, code }) => [batch, code]),
    [[0, "sequence_gap"], [3, "sequence_repeat"], [4, "truncated"]]);
  assert.deepEqual(audited.totals, [{ token, milliseconds: 300 }]);
  assert.deepEqual(audited.mark, { sequence: 4, hash: await sha256(third), generation: one.generation, counter: 1 });
  const marked = { sequence: 2, hash: await sha256(second), generation: one.generation, counter: 1 };
  const erased = [{ first: 9, last: 10 }, { first: 1, last: 2 }];
  const later = { mark: marked, status: "removed", batches: [second, third], erased };
  const again = await ask("batch/audit", { ...auditor, ...later });
  assert.deepEqual(again.findings, [{ batch: 1, sequence: null, code: "revoked" },
    { batch: null, sequence: 10, code: "erased_unseen" }, { batch: null, sequence: 1, code: "sequence_gap" }]);
  assert.deepEqual([again.totals, again.mark], [[{ token, milliseconds: 100 }], marked]);
});

test("a device signs only what it may, and settles what it sent", async () => {
  const one = await fresh();
  const { handle } = await ask("owner/open", { ...LOGIN, durable: true });
  const says = { password_changed: false, ...SAYS };
  const step = async (/** @type {string} */ event, /** @type {any} */ others = {}) => {
    const input = { handle, event, messages: null, message: null, says, now: NOW + 2000, ...others };
    const { phase, code, findings, generation } = await ask("owner/step", input);
    return [phase, code, ...(findings.length ? [findings] : []), generation - one.generation];
  };
  const open = { messages: one.messages };
  assert.deepEqual(await step("edit"), ["locked", "no_master_key", -one.generation]);
  assert.deepEqual(await step("open", open), ["open", null, 0]);
  assert.deepEqual(await step("edit"), ["open", "approval_required", 0]);
  assert.deepEqual(await step("confirm"), ["open", null, 0]);
  assert.deepEqual(await step("repair"), ["settling", null, 1]);
  assert.deepEqual(await step("edit"), ["settling", "unsettled", 1]);
  assert.deepEqual(await step("restart"), ["locked", null, 1]);
  assert.deepEqual(await step("open", open), ["settling", null, 1]);
  const other = await fresh();
  await other.publish("edit");
  // A repair asked about members, so that it is not made anew over another vault.
  assert.deepEqual(await step("other", { messages: other.messages }), ["open", null, 0]);
  assert.deepEqual(await step("edit"), ["open", "unsettled", 0]);
  assert.deepEqual(await step("repair"), ["settling", null, 3]);
  assert.deepEqual(await step("stored"), ["open", null, 3]);
  assert.deepEqual(await step("rotate"), ["settling", null, 3]);
  assert.deepEqual(await step("discard"), ["open", null, 3]);
  assert.deepEqual(await step("edit"), ["settling", null, 3]);
  assert.deepEqual(await step("restart_lost"), ["locked", null, -one.generation]);
  await ask("owner/close", { handle });
});

test("what was sent is settled, and the greater state that was opened since stands", async () => {
  for (const [act, generation] of /** @type {[string, number][]} */ ([["edit", 0], ["rotate", -1]])) {
    const one = await fresh();
    const { handle } = await ask("owner/open", { ...LOGIN, durable: true });
    const says = { password_changed: false, ...SAYS, newest: true };
    const step = async (/** @type {string} */ event, /** @type {any} */ messages = null) => {
      const input = { handle, event, messages, message: null, says, now: NOW + 2000 };
      const given = await ask("owner/step", input);
      return [given.phase, given.code, given.generation - one.generation];
    };
    assert.deepEqual(await step("open", one.messages), ["open", null, 0]);
    assert.deepEqual(await step(act), ["settling", null, 0]);
    await one.publish("repair", { next_master_key: hex(32), agents: [] });
    assert.deepEqual(await step("restart"), ["locked", null, -1]);
    assert.deepEqual(await step("open", one.messages), ["settling", null, generation]);
    assert.deepEqual(await step("stored"), ["open", null, 0]);
    await ask("owner/close", { handle });
  }
});

test("a local state holds what its phase says, and nothing else opens", async () => {
  const one = await fresh();
  const { code, text } = await one.code();
  const agent = await enrolled(one, code, text);
  const [empty, deviceKey, zeros] = [new Uint8Array(0), new Uint8Array(32), new Uint8Array(32)];
  const state = fromHex(one.messages.account_state);
  const terms = fromHex(`${one.generation.toString(16).padStart(8, "0")}${"00".repeat(8)}0201`);
  const keys = Object.fromEntries(Object.entries(agent.keys).map(([name, value]) => [name, fromHex(value)]));
  const unpinned = {
    phase: "unpinned", keys, request: empty, terms: empty, state: empty, least: 0, running: 0, age: 0, sequence: 0,
    batch_hash: zeros, epoch_keys: empty,
  };
  const pinned = { ...unpinned, phase: "pinned", request: fromHex(agent.request), terms, age: 1 };
  const waiting = { ...pinned, phase: "waiting", request: empty, state, least: NOW, running: 3 };
  const active = { ...waiting, phase: "active", epoch_keys: new Uint8Array(96) };
  /** @type {[any, any, number, boolean][]} */
  const cases = [
    [unpinned, {}, 0, true], [unpinned, { age: 1 }, 0, false], [unpinned, { terms }, 0, false],
    [pinned, {}, 0, true], [pinned, { request: empty }, 0, false], [pinned, { sequence: 1 }, 0, false],
    [pinned, {}, 1, false], [pinned, { least: 1 }, 0, false],
    [waiting, {}, 1, true], [waiting, { least: NOW - 1 }, 1, false], [waiting, {}, 2, false],
    [waiting, { epoch_keys: new Uint8Array(96) }, 1, false], [waiting, { phase: "revoked" }, 1, true],
    [active, {}, 1, true], [active, { epoch_keys: empty }, 1, false], [active, { phase: "stopped" }, 1, false],
    [active, { sequence: 3, batch_hash: deviceKey.fill(1).slice() }, 1, true],
  ];
  for (const [contents, others, epoch, opens] of cases) {
    const account_id = contents === unpinned ? new Uint8Array(16) : fromHex(one.id);
    const header = { type: "agent_state", account_id, epoch };
    const message = await sealLocalState(deviceKey, header, 1, new Uint8Array(24), { ...contents, ...others });
    const opened = openLocalState(deviceKey, message).then(() => true, (error) => error.code);
    assert.equal(await opened, opens || "local_state_open_failed", `${contents.phase} ${Object.keys(others)} ${epoch}`);
  }
});
