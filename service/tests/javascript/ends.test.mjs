// Both ends of the JavaScript client, against the service that the environment's ENDKEY_ORIGIN names.

import "../../../clients/web/node-crypto.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditAccount } from "../../../clients/web/dashboard/audit.mjs";
import { Opener } from "../../../clients/web/dashboard/opener.mjs";
import { toHex, utf8 } from "../../../clients/web/endkey/bytes.mjs";
import { AgentOverHTTP } from "../../../clients/web/http/agent.mjs";
import { Volatile } from "../../../clients/web/http/memory.mjs";
import { Lost, NotRecovered, PasswordChanged, PersonsEnd, Recovered } from "../../../clients/web/http/person.mjs";
import { json, MEDIA, Problem, Service, split, Unsettled } from "../../../clients/web/http/service.mjs";

const ORIGIN = process.env.ENDKEY_ORIGIN ?? "";
const PASSWORD = "correct horse battery";
const DAY = 86_400_000;
const CODE = { role: /** @type {const} */ ("agent"), uses: 10, days: 7, approval: /** @type {const} */ ("manual"),
  label: "Ward 3" };

/** Breaks what goes over the wire. */
class Broken extends Service {
  /** Whether a publication, or a request to join, reaches the service, and whether its answer comes back. */
  sends = true;
  answers = true;

  /** @type {Service["request"]} */
  async request(method, path, about) {
    const isPublication = path.endsWith("/publications") || path === "/accounts" || method === "PUT";
    if (isPublication && !this.sends) throw new Unsettled("cut off");
    const answer = await super.request(method, path, about);
    if (isPublication && !this.answers) throw new Unsettled("cut off");
    return answer;
  }
}

const typed = (/** @type {string} */ name, password = PASSWORD) =>
  ({ login_name: utf8(name), password: utf8(password), account_secret: null });

const end = (memory = new Volatile()) => {
  const service = new Broken(`${ORIGIN}/v1`);
  return { service, memory, person: new PersonsEnd(service, memory, { wait: async () => {} }) };
};

/** @param {string} name */
async function account(name) {
  const one = end();
  const made = await one.person.prepare(name, PASSWORD, { withSecret: false, retentionDays: 365 });
  await made.publish();
  return { ...one, name, made };
}

/** A second device, which takes what it sees for the newest. @param {string} name */
async function device(name) {
  const one = end();
  await one.person.signIn(typed(name));
  await one.person.confirm();
  return one;
}

/** A computer that asks to be let in. @param {string} code */
async function asking(code) {
  const agent = await AgentOverHTTP.pinned(new Service(`${ORIGIN}/v1`), code);
  await agent.ask();
  return agent;
}

/** What the service keeps to. @param {PersonsEnd} person */
async function kept(person) {
  const path = `/a/${String(person.session.account)}/retention`;
  return json(await person.service.request("GET", path, { answer: MEDIA.json }));
}

/** @param {Promise<unknown>} promise @param {string} type */
const refused = (promise, type) => assert.rejects(promise, (error) => error instanceof Problem && error.type === type);

test("the service is found by its origin, and names no other host", async () => {
  const { service, about } = await Service.at(ORIGIN);
  assert.equal(service.api, `${ORIGIN}/v1`);
  assert.deepEqual(about.protocol, [1]);
});

