// Passwords: heads, login keys, PersonKeys and the PasswordWrap (section 9).

import { compare, concat, equal, uint } from "../bytes.mjs";
import { derive, labelledHash } from "../labels.mjs";
import * as aesKW from "../primitives/aes-kw.mjs";
import * as chunked from "../primitives/chunked-encryption.mjs";
import { SigningKey } from "../primitives/ed25519.mjs";
import { pbkdf2 } from "../primitives/pbkdf2.mjs";
import { checkPrimes, modulusOf } from "../primitives/rsa.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { AccountKeys } from "../wire/contents.mjs";
import { PasswordHeader, PasswordWrap, PersonKeys } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { agentId } from "./keys.mjs";
import { normalLoginName, normalPassword } from "./normal.mjs";

/**
 * What a person types, as UTF-8, and the file that may go with it.
 * @typedef {{login_name: Uint8Array, password: Uint8Array, account_secret: Uint8Array | null}} Credentials
 * @typedef {(password: Uint8Array, salt: Uint8Array, iterations: number) => Promise<Uint8Array>} Stretch
 * @typedef {{p: Uint8Array, q: Uint8Array, seed: Uint8Array}} Keys a person's or an agent's private keys
 */

/** Bytes of a PasswordHeader. */
export const HEAD = 69;

/**
 * Checks a head against the one that this device remembers (section 12.7, step 1).
 * @param {Uint8Array} message @param {Uint8Array | null} pinned
 * @param {boolean} isChanged whether the person says that the password was changed elsewhere
 */
export function checkHead(message, pinned, isChanged) {
  const head = parse(PasswordHeader, message);
  if (pinned === null) return head;
  const last = parse(PasswordHeader, pinned);
  if (compare(head.header.account_id, last.header.account_id) !== 0) refuse("pin_mismatch");
  if (head.counter < last.counter) refuse("counter_rollback");
  if (head.counter === last.counter) return compare(message, pinned) === 0 ? head : refuse("pin_mismatch");
  const isSecretDropped = last.account_secret === "required" && head.account_secret === "none";
  if (head.iterations < last.iterations || isSecretDropped) refuse("pin_mismatch");
  return isChanged ? head : refuse("head_changed");
}

/**
 * The password and the account secret, stretched as a parsed head says (section 9.2).
 * @param {any} head @param {Credentials} credentials @param {Stretch} stretch
 */
export async function stretched(head, credentials, stretch) {
  const { iterations } = head;
  if (iterations < LIMITS.iterations_min || iterations > LIMITS.iterations_max) refuse("iterations_out_of_range");
  const secret = credentials.account_secret;
  if ((head.account_secret === "required") !== (secret !== null)) refuse("account_secret_mismatch");
  const password = normalPassword(credentials.password);
  const salt = await labelledHash("password-salt", concat(normalLoginName(credentials.login_name), head.salt));
  const key = await stretch(password, salt, iterations);
  return secret === null ? key : concat(key, secret);
}

/**
 * What the service asks for at login, and what it keeps.
 * @param {Uint8Array} key stretched @param {Uint8Array} head @param {Uint8Array} loginName as typed
 */
export async function loginOf(key, head, loginName) {
  const login_key = await derive(key, "login", head);
  return {
    login_id: await labelledHash("login-id", normalLoginName(loginName)), login_key,
    login_verifier: await labelledHash("login-verifier", login_key),
  };
}

/**
 * The login key of the head that the service hands out.
 * @param {Uint8Array} message @param {Uint8Array | null} pinned @param {boolean} isChanged
 * @param {Credentials} credentials @param {Stretch} [stretch]
 */
export async function login(message, pinned, isChanged, credentials, stretch = pbkdf2) {
  const head = checkHead(message, pinned, isChanged);
  return loginOf(await stretched(head, credentials, stretch), message, credentials.login_name);
}

/**
 * The id of the person, or agent, of these private keys.
 * @param {Keys} keys
 */
export const idOf = async ({ p, q, seed }) => agentId(modulusOf(p, q), (await SigningKey.of(seed)).verifyKey);

/**
 * Makes PersonKeys under a password; `stretched` makes the wrap of an owner's.
 * @param {{account_id: Uint8Array, counter: number, iterations: number, salt: Uint8Array, seal_salt: Uint8Array}} about
 * @param {Keys} keys @param {Credentials} credentials @param {Stretch} [stretch]
 */
