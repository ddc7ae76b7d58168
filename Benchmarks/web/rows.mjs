// What the page does with much, measured in the page: each function gives times in milliseconds, that of a peer beside.

import { answer } from "../../clients/web/conformance/handler.mjs";
import { auditInWorker } from "../../clients/web/dashboard/auditor.mjs";
import { Opener } from "../../clients/web/dashboard/opener.mjs";
import { drawLines, drawReport, element } from "../../clients/web/dashboard/report.mjs";
import { Revealer, TOGETHER } from "../../clients/web/dashboard/reveal.mjs";
import { fromHex, toHex, utf8 } from "../../clients/web/endkey/bytes.mjs";
import { openPerson } from "../../clients/web/endkey/protocol/person.mjs";
import { TokenCipher } from "../../clients/web/endkey/protocol/tokens.mjs";
import { writeToken } from "../../clients/web/endkey/text/texts.mjs";
import { StateNote, VaultContents } from "../../clients/web/endkey/wire/contents.mjs";
import { parse, serialize } from "../../clients/web/endkey/wire/types.mjs";
import { activity, random, START, titles } from "./activity.mjs";

const place = /** @type {HTMLElement} */ (document.getElementById("place"));
const frame = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });

/**
 * Who measures begins and ends it from outside: gives the processor time of this page's process, of its busiest thread,
 * and of the longest task that kept the page from anything else, in milliseconds.
 * @type {{begin: () => Promise<void>, end: () => Promise<{spent: number, busiest: number, longest: number}>}}
 */
const { begin, end } = /** @type {any} */ (globalThis);

/**
 * The time that something takes by the clock, and what it takes of the processor.
 * @param {() => Promise<unknown>} act
 */
async function timed(act) {
  await frame();
  await begin();
  const start = performance.now();
  await act();
  const time = performance.now() - start;
  return { time, ...await end() };
}

/**
 * The calls of Web Crypto that opening tokens takes, and nothing else: one of AES-CTR and one of AES-CBC each.
 * @param {number[]} sizes of the ciphertexts
 */
async function bareCalls(sizes) {
  const { subtle } = crypto;
  const ctr = await subtle.importKey("raw", random(32), "AES-CTR", false, ["encrypt"]);
  const cbc = await subtle.importKey("raw", random(32), "AES-CBC", false, ["encrypt"]);
  const [iv, counter] = [new Uint8Array(16), random(16)];
  let next = 0;
  const worker = async () => {
    while (next < sizes.length) {
      const bytes = new Uint8Array(sizes[next]);
      next += 1;
      await subtle.encrypt({ name: "AES-CTR", counter, length: 128 }, ctr, bytes);
      await subtle.encrypt({ name: "AES-CBC", iv }, cbc, bytes);
    }
  };
  return timed(() => Promise.all(Array.from({ length: 64 }, worker)));
}

/**
 * An account's opener, and tokens of it.
 * @param {number} count @param {string} field
 */
async function tokensOf(count, field) {
  const [account, token_key] = [random(16), random(64)];
  const tokens = await titles(new TokenCipher(token_key, account, 1), field, count);
  return { tokens, texts: tokens.map(writeToken), opener: new Opener(account, [], [{ epoch: 1, token_key }]) };
}

/**
 * Opens what stands in the page.
 * @param {number} count @param {Opener} opener
 */
const opened = (count, opener) => new Promise((done) => {
  const changed = () => { if (revealer.counts.opened === count) done(undefined); };
  const revealer = new Revealer(opener, { changed });
  revealer.watch(place);
});

/**
 * In lines as the page draws them.
 * @param {number} count of distinct tokens
 */