test("what a computer sends is counted, as the service says; removed, it is told", async () => {
  const { person } = await account("computer@example.com");
  const agent = await asking(await person.makeCode(CODE));
  const [asked] = await person.requests();
  assert.deepEqual([asked.id, asked.role, asked.refused], [toHex(agent.agent.id), "agent", null]);
  await agent.refresh(Date.now());
  assert.equal(agent.agent.phase, "waiting");
  await person.admit([asked.message], "");
  assert.deepEqual(await person.requests(), []);
  assert.equal(new TextDecoder().decode(person.whole.contents.members[0].label), "Ward 3");
  await agent.refresh(Date.now());
  const start = Date.now() - 3_600_000;
  const { message, item } = await agent.blob("screenshot", utf8("picture"));
  const items = [await agent.token("employee_name", "Ada"), await agent.token("application_name", "Editor")];
  await agent.record([{ kind: "application", start, duration: 300_000, items },
    { kind: "screenshot", start, duration: 0, items: [item] }], Date.now());
  await agent.uploadBlob(message);
  await agent.upload();
  assert.deepEqual([agent.outbox.length, await person.blob(toHex(item.blob.digest))], [0, message]);
  assert.equal(await person.blob("00".repeat(32)), null);

  const { whole } = person;
  const { tokenKeys: keys } = await Opener.of(whole);
  const question = { account: whole.account, contents: whole.contents, keys, agents: await person.report() };
  const { batches, findings, differences, counted } = await auditAccount(question, () => {});
  assert.deepEqual([batches, findings, differences], [1, [], []]);
  assert.deepEqual([[...counted.duration], counted.pictures.length], [[300_000, 0], 1]);

  await person.act("remove", () => ({ agents: [agent.agent.id] }));
  assert.deepEqual([person.whole.state.header.epoch, person.whole.contents.codes], [2, []]);
  await agent.refresh(Date.now());
  assert.equal(agent.agent.phase, "revoked");
  assert.deepEqual((await person.agents()).map(({ status }) => status), ["listed"]);
});

test("a publication whose answer is lost is sent again, and settled once", async () => {
  const { person, service, memory, name } = await account("lost-answer@example.com");
  service.answers = false;
  await assert.rejects(person.act("rotate", () => ({})), Unsettled);
  assert.equal(person.isSettling, true);
  await assert.rejects(person.act("rotate", () => ({})), /unsettled/);
  // The program ends here; the next run settles it.
  const next = end(memory);
  await next.person.signIn(typed(name));
  assert.deepEqual([next.person.isSettling, next.person.whole.state.header.epoch], [false, 2]);
  assert.equal((await memory.recall(name)).pending, null);
  assert.equal(next.person.isConfirmed, true);
});

test("a publication that never arrived is sent by the next run, or given up", async () => {
  const { person, service, memory, name } = await account("never-arrived@example.com");
  service.sends = false;
  await assert.rejects(person.makeCode(CODE), Unsettled);
  const next = end(memory);
  await next.person.signIn(typed(name));
  assert.equal(next.person.whole.contents.codes.length, 1);
  // What the first run could not show is shown by the one that settles it, once.
  const late = next.person.takeCode();
  await asking(late?.text ?? "");
  assert.deepEqual([late?.role, next.person.takeCode()], ["agent", null]);
  next.service.sends = false;
  await assert.rejects(next.person.makeCode(CODE), Unsettled);
  next.service.sends = true;
  await next.person.discard();
  await next.person.makeCode(CODE);
  assert.equal(next.person.whole.contents.codes.length, 2);
});

test("of two ends that act at once, what fits is merged and what does not is made again", async () => {
  const first = await account("two-ends@example.com");
  const second = await device(first.name);
  // Merged: both make a code, the second one from what it had opened before.
  second.service.sends = false;
  await assert.rejects(second.person.makeCode({ ...CODE, label: "second" }), Unsettled);
  await first.person.makeCode({ ...CODE, label: "first" });
  second.service.sends = true;
  await second.person.sendAgain();
  assert.equal(second.person.whole.contents.codes.length, 2);
  // Dead: another state was published meanwhile. The pending rotation is lost, and said to be.
  second.service.sends = false;
  await assert.rejects(second.person.act("rotate", () => ({})), Unsettled);
  await first.person.act("rotate", () => ({}));
  second.service.sends = true;
  await assert.rejects(second.person.sendAgain(), Lost);
  await second.person.act("rotate", () => ({}));
  assert.equal(second.person.whole.state.header.epoch, 3);
});

test("a fresh end acts only once its person has said that what it sees is the newest", async () => {
  const { name } = await account("fresh@example.com");
  const { person } = end();
  await person.signIn(typed(name));
  await assert.rejects(person.makeCode(CODE), /approval_required/);
  await person.makeCode(CODE, { newest: true });
  assert.equal(person.isConfirmed, true);
});

