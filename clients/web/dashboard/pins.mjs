// What this browser remembers of an account (section 13.2), by login name: a sealed LocalState in its database, whose
// key no script can read. A mark lies in another storage, so that pins that were lost are missed. A browser may keep
// nothing at all, which is told and hinders nobody. All tabs share it: who reads in order to write does so `alone`.

import { compare } from "../endkey/bytes.mjs";
import { readPins } from "../endkey/protocol/person.mjs";
import { openLocalState, sealLocalState } from "../endkey/protocol/local-state.mjs";
import { hkdfKey } from "../endkey/primitives/hkdf.mjs";
import { isRefusal } from "../endkey/refusal.mjs";
import { AccountState, LocalState } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";

/**
 * What is remembered: something, something that would not be missed, nothing yet, nothing any more, something that does
 * not open, or nothing ever since the browser refuses.
 * @typedef {"kept" | "unmarked" | "fresh" | "lost" | "damaged" | "denied"} Memory
 * What became of a confirmation: it is remembered, holds until the page is locked, or another tab knows a newer record.
 * @typedef {"kept" | "denied" | "newer"} Confirmation
 */

const LOCK = "endkey pins";
const MARK = "endkey pinned ";
const STORE = "pins";
const DEVICE = "";
/** Milliseconds after which a database that does not answer counts as one that the browser refuses. */
const PATIENCE = 20_000;
/** Under which key of the store something lies beside the pins. */
const besideOf = (/** @type {string} */ loginName) => ["beside", loginName];
const wholeOf = (/** @type {string} */ loginName) => ["whole", loginName];

/**
 * Runs `body` while no other tab does, where the browser can see to that.
 * @template T @param {() => Promise<T>} body @returns {Promise<T>}
 */
export const alone = (body) => navigator.locks?.request(LOCK, body) ?? body();

/**
 * What a request to the database gives.
 * @template T @param {IDBRequest<T>} request @returns {Promise<T>}
 */
const given = (request) => answered((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * What the database answers in time: a private window, or a disk that hangs, may leave it without an answer for ever.
 * @template T
 * @param {(resolve: (value: T) => void, reject: (error: unknown) => void) => void} ask @returns {Promise<T>}
 */
function answered(ask) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  return new Promise((resolve, reject) => {
    patience = setTimeout(() => reject(new DOMException("no answer", "TimeoutError")), PATIENCE);
    ask(resolve, reject);
  }).finally(() => clearTimeout(patience));
}

/** @type {Promise<IDBDatabase> | undefined} */
let database;

/** @param {IDBTransactionMode} mode */
async function store(mode) {
  if (database === undefined) {
    if (!globalThis.indexedDB) throw new DOMException("no database", "NotSupportedError");
    const request = indexedDB.open("endkey", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    database = given(request);
    // Who deletes or changes the database would wait for all that have it open.
    database.then((open) => {
      const forgotten = () => { database = undefined; };
      open.onclose = forgotten;
      open.onversionchange = () => {
        open.close();
        forgotten();
      };
    }, () => {});
  }
  return (await database).transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
}

/**
 * What the browser's storage gives; `other` where it keeps nothing for this page, or no more.
 * @template T @param {() => T | Promise<T>} body @param {T} other @returns {Promise<T>}
 */
async function orElse(body, other) {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DOMException) return other;
    throw error;
  }
}

/** @param {IDBValidKey} name */
const read = async (name) => given(/** @type {IDBRequest<unknown>} */ ((await store("readonly")).get(name)));

/**
 * Writes in one step: entries, and undefined for what goes.
 * @param {[IDBValidKey, unknown][]} entries
 */
async function write(entries) {
  const open = await store("readwrite");
  for (const [key, value] of entries) value === undefined ? open.delete(key) : open.put(value, key);
  await answered((resolve, reject) => {
    open.transaction.oncomplete = () => resolve(undefined);
    open.transaction.onabort = () => reject(open.transaction.error);
  });
}

/**
 * Leaves a mark that there are pins of a login name, in a storage that may be full; gives whether it is there.
 * @param {string} loginName
 */
