// The operations of vectors/README.md: from the names of the vectors to the modules of the protocol.

import { compare, utf8 } from "../endkey/bytes.mjs";
import { derive, labelledHash } from "../endkey/labels.mjs";
import * as aesKW from "../endkey/primitives/aes-kw.mjs";
import { AESSIV } from "../endkey/primitives/aes-siv.mjs";
import * as chunked from "../endkey/primitives/chunked-encryption.mjs";
import { checkVerifyKey, SigningKey, verifies } from "../endkey/primitives/ed25519.mjs";
import { hmac } from "../endkey/primitives/hmac.mjs";
import { pbkdf2 } from "../endkey/primitives/pbkdf2.mjs";
import { checkModulus } from "../endkey/primitives/rsa.mjs";
import * as oaep from "../endkey/primitives/rsa-oaep.mjs";
import { createAccount, recoverAccount } from "../endkey/protocol/account.mjs";
import { audit, signBatch } from "../endkey/protocol/batches.mjs";
import { openBlob, sealBlob } from "../endkey/protocol/blobs.mjs";
import { captureValue, sealCaptures } from "../endkey/protocol/captures.mjs";
import { acceptedClock, checkValidity, clock } from "../endkey/protocol/clock.mjs";
import { makeRequest, verifyRequest } from "../endkey/protocol/enrolment.mjs";
import { makeGrant, openGrant } from "../endkey/protocol/grants.mjs";
import * as keys from "../endkey/protocol/keys.mjs";
import { openLocalState } from "../endkey/protocol/local-state.mjs";
import { agentStep, ownerStep } from "../endkey/protocol/machines.mjs";
import { mergeContents } from "../endkey/protocol/merge.mjs";
import { normalLoginName, normalPassword } from "../endkey/protocol/normal.mjs";
import * as password from "../endkey/protocol/password.mjs";
import { openPerson, readPins, writePins } from "../endkey/protocol/person.mjs";
import { makePublication, serializeVault, settle } from "../endkey/protocol/publication.mjs";
import { makeRules, openRules } from "../endkey/protocol/rules.mjs";
import { recover } from "../endkey/protocol/spool.mjs";
import { acceptState, lists, makeCertificate, makeState } from "../endkey/protocol/state.mjs";
import { ciphersOf, openToken, TokenCipher } from "../endkey/protocol/tokens.mjs";
import { makeVault, openVault } from "../endkey/protocol/vault.mjs";
import { asOne, refuse } from "../endkey/refusal.mjs";
import { scan } from "../endkey/text/scanner.mjs";
import * as texts from "../endkey/text/texts.mjs";
import { Capture, Code, VaultContents } from "../endkey/wire/contents.mjs";
import * as messages from "../endkey/wire/messages.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";
import { runAgent } from "./agent-events.mjs";
import { HANDLES } from "./handles.mjs";
import { stretchOnce } from "./stretch-cache.mjs";

/**
 * From inputs (byte strings as Uint8Array) to outputs, or a Refusal.
 * @typedef {(input: any) => any} Operation
 */