test("a new password opens, an old one does not, and a lost answer to it is settled", async () => {
  const { person, service, memory, name } = await account("password@example.com");
  await person.changePassword(PASSWORD, "another battery staple");
  assert.equal(person.isConfirmed, true);
  await refused(end().person.signIn(typed(name)), "login-failed");
  service.answers = false;
  await assert.rejects(person.changePassword("another battery staple", "a third horse"), Unsettled);
  const next = end(memory);
  await next.person.signIn(typed(name, "a third horse"));
  assert.equal(next.person.isSettling, false);
  await next.person.makeCode(CODE);
});

test("a new password that never arrived is sent by who signs in with the old one, and then holds", async () => {
  const { person, service, memory, name } = await account("old-password@example.com");
  service.sends = false;
  await assert.rejects(person.changePassword(PASSWORD, "a new horse"), Unsettled);
  const next = end(memory);
  await assert.rejects(next.person.signIn(typed(name)), PasswordChanged);
  await next.person.signIn(typed(name, "a new horse"));
  await next.person.makeCode(CODE);
});

test("an account whose making was cut off is made by the next sign-in; a taken login is said", async () => {
  const { person, service, memory } = end();
  service.sends = false;
  const made = await person.prepare("cut-off@example.com", PASSWORD, { withSecret: true, retentionDays: 30 });
  await assert.rejects(made.publish(), Unsettled);
  const next = end(memory);
  await next.person.signIn(made.credentials);
  assert.equal(next.person.whole.contents.retention_days, 30);
  const again = await end().person.prepare("cut-off@example.com", PASSWORD, { withSecret: false, retentionDays: 30 });
  await refused(again.publish(), "login-taken");
});

test("a manager joins by a code, signs at once, and is removed", async () => {
  const { person } = await account("with-manager@example.com");
  const code = await person.makeCode({ ...CODE, role: "manager", label: "" });
  const manager = end();
  const { id } = await manager.person.join(code, "manager@example.com", PASSWORD);
  await manager.person.signIn(typed("manager@example.com"));
  assert.equal(manager.person.session.pending, true);
  const [asked] = await person.requests();
  assert.deepEqual([asked.id, asked.role, asked.refused], [id, "manager", null]);
  await person.admitPerson(asked.message, "Grace");
  await manager.person.signIn(typed("manager@example.com"));
  await manager.person.confirm();
  await manager.person.makeCode({ ...CODE, label: "by the manager" });
  await person.refresh();
  assert.equal(person.whole.contents.persons.length, 2);
  const { person_id } = person.whole.contents.persons.find((/** @type {any} */ { role }) => role === "manager");
  await person.act("remove_person", () => ({ persons: [person_id] }));
  await refused(manager.person.refresh(), "no-credential");
});

/**
 * What a manager writes that the owner's end does not open, or, in place and so without a RuleSet, what makes none.
 * @type {{name: string, code: string | null, edit: (contents: any) => any}[]}
 */
const STOPS = [
  {
    name: "rules that nobody has", code: "chain_broken",
    edit: (contents) => ({ ...contents, rule_set: new Uint8Array(32).fill(1) }),
  },
  {
    name: "a value that is no text", code: null,
    edit: (contents) => {
      contents.rules.push({ field: "url", category: "neutral", seen: true, value: Uint8Array.of(255) });
      return contents;
    },
  },
];
for (const { name, code, edit } of STOPS) {
  test(`nothing that a manager writes stops a root act: ${name}. R-12.7-9, R-12.9-10`, async () => {
    const owner = `stopped-${name.replaceAll(" ", "-")}@example.com`;
    const { person, memory } = await account(owner);
    const manager = end();
    await manager.person.join(await person.makeCode({ ...CODE, role: "manager", label: "" }), `m-${owner}`, PASSWORD);
    const [asked] = await person.requests();
    await person.admitPerson(asked.message, "Grace");
    await manager.person.signIn(typed(`m-${owner}`));
    await manager.person.confirm();
    await manager.person.act("edit", () => ({ edit }));

    const next = end(memory);
    await next.person.signIn(typed(owner));
    assert.deepEqual([next.person.isAside, next.person.findings], [code !== null, code === null ? [] : [code]]);
    const { person_id } = next.person.whole.contents.persons.find((/** @type {any} */ { role }) => role === "manager");
    const remove = (/** @type {any} */ says) =>
      next.person.act("remove_person", () => ({ persons: [person_id] }), says);
    if (code !== null) {
      await assert.rejects(next.person.makeCode(CODE, { newest: true }), { code: "unsettled" });
      await assert.rejects(remove({}), { code: "approval_required" });
    }
    await remove({ newest: true });
    const { isAside, isConfirmed, findings } = next.person;
    assert.deepEqual([isAside, isConfirmed, findings], [false, true, []]);
    await next.person.act("edit", () => ({ edit: (contents) => ({ ...contents, rules: [] }) }));
    await next.person.act("rotate", () => ({}));
    const fresh = await device(owner);
    assert.equal(fresh.person.whole.state.signers.length, 1);
    assert.equal(fresh.person.whole.contents.past_keys.length, 2);
  });
}