export async function reveal(count) {
  const { tokens, texts, opener } = await tokensOf(count, "window_title");
  const notes = element("div", "");
  notes.id = "notes";
  place.replaceChildren(notes);
  drawLines(notes, texts);
  await frame();
  const found = await timed(() => opened(count, opener));
  const last = place.querySelector("ul:last-child > li:last-child");
  const isRight = last?.textContent?.startsWith(`window_title ${count - 1}:`);
  place.replaceChildren();
  const peer = (await bareCalls(tokens.map((token) => token.length - 24))).spent;
  return { ...found, peer, isRight };
}

/**
 * In a page that lays all of them out, as a stranger may; and what it costs to write as many texts into that.
 * @param {number} count of distinct tokens
 */
export async function revealPlain(count) {
  const { texts, opener } = await tokensOf(count, "window_title");
  place.replaceChildren(...texts.map((text) => element("p", "", text)));
  await frame();
  const found = await timed(() => opened(count, opener));
  const isRight = place.lastElementChild?.textContent?.startsWith(`window_title ${count - 1}:`);
  place.replaceChildren();
  return { ...found, plain: (await plainTexts(texts)).spent, isRight };
}

/**
 * What a page pays that writes as many texts itself, so many for each picture.
 * @param {string[]} texts
 */
async function plainTexts(texts) {
  place.replaceChildren(...texts.map((text) => element("p", "", text)));
  const nodes = [...place.childNodes].map((one) => /** @type {Text} */ (one.firstChild));
  await frame();
  const found = await timed(async () => {
    for (let at = 0; at < nodes.length; at += TOGETHER.most) {
      nodes.slice(at, at + TOGETHER.most).forEach((node, i) => { node.data = `window_title ${at + i}`; });
      await frame();
    }
  });
  place.replaceChildren();
  return found;
}

/** @param {number} count of rows */
export async function list(count) {
  const { texts, opener } = await tokensOf(64, "application_name");
  let opened = 0;
  const counting = { open: (/** @type {string} */ text) => {
    opened += 1;
    return opener.open(text);
  } };
  const applications = Array.from({ length: count }, (_, i) => ({ token: texts[i % 64], milliseconds: count - i }));
  const agents = [
    { agent_id: "00", name: texts[0], request: null, batches: [], erased: [], repeated: [], applications },
  ];
  const shown = await timed(async () => {
    drawReport(place, agents, /** @type {any} */ (counting));
    await frame();
  });
  const scrolling = /** @type {HTMLElement} */ (place.querySelector(".list"));
  const scrolled = await timed(async () => {
    for (let i = 1; i <= 100; i++) {
      scrolling.scrollTop = (scrolling.scrollHeight * i) / 100;
      await frame();
    }
  });
  const isRight = scrolling.querySelector("li:last-child")?.getAttribute("aria-posinset") === String(count);
  place.replaceChildren();
  const plain = document.createElement("ol");
  const peer = await timed(async () => {
    for (const { token } of applications) plain.append(element("li", "", token));
    place.append(plain);
    place.getBoundingClientRect();
    await frame();
  });
  place.replaceChildren();
  return { ...shown, longest: Math.max(shown.longest, scrolled.longest), peer: peer.spent, opened, isRight };
}

/** @param {number} records @param {number} count of distinct titles */
export async function audit(records, count) {
  const made = await activity({ records, titles: count, batch: 1000 });
  const { account_id, members, agent_id, states, keys, batches } = made;
  const none = { sequence: 0, hash: new Uint8Array(32) };
  const contents = {
    states: states.map((note) => parse(StateNote, note)), rules: [], erasures: [],
    members: [{
      agent_id, label: utf8("pc"), status: "granted", audited_sequence: 0, audited_hash: none.hash,
      audited_generation: 0, audited_state: 0, kept_sequence: 0, kept_hash: none.hash,
    }],
  };
  const agents = [{
    agent_id: toHex(agent_id), name: "", request: members[0].request, batches, erased: [], applications: [],
    repeated: [],
  }];
  let words = 0;
  /** @type {import("../../clients/web/dashboard/audit.mjs").Result | undefined} */
  let result;
  const found = await timed(async () => {
    result = await auditInWorker({ account: account_id, contents, keys, agents }, () => { words += 1; });
  });
  const isRight = result?.counted.start.length === records && result.findings.length === 0 && words > 0;
  return { ...found, peer: (await bareCalls(Array.from({ length: count }, () => 64))).spent, isRight };
}