/** @type {Record<string, Operation>} */
const primitives = {
  hash: async (x) => ({ hash: await labelledHash(x.label, x.data) }),
  derive: async (x) => ({ key: await derive(x.key, x.label, x.context) }),
  pbkdf2: async (x) => ({ key: await pbkdf2(x.password, x.salt, x.iterations) }),
  hmac: async (x) => ({ mac: await hmac(x.key, x.data) }),
  "kw/wrap": async (x) => ({ wrapped: await aesKW.wrap(x.kek, x.key) }),
  "kw/unwrap": async (x) => ({ key: await asOne("password_open_failed", () => aesKW.unwrap(x.kek, x.wrapped)) }),
  "oaep/encrypt": async (x) => {
    checkModulus(x.modulus);
    return { ciphertext: await oaep.encryptWithSeed(x.modulus, x.seed, x.message) };
  },
  "oaep/decrypt": async (x) => ({
    message: await asOne("grant_open_failed", () => oaep.decrypt(x.p, x.q, x.ciphertext)),
  }),
  "rsa/check": (x) => {
    checkModulus(x.modulus);
    return {};
  },
  "ed25519/sign": async (x) => {
    const key = await SigningKey.of(x.seed);
    return { verify_key: key.verifyKey, signature: await key.sign(x.message) };
  },
  "ed25519/verify": async (x) => {
    checkVerifyKey(x.verify_key);
    if (!(await verifies(x.verify_key, x.message, x.signature))) refuse("signature_invalid");
    return {};
  },
  "siv/seal": async (x) => (await AESSIV.of(x.key, x.ad)).seal(x.plaintext),
  "siv/open": async (x) => ({ plaintext: await (await AESSIV.of(x.key, x.ad)).open(x.v, x.c) }),
  "sealed/seal": async (x) => ({ sealed: await chunked.seal(x.key, x.context, x.salt, x.plaintext) }),
  "sealed/open": async (x) => ({
    plaintext: await asOne("blob_open_failed", () => chunked.open(x.key, x.context, x.sealed)),
  }),
  "normal/password": (x) => ({ normal: normalPassword(x.password) }),
  "normal/login-name": (x) => ({ normal: normalLoginName(x.login_name) }),
  keys: async ({ master_key, account_id, epoch, agent_id }) => {
    const agent_key = await keys.agentKey(master_key, account_id, epoch, agent_id);
    return {
      token_key: await keys.tokenKey(master_key, account_id, epoch),
      agent_key,
      vault_key: await keys.vaultKey(master_key, account_id, epoch),
      commitment: await keys.commitment(master_key, account_id, epoch),
      blob_key: await keys.blobKey(agent_key, account_id, epoch, agent_id),
    };
  },
  "account-id": async (x) => ({ account_id: await keys.accountId(x.root_key) }),
  "agent-id": async (x) => ({ agent_id: await keys.agentId(x.modulus, x.verify_key) }),
};

const {
  PersonKeys, PasswordWrap, AccountState, OwnerVault, EnrolmentRequest, PersonRequest, Grant, SealedBlob, RecordBatch,
  RuleSet, Token, LocalState, SpoolHeader,
} = messages;

/** @type {Record<string, Operation>} */
const wire = Object.fromEntries(Object.entries({
  PersonKeys, PasswordWrap, AccountState, OwnerVault, EnrolmentRequest, PersonRequest, Grant, SealedBlob, RecordBatch,
  RuleSet, Token, LocalState, SpoolHeader, Capture,
}).map(([name, type]) => [`wire/${name}`, (x) => ({ message: serialize(type, parse(type, x.message)) })]));

/** @type {Record<string, Operation>} */
const textForms = {
  "text/token": (x) => ({ bytes: texts.readToken(x.text) }),
  "text/blob": (x) => ({ bytes: texts.readBlob(x.text) }),
  "text/token-encode": (x) => ({ text: utf8(texts.writeToken(x.bytes)) }),
  "text/blob-encode": (x) => ({ text: utf8(texts.writeBlob(x.bytes)) }),
  "text/code": (x) => {
    const { account_id, secret, terms } = texts.codeText.read(x.text);
    return { account_id, secret, ...terms };
  },
  "text/code-encode": ({ account_id, secret, ...terms }) =>
    ({ text: utf8(texts.codeText.write({ account_id, secret, terms })) }),
  "text/account-secret": (x) => texts.secretText.read(x.text),
  "text/account-secret-encode": (x) => ({ text: utf8(texts.secretText.write(x)) }),
  "text/recovery": (x) => texts.recoveryText.read(x.text),
  "text/recovery-encode": (x) => ({ text: utf8(texts.recoveryText.write(x)) }),
  scan: (x) => scan(x.text),
};

/**
 * The seeds of OAEP that vectors give, in the order of the Grants.
 * @param {Uint8Array[]} seeds @returns {(index: number) => import("../endkey/protocol/grants.mjs").Encrypt}
 */
const seeded = (seeds) => (index) => (modulus, message) => oaep.encryptWithSeed(modulus, seeds[index], message);

/**
 * Members of an object by name.
 * @param {any} from @param {...string} names
 */