test("a recovery text gives the account back, under a new password, with the computers that stay", async () => {
  const { person, made, name } = await account("recover@example.com");
  const agent = await asking(await person.makeCode(CODE));
  await person.admit((await person.requests()).map(({ message }) => message), "");
  await agent.refresh(Date.now());
  const next = end();
  const { persons, members, publish } = await next.person.prepareRecovery(made.recoveryText);
  assert.deepEqual([persons, members], [[], [toHex(agent.agent.id)]]);
  await publish({ loginName: name, password: "new battery", retentionDays: 30, persons: [], members });
  assert.equal(next.person.isConfirmed, true);
  await refused(end().person.signIn(typed(name)), "login-failed");
  await agent.refresh(Date.now());
  assert.equal(agent.agent.phase, "active");
  await agent.record([{ kind: "application", start: 0, duration: 1, items: [await agent.token("url", "x")] }], 1);
  await agent.upload();
  await next.person.makeCode(CODE);
  await refused(person.refresh(), "no-credential");
});

test("states are renewed at the first opening of the day", async () => {
  const { person } = await account("renewal@example.com");
  assert.equal(person.isRenewalDue, false);
  person.now = () => Date.now() + DAY - 60_000;
  assert.equal(person.isRenewalDue, true);
  const { counter } = person.whole.state;
  await person.act("edit", () => ({}));
  assert.equal(person.whole.state.counter, counter + 1);
});

test("a stream that ends within a message is none", () => {
  assert.deepEqual([...split(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 9))], [Uint8Array.of(), Uint8Array.of(9)]);
  for (const bytes of [[0], [0, 0, 0, 2, 1], [255, 255, 255, 255]]) {
    assert.throws(() => [...split(Uint8Array.from(bytes))], Unsettled);
  }
});

test("what is remembered of a login decides: nothing begins over it, no failure changes it (R-12.8-2)", async () => {
  const { person, service, memory, name, made } = await account("remembered@example.com");
  const code = await person.makeCode({ ...CODE, role: "manager", label: "" });
  service.sends = false;
  await assert.rejects(person.makeCode(CODE), Unsettled);
  const before = await memory.recall(name);
  assert.notEqual(before.pending, null);
  const next = end(memory);
  const choices = { withSecret: false, retentionDays: 365 };
  await assert.rejects(next.person.prepare(name, PASSWORD, choices), /already_pinned/);
  await assert.rejects(next.person.join(code, name, PASSWORD), /already_pinned/);
  const recovery = await next.person.prepareRecovery(made.recoveryText);
  assert.deepEqual(recovery.known, [name]);
  const choice = { loginName: name, password: "new battery", retentionDays: 30, persons: [], members: [] };
  await assert.rejects(recovery.publish(choice), /already_pinned/);
  await refused(next.person.signIn(typed(name, "wrong"), { isRestored: true }), "login-failed");
  next.service.sends = false;
  await assert.rejects(recovery.publish({ ...choice, forgets: true }), Unsettled);
  assert.deepEqual((await memory.recall(name)).pins, before.pins);
});