const mark = (loginName) => orElse(() => {
  if (!globalThis.localStorage) return false;
  localStorage.setItem(MARK + loginName, "");
  return true;
}, false);

/** The key of this device: random, made once. */
async function deviceKey() {
  const known = await read(DEVICE);
  if (known instanceof CryptoKey) return known;
  const made = await hkdfKey(crypto.getRandomValues(new Uint8Array(32)));
  await write([[DEVICE, made]]);
  return made;
}

/**
 * The pins of a login name.
 * @param {string} loginName @returns {Promise<{pins: any, memory: Memory}>}
 */
export async function recall(loginName) {
  const nothing = (/** @type {Memory} */ memory) => ({ pins: null, memory });
  return orElse(async () => {
    const message = await read(loginName);
    if (message === undefined) {
      const isMarked = await orElse(() => typeof localStorage?.getItem(MARK + loginName) === "string", false);
      return nothing(isMarked ? "lost" : "fresh");
    }
    const key = await read(DEVICE);
    if (!(message instanceof Uint8Array) || !(key instanceof CryptoKey)) return nothing("damaged");
    try {
      const pins = readPins(await openLocalState(key, message));
      return { pins, memory: /** @type {Memory} */ (await mark(loginName) ? "kept" : "unmarked") };
    } catch (error) {
      if (isRefusal(error)) return nothing("damaged");
      throw error;
    }
  }, nothing("denied"));
}

/**
 * What lies beside the pins of a login name.
 * @param {string} loginName
 */
export const recallBeside = (loginName) => orElse(() => read(besideOf(loginName)), undefined);

/** The login names of which something is remembered. */
export const rememberedLogins = () => orElse(async () => {
  const keys = await given((await store("readonly")).getAllKeys());
  const names = keys.map((key) => (Array.isArray(key) ? key[1] : key));
  return [...new Set(names.filter((name) => typeof name === "string" && name !== DEVICE).map(String))];
}, []);

/**
 * Replaces what lies beside the pins of a login name alone; gives whether the browser keeps it.
 * @param {string} loginName @param {unknown} value undefined for nothing
 */
export const rememberBeside = (loginName, value) => orElse(async () => {
  await write([[besideOf(loginName), value]]);
  return true;
}, false);

/**
 * The whole that lies beside the pins of a login name.
 * @param {string} loginName
 */
export const recallWhole = (loginName) => orElse(() => read(wholeOf(loginName)), undefined);

/**
 * Gives whether the browser keeps them. With `beside` and `whole`, these replace what lies beside them in the same
 * step.
 * @param {string} loginName @param {any} pins @param {{value: unknown}} [beside] @param {unknown} [whole]
 */
export async function remember(loginName, pins, beside, whole) {
  return orElse(async () => {
    const sealed = await sealLocalState(await deviceKey(), { ...parse(AccountState, pins.state).header,
      type: "owner_state" }, writesOf(await read(loginName)) + 1, crypto.getRandomValues(new Uint8Array(24)), pins);
    /** @type {[IDBValidKey, unknown][]} */
    const entries = [[loginName, sealed]];
    if (beside !== undefined) entries.push([besideOf(loginName), beside.value]);
    if (whole !== undefined) entries.push([wholeOf(loginName), whole]);
    await write(entries);
    await mark(loginName);
    return true;
  }, false);
}

/**
 * How often a LocalState was written; 0 for what is none.
 * @param {unknown} message
 */
function writesOf(message) {
  try {
    return message instanceof Uint8Array ? parse(LocalState, message).writes : 0;
  } catch (error) {
    if (isRefusal(error)) return 0;
    throw error;
  }
}

/**
 * Remembers that a person confirmed what these pins are of, unless another tab has remembered other ones since.
 * @param {string} loginName @param {any} shown @returns {Promise<Confirmation>}
 */
export const confirm = (loginName, shown) => alone(async () => {
  const { pins } = await recall(loginName);
  if (pins !== null && compare(pins.vault_hash, shown.vault_hash) !== 0) return "newer";
  return await remember(loginName, { ...(pins ?? shown), confirmed: true }) ? "kept" : "denied";
});
