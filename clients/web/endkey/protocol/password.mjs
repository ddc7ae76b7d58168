// The PasswordWrap and the login key (section 9).

import { compare, concat, equal } from "../bytes.mjs";
import { derive, labelledHash } from "../labels.mjs";
import * as aesKW from "../primitives/aes-kw.mjs";
import { pbkdf2 } from "../primitives/pbkdf2.mjs";
import { asOne, refuse } from "../refusal.mjs";
import { LIMITS } from "../registry.mjs";
import { PasswordHeader, PasswordWrap } from "../wire/messages.mjs";
import { parse, serialize } from "../wire/types.mjs";
import { normalLoginName, normalPassword } from "./normal.mjs";

/**
 * What a person types, as UTF-8, and the file that may go with it.
 * @typedef {{login_name: Uint8Array, password: Uint8Array, account_secret: Uint8Array | null}} Credentials
 * What a device remembers of the wrap that it accepted last.
 * @typedef {{account_id: Uint8Array, salt: Uint8Array, counter: number, epoch: number}} Pin
 * @typedef {(password: Uint8Array, salt: Uint8Array, iterations: number) => Promise<Uint8Array>} Stretch
 */

const HEAD = 69;

/**
 * Steps 2 and 3 of section 9.3.
 * @param {any} head @param {Pin | null} pin
 */
function checkPin(head, pin) {
  if (pin === null) return;
  if (compare(head.header.account_id, pin.account_id) !== 0) refuse("pin_mismatch");
  if (head.counter === pin.counter && compare(head.salt, pin.salt) !== 0) refuse("pin_mismatch");
  if (head.header.epoch < pin.epoch) refuse("epoch_rollback");
  if (head.counter < pin.counter) refuse("counter_rollback");
}

/**
 * Step 4 of section 9.3, then the stretching of section 9.2.
 * @param {any} head @param {Credentials} credentials @param {Stretch} stretch
 */
async function stretched(head, credentials, stretch) {
  const { iterations } = head;
  if (iterations < LIMITS.iterations_min || iterations > LIMITS.iterations_max) refuse("iterations_out_of_range");
  const secret = credentials.account_secret;
  if ((head.account_secret === "required") !== (secret !== null)) refuse("account_secret_mismatch");
  const password = normalPassword(credentials.password);
  const salt = await labelledHash("password-salt", concat(normalLoginName(credentials.login_name), head.salt));
  const key = await stretch(password, salt, iterations);
  return secret === null ? key : concat(key, secret);
}

/** @param {Uint8Array} key stretched @param {Uint8Array} head */
async function loginOf(key, head) {
  const login_key = await derive(key, "login", head);
  return { login_key, login_verifier: await labelledHash("login-verifier", login_key) };
}

/**
 * Makes a wrap of a MasterKey, and what the service asks for at login.
 * @param {{account_id: Uint8Array, epoch: number, counter: number, iterations: number, salt: Uint8Array}} parameters
 * @param {Credentials} credentials @param {Uint8Array} masterKey @param {Stretch} [stretch]
 */
export async function makeWrap(parameters, credentials, masterKey, stretch = pbkdf2) {
  const { account_id, epoch, counter, iterations, salt } = parameters;
  const header = { type: "password_wrap", account_id, epoch };
  const account_secret = credentials.account_secret === null ? "none" : "required";
  const fields = { header, counter, iterations, account_secret, salt };
  const key = await stretched(fields, credentials, stretch);
  const head = serialize(PasswordHeader, fields);
  const commitment = await derive(key, "password-commitment", head);
  const wrapped = await aesKW.wrap(await derive(key, "password-wrap", head), masterKey);
  return { wrap: concat(head, commitment, wrapped), ...(await loginOf(key, head)) };
}

/**
 * The login key of the 69 bytes that the service hands out.
 * @param {Uint8Array} head @param {Credentials} credentials @param {Pin | null} pin @param {Stretch} [stretch]
 */
export async function login(head, credentials, pin, stretch = pbkdf2) {
  const fields = parse(PasswordHeader, head);
  checkPin(fields, pin);
  return loginOf(await stretched(fields, credentials, stretch), head);
}

/**
 * Opens a PasswordWrap to the MasterKey's bytes.
 * @param {Uint8Array} message @param {Credentials} credentials @param {Pin | null} pin @param {Stretch} [stretch]
 */
export const openWrap = (message, credentials, pin, stretch = pbkdf2) =>
  opened(message, credentials, pin, stretch, aesKW.unwrap);

/**
 * The same to a key that cannot be read, as a page keeps it.
 * @param {Uint8Array} message @param {Credentials} credentials @param {Pin | null} pin @param {Stretch} [stretch]
 */
export const openWrapHidden = (message, credentials, pin, stretch = pbkdf2) =>
  opened(message, credentials, pin, stretch, aesKW.unwrapHidden);

/**
 * @template T
 * @param {Uint8Array} message
 * @param {Credentials} credentials
 * @param {Pin | null} pin
 * @param {Stretch} stretch
 * @param {(kek: Uint8Array, wrapped: Uint8Array) => Promise<T>} unwrap
 */
async function opened(message, credentials, pin, stretch, unwrap) {
  const wrap = parse(PasswordWrap, message);
  checkPin(wrap.head, pin);
  const key = await stretched(wrap.head, credentials, stretch);
  const head = message.subarray(0, HEAD);
  return asOne("password_open_failed", async () => {
    if (!equal(await derive(key, "password-commitment", head), wrap.commitment)) refuse("password_open_failed");
    return unwrap(await derive(key, "password-wrap", head), wrap.wrapped);
  });
}
