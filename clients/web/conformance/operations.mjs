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
import { Audit, signBatch } from "../endkey/protocol/batches.mjs";
import { openBlob, sealBlob } from "../endkey/protocol/blobs.mjs";
import { makeRequest, verifyRequest } from "../endkey/protocol/enrolment.mjs";
import { makeGrant, openGrant } from "../endkey/protocol/grants.mjs";
import * as keys from "../endkey/protocol/keys.mjs";
import { openLocalState } from "../endkey/protocol/local-state.mjs";
import { agentStep, ownerStep } from "../endkey/protocol/machines.mjs";
import { normalLoginName, normalPassword } from "../endkey/protocol/normal.mjs";
import { login, makeWrap, openWrap } from "../endkey/protocol/password.mjs";
import { openPrivateKeys } from "../endkey/protocol/private-keys.mjs";
import { makeRules, verifyRules } from "../endkey/protocol/rules.mjs";
import { recover } from "../endkey/protocol/spool.mjs";
import { acceptState, makeState, revokes } from "../endkey/protocol/state.mjs";
import { openToken, TokenCipher } from "../endkey/protocol/tokens.mjs";
import { openVault } from "../endkey/protocol/vault.mjs";
import { asOne, refuse } from "../endkey/refusal.mjs";
import { scan } from "../endkey/text/scanner.mjs";
import * as texts from "../endkey/text/texts.mjs";
import { BlobReference, MESSAGES, Token } from "../endkey/wire/messages.mjs";
import { parse, serialize } from "../endkey/wire/types.mjs";
import { runAgent } from "./agent-run.mjs";
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
  "oaep/encrypt": async (x) => ({ ciphertext: await oaep.encryptWithSeed(x.modulus, x.seed, x.message) }),
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
      private_keys_key: await keys.privateKeysKey(master_key, account_id, epoch),
      vault_key: await keys.vaultKey(master_key, account_id, epoch),
      commitment: await keys.commitment(master_key, account_id, epoch),
      blob_key: await keys.blobKey(agent_key, account_id, epoch, agent_id),
      spool_key: await keys.spoolKey(agent_key, account_id, epoch, agent_id),
    };
  },
  "account-id": async (x) => ({ account_id: await keys.accountId(x.verify_key) }),
  "agent-id": async (x) => ({ agent_id: await keys.agentId(x.modulus, x.verify_key) }),
};

/** @type {Record<string, Operation>} */
const messages = Object.fromEntries(Object.entries(MESSAGES).map(([name, type]) =>
  [`wire/${name}`, (x) => ({ message: serialize(type, parse(type, x.message)) })]));

/** @type {Record<string, Operation>} */
const textForms = {
  "text/token": (x) => ({ bytes: texts.readToken(x.text) }),
  "text/blob": (x) => ({ bytes: texts.readBlob(x.text) }),
  "text/token-encode": (x) => ({ text: utf8(texts.writeToken(x.bytes)) }),
  "text/blob-encode": (x) => ({ text: utf8(texts.writeBlob(x.bytes)) }),
  "text/code": (x) => texts.readCode(x.text),
  "text/account-secret": (x) => texts.readAccountSecret(x.text),
  "text/code-encode": (x) => ({ text: utf8(texts.writeCode(x)) }),
  "text/account-secret-encode": (x) => ({ text: utf8(texts.writeAccountSecret(x)) }),
  scan: (x) => scan(x.text),
};

