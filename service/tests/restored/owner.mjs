// An owner's life around a backup that the service is restored from: each line that is read lets it go on.

import "../../../clients/web/node-crypto.mjs";
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";
import { utf8 } from "../../../clients/web/endkey/bytes.mjs";
import { AgentOverHTTP } from "../../../clients/web/http/agent.mjs";
import { Volatile } from "../../../clients/web/http/memory.mjs";
import { PersonsEnd } from "../../../clients/web/http/person.mjs";
import { Service } from "../../../clients/web/http/service.mjs";

const API = `${process.env.ENDKEY_ORIGIN}/v1`;
const [NAME, PASSWORD] = ["restored@example.com", "correct horse battery"];
const lines = createInterface({ input: process.stdin });

/** Says how far it is, and waits. @param {string} said */
async function at(said) {
  console.log(said);
  await new Promise((done) => { lines.once("line", done); });
}

const memory = new Volatile();
const first = new PersonsEnd(new Service(API), memory);
await (await first.prepare(NAME, PASSWORD, { withSecret: false, retentionDays: 365 })).publish();
await at("made");
await first.act("rotate", () => ({}));
const code = await first.makeCode({ role: "agent", uses: 10, days: 7, approval: "manual", label: "" });
await at("changed");
const second = new PersonsEnd(new Service(API), memory);
await second.signIn({ login_name: utf8(NAME), password: utf8(PASSWORD), account_secret: null });
assert.deepEqual([second.behind, second.findings, second.whole.state.header.epoch], [2, [], 2]);
assert.equal(second.isConfirmed, true);
// The code lives again, too.
await (await AgentOverHTTP.pinned(new Service(API), code)).ask();
await second.makeCode({ role: "agent", uses: 10, days: 7, approval: "manual", label: "" });
await second.signIn({ login_name: utf8(NAME), password: utf8(PASSWORD), account_secret: null });
await at("put back");
lines.close();
