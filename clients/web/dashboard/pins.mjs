// What this browser remembers of an account (section 13.2), by login name: a sealed LocalState in its database, whose
// key no script can read. A mark lies in another storage, so that pins that were lost are missed.

import { readPins } from "../endkey/protocol/person.mjs";
import { openLocalState, sealLocalState } from "../endkey/protocol/local-state.mjs";
import { hkdfKey } from "../endkey/primitives/hkdf.mjs";
import { isRefusal } from "../endkey/refusal.mjs";
import { AccountState, LocalState } from "../endkey/wire/messages.mjs";
import { parse } from "../endkey/wire/types.mjs";

const MARK = "endkey pinned ";
const STORE = "pins";
const DEVICE = "";

/**
 * What a request to the database gives.
 * @template T @param {IDBRequest<T>} request @returns {Promise<T>}
 */
const given = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @type {Promise<IDBDatabase> | undefined} */
let database;

/** @param {IDBTransactionMode} mode */
async function store(mode) {
  if (database === undefined) {
    const request = indexedDB.open("endkey", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    database = given(request);
  }
  return (await database).transaction(STORE, mode).objectStore(STORE);
}

/** The key of this device: random, made once. */
async function deviceKey() {
  const known = await given((await store("readonly")).get(DEVICE));
  if (known !== undefined) return known;
  const made = await hkdfKey(crypto.getRandomValues(new Uint8Array(32)));
  await given((await store("readwrite")).add(made, DEVICE));
  return made;
}

/**
 * The pins of a login name, and whether there were some that are lost.
 * @param {string} loginName @returns {Promise<{pins: any, areLost: boolean}>}
 */
export async function recall(loginName) {
  const none = { pins: null, areLost: localStorage.getItem(MARK + loginName) !== null };
  const message = await given((await store("readonly")).get(loginName));
  if (message === undefined) return none;
  try {
    return { pins: readPins(await openLocalState(await deviceKey(), message)), areLost: false };
  } catch (error) {
    if (isRefusal(error)) return none;
    throw error;
  }
}

/** @param {string} loginName @param {any} pins */
export async function remember(loginName, pins) {
  const key = await deviceKey();
  const last = await given((await store("readonly")).get(loginName));
  const { header } = parse(AccountState, pins.state);
  const sealed = await sealLocalState(key, { ...header, type: "owner_state" },
    last === undefined ? 1 : parse(LocalState, last).writes + 1, crypto.getRandomValues(new Uint8Array(24)), pins);
  localStorage.setItem(MARK + loginName, "");
  await given((await store("readwrite")).put(sealed, loginName));
}

/**
 * Forgets a login name: whoever uses a disk that was restored from a copy says so (R-12.7-8).
 * @param {string} loginName
 */
export async function forget(loginName) {
  await given((await store("readwrite")).delete(loginName));
  localStorage.removeItem(MARK + loginName);
}