/** @type {Record<string, Operation>} */
const owner = {
  "password/wrap": (x) => makeWrap(x, x, x.master_key, stretchOnce),
  "password/login": (x) => login(x.head, x, x.pin, stretchOnce),
  "password/open": async (x) => ({ master_key: await openWrap(x.wrap, x, x.pin, stretchOnce) }),
  "private-keys/open": (x) => openPrivateKeys(x.master_key, x.account_id, x.epoch, x.message, x.state),
  "vault/open": async ({ master_key, account_id, epoch, message, pinned_counter, state, wrap }) => {
    const { bytes } = await openVault(master_key, account_id, epoch, message, pinned_counter, state, wrap);
    return { contents: bytes };
  },
  "enrolment/verify": (x) => verifyRequest(x.account_id, x.request, x),
  "grant/make": async (x) => {
    const encrypt = (/** @type {Uint8Array} */ modulus, /** @type {Uint8Array} */ contents) =>
      oaep.encryptWithSeed(modulus, x.oaep_seed, contents);
    return { grant: await makeGrant(x.account_seed, x, x.master_key, encrypt) };
  },
  "state/make": async (x) => ({ state: await makeState(x.account_seed, x) }),
  "token/open": (x) => {
    const ciphers = new Map();
    for (const { epoch, token_key } of x.keys) ciphers.set(epoch, new TokenCipher(token_key, x.account_id, epoch));
    return openToken(ciphers, x.token);
  },
  "blob/open": (x) => {
    const agentKeyOf = async (/** @type {number} */ epoch, /** @type {Uint8Array} */ agent) => {
      const ofEpoch = x.keys.filter((/** @type {any} */ key) => key.epoch === epoch);
      if (ofEpoch.length === 0) refuse("no_epoch_key");
      const found = ofEpoch.find((/** @type {any} */ key) => compare(key.agent_id, agent) === 0);
      return (found ?? refuse("wrong_recipient")).agent_key;
    };
    return openBlob(x.account_id, agentKeyOf, x.blob, x.reference);
  },
  "batch/audit": async (x) => {
    const audit = new Audit(x, x.start);
    for (const [index, batch] of x.batches.entries()) await audit.take(index, batch);
    const { findings, totals, end } = audit;
    return { findings, totals, end };
  },
  "rules/make": async (x) => ({ rule_set: await makeRules(x.account_seed, x, x.definitions) }),
  "rules/verify": async (x) => {
    await verifyRules(x, x.rule_set);
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
  return { type: "blob", blob: parse(BlobReference, item.blob) };
}

/** @type {Record<string, Operation>} */
const agent = {
  "enrolment/request": (x) => makeRequest(utf8(x.code), x, x.nonce),
  "state/accept": async (x) => {
    const { state, isUnchanged } = await acceptState(x.account_id, x.last, x.message);
    if (isUnchanged) return { event: "unchanged" };
    return { event: x.agent_id !== null && revokes(state, x.agent_id) ? "state_revokes" : "state" };
  },
  "grant/open": (x) => openGrant(x.account_id, x.state, x, x.last, x.grant),
  "token/seal": async (x) => {
    const cipher = new TokenCipher(x.token_key, x.account_id, x.epoch);
    return { token: await cipher.seal(x.field, x.value) };
  },
  "blob/seal": async (x) => ({ blob: await sealBlob(x.agent_key, x, x.salt, x.content) }),
  "batch/sign": async ({ seed, records, ...batch }) => {
    const parsed = records.map((/** @type {any} */ record) => ({ ...record, items: record.items.map(itemOf) }));
    return { batch: await signBatch(seed, { ...batch, records: parsed }) };
  },
  "spool/recover": (x) => recover(x, x.segment),
  "local-state/open": async (x) => ({ contents: await openLocalState(x.device_key, x.message) }),
  "agent/machine": (x) => agentStep(x.phase, x.event),
  "agent/run": async (x) => ({ results: await runAgent(x) }),
};

/**
 * An operation that is given randomness, with that of the system.
 * @param {Operation} base @param {string} chosen the member that it is given in @param {number} size
 * @returns {Operation}
 */
const randomised = (base, chosen, size) => (input) =>
  base({ ...input, [chosen]: globalThis.crypto.getRandomValues(new Uint8Array(size)) });

/** @type {Record<string, Operation>} */
const random = {
  "blob/seal-random": randomised(agent["blob/seal"], "salt", 24),
  "password/wrap-random": randomised(owner["password/wrap"], "salt", 32),
  "enrolment/request-random": randomised(agent["enrolment/request"], "nonce", 32),
  // Web Crypto chooses the seed.
  "grant/make-random": async (x) => ({ grant: await makeGrant(x.account_seed, x, x.master_key, oaep.encrypt) }),
  "code/random": randomised(textForms["text/code-encode"], "secret", 16),
};

/**
 * Those that there are vectors of.
 * @type {Record<string, Operation>}
 */
export const DETERMINISTIC = { ...primitives, ...messages, ...textForms, ...owner, ...agent };

/**
 * All operations, by name.
 * @type {Record<string, Operation>}
 */
export const OPERATIONS = { ...DETERMINISTIC, ...random, ...HANDLES };