export async function makePersonKeys(about, keys, credentials, stretch = pbkdf2) {
  const { account_id, counter, iterations, salt, seal_salt } = about;
  const account_secret = credentials.account_secret === null ? "none" : "required";
  const header = { type: "person_keys", account_id, epoch: 0 };
  const fields = { header, counter, iterations, account_secret, salt };
  const key = await stretched(fields, credentials, stretch);
  const head = serialize(PasswordHeader, fields);
  const sealKey = await derive(key, "person-keys", head);
  const sealed = await chunked.seal(sealKey, head, seal_salt, serialize(AccountKeys, keys));
  return {
    keys: concat(head, sealed), person_id: await idOf(keys), stretched: key,
    ...(await loginOf(key, head, credentials.login_name)),
  };
}

/**
 * Opens the seal of parsed PersonKeys.
 * @param {Uint8Array} key stretched @param {Uint8Array} head @param {Uint8Array} sealed
 * @returns {Promise<Keys>}
 */
const openAccountKeys = (key, head, sealed) => asOne("person_keys_open_failed", async () => {
  const keys = parse(AccountKeys, await chunked.open(await derive(key, "person-keys", head), head, sealed));
  checkPrimes(keys.p, keys.q);
  return keys;
});

/**
 * The seal of PersonKeys whose head was answered before.
 * @param {Uint8Array} head @param {Uint8Array} message
 */
function sealedUnder(head, message) {
  const { sealed } = parse(PersonKeys, message);
  return compare(message.subarray(0, HEAD), head) === 0 ? sealed : refuse("pin_mismatch");
}

/**
 * @param {Uint8Array} head @param {Uint8Array} message @param {Credentials} credentials @param {Stretch} [stretch]
 */
export async function openPersonKeys(head, message, credentials, stretch = pbkdf2) {
  const sealed = sealedUnder(head, message);
  return openAccountKeys(await stretched(parse(PasswordHeader, head), credentials, stretch), head, sealed);
}

/**
 * The same, once the password was stretched.
 * @param {Uint8Array} head @param {Uint8Array} message @param {Uint8Array} key
 */
export const openStretchedKeys = (head, message, key) => openAccountKeys(key, head, sealedUnder(head, message));

/**
 * Makes a PasswordWrap.
 * @param {Uint8Array} key stretched @param {Uint8Array} head @param {number} epoch @param {Uint8Array} masterKey
 */
export async function wrapUnder(key, head, epoch, masterKey) {
  const { account_id } = parse(PasswordHeader, head).header;
  const context = concat(head, uint(epoch, 4));
  return serialize(PasswordWrap, {
    header: { type: "password_wrap", account_id, epoch },
    commitment: await derive(key, "password-commitment", context),
    wrapped: await aesKW.wrap(await derive(key, "password-wrap", context), masterKey),
  });
}

/**
 * @param {Uint8Array} head @param {number} epoch @param {Uint8Array} masterKey
 * @param {Credentials} credentials @param {Stretch} [stretch]
 */
export const makeWrap = async (head, epoch, masterKey, credentials, stretch = pbkdf2) =>
  wrapUnder(await stretched(parse(PasswordHeader, head), credentials, stretch), head, epoch, masterKey);

/**
 * A wrap of the head's account.
 * @param {Uint8Array} head @param {Uint8Array} message
 */
export function parseWrap(head, message) {
  const wrap = parse(PasswordWrap, message);
  const { account_id } = parse(PasswordHeader, head).header;
  return compare(wrap.header.account_id, account_id) === 0 ? wrap : refuse("wrong_account");
}

/**
 * The MasterKey of a parsed wrap.
 * @param {Uint8Array} key stretched @param {Uint8Array} head @param {any} wrap @returns {Promise<Uint8Array>}
 */
export const unwrapUnder = (key, head, wrap) => asOne("password_open_failed", async () => {
  const context = concat(head, uint(wrap.header.epoch, 4));
  if (!equal(await derive(key, "password-commitment", context), wrap.commitment)) refuse("password_open_failed");
  return aesKW.unwrap(await derive(key, "password-wrap", context), wrap.wrapped);
});

/**
 * Opens a PasswordWrap of a head.
 * @param {Uint8Array} head @param {Uint8Array} message @param {Credentials} credentials @param {Stretch} [stretch]
 */
export async function openWrap(head, message, credentials, stretch = pbkdf2) {
  const wrap = parseWrap(head, message);
  return unwrapUnder(await stretched(parse(PasswordHeader, head), credentials, stretch), head, wrap);
}