/** @param {string} op @param {any} input */
async function ask(op, input) {
  const given = await answer(op, input);
  if (given.outcome !== "ok") throw new Error(`${op}: ${JSON.stringify(given)}`);
  return given.out;
}

/** @param {number} count of members of an account that opens */
export async function vault(count) {
  const hex = (/** @type {number} */ size) => toHex(random(size));
  const kind = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-1" };
  const { privateKey } = await crypto.subtle.generateKey(kind, true, ["decrypt"]);
  const jwk = await crypto.subtle.exportKey("jwk", privateKey);
  const [p, q] = [jwk.p, jwk.q].map((text) => toHex(Uint8Array.from(
    atob(String(text).replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0))));
  const login = { login_name: toHex(utf8("ana")), password: toHex(utf8("a password")), account_secret: null };
  const [seed, master_key] = [hex(32), hex(32)];
  const made = await ask("account/create", {
    ...(p > q ? { p, q } : { p: q, q: p }), seed, master_key, iterations: 600_000, ...login, retention_days: 90,
    now: START, salt: hex(32), keys_salt: hex(24), vault_salt: hex(24), oaep_seed: hex(20),
  });
  const parsed = parse(VaultContents, fromHex(made.contents));
  const members = Array.from({ length: count }, (_, i) => ({
    agent_id: fromHex(i.toString(16).padStart(32, "0")), label: utf8(`computer ${i}`), code_id: random(8),
    kind: "scoped", status: "granted", listed: 0, audited_sequence: 0, audited_hash: new Uint8Array(32),
    audited_generation: 0, audited_state: 0, kept_sequence: 0, kept_hash: new Uint8Array(32),
  }));
  const published = await ask("publication/make", {
    act: "edit", aside: null, missing: [], seed, state: made.account_state, vault: made.owner_vault, master_key,
    contents: toHex(serialize(VaultContents, { ...parsed, members })), remembered: true,
    generation: parsed.states[0].generation, durable: true, now: START + 1000, rule_set: null, salt: hex(24),
    says: { newest: false, without_storage: false, clock: false }, oaep_seeds: [],
  });
  const bytes = (/** @type {string} */ text) => fromHex(text);
  const messages = {
    head: bytes(made.person_keys.slice(0, 138)), person_keys: bytes(made.person_keys),
    account_state: bytes(published.state ?? made.account_state), password_wrap: bytes(made.password_wrap),
    grant: bytes(made.grant), owner_vault: bytes(published.vault), rule_set: null,
  };
  const typed = { login_name: utf8("ana"), password: utf8("a password"), account_secret: null };
  const key = await crypto.subtle.importKey("raw", typed.password, "PBKDF2", false, ["deriveBits"]);
  const stretch = () => crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: random(32), iterations: 600_000 }, key, 256);
  const gcm = await crypto.subtle.importKey("raw", random(32), "AES-GCM", false, ["encrypt"]);
  const bare = () => Promise.all([crypto.subtle.digest("SHA-256", messages.owner_vault),
    crypto.subtle.encrypt({ name: "AES-GCM", iv: random(12) }, gcm, messages.owner_vault)]);
  const times = [];
  let found = 0;
  for (let i = 0; i < 3; i++) {
    const open = async () => {
      found = (await openPerson(null, false, typed, messages, START + 2000)).contents.members.length;
    };
    const [alone, whole, peer] = [await timed(stretch), await timed(open), await timed(bare)];
    times.push({ time: whole.time - alone.time, spent: whole.spent - alone.spent, peer: peer.spent });
  }
  times.sort((a, b) => a.time - b.time);
  return { ...times[1], isRight: found === count };
}