const pick = (from, ...names) => Object.fromEntries(names.map((name) => [name, from[name]]));

/** @type {Record<string, Operation>} */
const owner = {
  "password/login": (x) => password.login(x.head, x.pinned_head, x.password_changed, x, stretchOnce),
  "person-keys/make": async (x) => {
    const { stretched: _, ...made } = await password.makePersonKeys(x, x, x, stretchOnce);
    return made;
  },
  "person-keys/open": async (x) => {
    const opened = await password.openPersonKeys(x.head, x.keys, x, stretchOnce);
    return { ...opened, person_id: await password.idOf(opened) };
  },
  "password/wrap": async (x) => ({ wrap: await password.makeWrap(x.head, x.epoch, x.master_key, x, stretchOnce) }),
  "password/open": async (x) => ({ master_key: await password.openWrap(x.head, x.wrap, x, stretchOnce) }),
  "vault/make": async (x) => ({ vault: await makeVault(await SigningKey.of(x.seed), x.master_key, x, x.contents) }),
  "vault/open": async (x) =>
    ({ contents: (await openVault(x.state, x.master_key, x.person_id, x.person_keys, x.vault)).bytes }),
  "person/open": async (x) => {
    const pins = x.pins === null ? null : readPins(x.pins);
    const [last, ...ended] = x.kept;
    const kept = last === undefined ? null : { ...last, ended };
    const whole = await openPerson(pins, x.password_changed, x, x.messages, x.now, stretchOnce, kept);
    const aside = whole.aside && {
      ...whole.aside, state: whole.aside.state && serialize(messages.AccountState, whole.aside.state),
    };
    return {
      person_id: whole.person.id, role: whole.isOwner ? "owner" : "manager", master_key: whole.masterKey,
      contents: whole.bytes, findings: whole.findings, expired: whole.isExpired,
      pins: writePins(aside === null ? whole.pins : pins), aside, missing: whole.ended.map(({ keys }) => ({ keys })),
    };
  },
  "enrolment/verify": async (x) => {
    for (const code of x.codes) serialize(Code, { ...code, label: new Uint8Array() });  // its members fit
    return pick(await verifyRequest(x.account_id, x.request, x, x), "agent_id", "code_id", "kind", "role");
  },
  "certificate/make": (x) => makeCertificate(x.root_seed, x),
  "state/make": async ({ seed, ...x }) => ({ state: await makeState(await SigningKey.of(seed), x) }),
  "grant/make": async (x) => ({
    grant: await makeGrant(await SigningKey.of(x.seed), x, x.master_key, seeded([x.oaep_seed])(0)),
  }),
  "publication/make": async ({ oaep_seeds, aside, ...x }) => {
    const served = aside && { ...aside, state: aside.state && parse(messages.AccountState, aside.state) };
    const made = await makePublication({ ...x, aside: served, encrypt: seeded(oaep_seeds) });
    return pick(made, "expect", "state", "vault", "contents", "grants", "generation");
  },
  "publication/merge": (x) => {
    const [base, ours, theirs] = [x.base, x.ours, x.theirs].map((contents) => parse(VaultContents, contents));
    return { contents: serializeVault(mergeContents(base, ours, theirs, x.expect)) };
  },
  "publication/settle": (x) => settle(x.pending, x.base_state, x.generation, x.answer, x.served),
  "account/create": async (x) => {
    const { grants, ...made } = await createAccount(x, x, { ...x, encrypt: seeded([x.oaep_seed]) }, stretchOnce);
    return { ...made, grant: grants[0] };
  },
  "account/recover": async (x) => {
    const choices = { ...x, encrypt: seeded(x.oaep_seeds) };
    const { account_id: _, recovery_text: __, ...made } =
      await recoverAccount(x.recovery_text, x, x, x, choices, stretchOnce);
    return made;
  },
  "token/open": (x) => openToken(ciphersOf(x.account_id, x.keys), x.token),
  "blob/open": (x) => {
    const agentKeysOf = (/** @type {number} */ epoch, /** @type {Uint8Array} */ agent) => x.keys
      .filter((/** @type {any} */ key) => key.epoch === epoch && compare(key.agent_id, agent) === 0)
      .map((/** @type {any} */ { agent_key }) => agent_key);
    return openBlob(x.account_id, agentKeysOf, x.blob, x.reference);
  },
  "batch/audit": (x) => audit(x),
  "rules/make": async (x) => ({ rule_set: await makeRules(x.account_id, x.epoch, x.keys, x.definitions) }),
  "rules/open": async (x) => {
    await openRules(x.account_id, x.epoch, x.expected_hash, x.rule_set);
    return {};
  },
  "owner/machine": (x) => ownerStep(x.phase, x.event),
};