test("what a recovery is shown is held against what is remembered, under any login", async () => {
  const { person, memory, name, made } = await account("shown@example.com");
  const { pins } = await memory.recall(name);
  for (const lie of [{ vault_counter: 9 }, { vault_hash: new Uint8Array(32) }]) {
    const next = end();
    await next.memory.keep("another@example.com", { ...pins, ...lie }, null);
    await assert.rejects(next.person.prepareRecovery(made.recoveryText), /counter_(rollback|fork)/);
  }
  await person.act("rotate", () => ({}));
  const next = end();
  await next.memory.keep(name, { ...pins, state: (await memory.recall(name)).pins.state }, null);
  await next.person.prepareRecovery(made.recoveryText);
});

test("a recovery whose answer is lost, or that never arrived, is settled and not made anew", async () => {
  const { memory, name, made } = await account("lost-recovery@example.com");
  const first = end(memory);
  const choice = { loginName: name, password: "new battery", retentionDays: 30, persons: [], members: [],
    forgets: true };
  first.service.answers = false;
  await assert.rejects((await first.person.prepareRecovery(made.recoveryText)).publish(choice), Unsettled);
  const second = end(memory);
  await second.person.signIn(typed(name, "new battery"));
  assert.deepEqual([second.person.isConfirmed, (await memory.recall(name)).pending], [true, null]);
  const third = end(memory);
  third.service.sends = false;
  const recovery = await third.person.prepareRecovery(made.recoveryText);
  await assert.rejects(recovery.publish({ ...choice, password: "third battery" }), Unsettled);
  await assert.rejects(end(memory).person.signIn(typed(name, "third battery")), NotRecovered);
  const fourth = end(memory);
  await assert.rejects(fourth.person.prepareRecovery(made.recoveryText), Recovered);
  await fourth.person.signIn(typed(name, "third battery"));
  assert.equal(fourth.person.isConfirmed, true);
});

test("a request to join whose answer is lost is asked again with the same keys, and shown by them", async () => {
  const { person } = await account("lost-request@example.com");
  const code = await person.makeCode({ ...CODE, role: "manager", label: "" });
  for (const cut of ["answers", "sends"]) {
    const name = `${cut}@example.com`;
    const one = end();
    Object.assign(one.service, { [cut]: false });
    await assert.rejects(one.person.join(cut === "sends" ? await person.makeCode({ ...CODE, role: "manager" }) : code,
      name, PASSWORD), Unsettled);
    Object.assign(one.service, { [cut]: true });
    const { id } = await one.person.join(code, name, PASSWORD);
    await one.person.signIn(typed(name));
    assert.equal(one.person.waitsAs, id);
    await one.person.lookAgain();
    assert.equal(one.person.waitsAs, id);
    const asked = (await person.requests()).find((/** @type {any} */ request) => request.id === id);
    await person.admitPerson(asked?.message ?? new Uint8Array(0), "Grace");
    await one.person.lookAgain();
    assert.deepEqual([one.person.waitsAs, one.person.whole.isOwner], [null, false]);
  }
});

test("who mistypes the password that holds stays signed in", async () => {
  const { person } = await account("mistyped@example.com");
  await refused(person.changePassword("wrong", "another battery staple"), "login-failed");
  await person.makeCode(CODE);
});

test("the service hears of retention, which it cannot read", async () => {
  const { person } = await account("retention@example.com");
  assert.deepEqual(await kept(person), { days: 365, blob_days: 365 });
  await person.retain({ retention_days: 100, blob_days: 30 });
  assert.deepEqual(await kept(person), { days: 100, blob_days: 30 });
  assert.equal(person.whole.contents.retention_days, 100);
});

test("fewer days than the service has are told only where a person has set them", async () => {
  const { person } = await account("fewer@example.com");
  // As whoever may sign can write a vault.
  await person.act("edit", () => ({ edit: (contents) => ({ ...contents, retention_days: 7, blob_days: 400 }) }));
  assert.equal(person.isDue, false);
  assert.deepEqual(await kept(person), { days: 365, blob_days: 400 });
  await person.retain({ retention_days: 7, blob_days: 400 });
  assert.deepEqual(await kept(person), { days: 7, blob_days: 400 });
});