/**
 * An item of a record, as `batch/sign` gives it.
 * @param {any} item
 */
function itemOf(item) {
  if (item.token !== undefined) return { type: "token", token: parse(Token, item.token) };
  return { type: "blob", blob: parse(messages.BlobReference, item.blob) };
}

/** @type {Record<string, Operation>} */
const agent = {
  "enrolment/request": (x) => makeRequest(texts.codeText.read(utf8(x.code)), x, x.nonce),
  "state/accept": async (x) => {
    const { state, changed, keysFit } = await acceptState(x.account_id, x.last, x.least_generation, x.message);
    return { changed, listed: x.agent_id !== null && lists(state, x.agent_id), keys_fit: keysFit };
  },
  "clock/accept": (x) => ({ least: acceptedClock(x.terms, x.last, x.state) }),
  "clock/now": (x) => {
    const now = clock(x.wall, x.least, x.running);
    checkValidity(now, x.valid_until);
    return { now };
  },
  "grant/open": async (x) => {
    const recipient = { kind: x.kind, p: x.p, q: x.q, id: await password.idOf(x) };
    return openGrant(x.account_id, x.state, recipient, x.keys_held, x.grant);
  },
  "token/seal": async (x) => {
    const cipher = new TokenCipher(x.token_key, x.account_id, x.epoch);
    return { token: await cipher.seal(x.field, x.value) };
  },
  "blob/seal": async (x) => ({ blob: await sealBlob(x.agent_key, x, x.salt, x.content) }),
  "capture/value": (x) => ({ value: captureValue(x.text) }),
  "capture/seal": (x) => {
    const salts = x.salts.values();
    return sealCaptures(x, x.captures, () => salts.next().value);
  },
  "batch/sign": async ({ seed, records, ...batch }) => {
    const parsed = records.map((/** @type {any} */ record) => ({ ...record, items: record.items.map(itemOf) }));
    return { batch: await signBatch(await SigningKey.of(seed), { ...batch, records: parsed }) };
  },
  "spool/recover": (x) => recover(x, x.segment),
  "local-state/open": async (x) => ({ contents: await openLocalState(x.device_key, x.message) }),
  "agent/machine": (x) => agentStep(x.phase, x.event),
  "agent/run": runAgent,
};

/**
 * An operation that is given randomness, with that of the system.
 * @param {Operation} base @param {string} chosen the member that it is given in @param {number} size
 * @returns {Operation}
 */
const randomised = (base, chosen, size) => (input) =>
  base({ ...input, [chosen]: crypto.getRandomValues(new Uint8Array(size)) });

/** @type {Record<string, Operation>} */
const random = {
  "blob/seal-random": randomised(agent["blob/seal"], "salt", 24),
  "person-keys/make-random": randomised(owner["person-keys/make"], "salt", 32),
  "enrolment/request-random": randomised(agent["enrolment/request"], "nonce", 32),
  // Web Crypto chooses the seed.
  "grant/make-random": async (x) => ({ grant: await makeGrant(await SigningKey.of(x.seed), x, x.master_key) }),
  "code/random": randomised(textForms["text/code-encode"], "secret", 16),
};

/**
 * Those that there are vectors of.
 * @type {Record<string, Operation>}
 */
export const DETERMINISTIC = { ...primitives, ...wire, ...textForms, ...owner, ...agent };

/**
 * All operations, by name.
 * @type {Record<string, Operation>}
 */
export const OPERATIONS = { ...DETERMINISTIC, ...random, ...HANDLES };
