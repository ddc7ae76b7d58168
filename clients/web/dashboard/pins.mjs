// What this browser remembers of an account (section 13.2), by login name: nothing secret.

import { fromHex, toHex } from "../endkey/bytes.mjs";

const PREFIX = "endkey pins ";

/** @typedef {import("../endkey/protocol/recovery.mjs").Pins} Pins */

/** @param {Pins} pins @returns {string} */
export function textOf(pins) {
  const { account_id, salt, state } = pins;
  return JSON.stringify({ ...pins, account_id: toHex(account_id), salt: toHex(salt), state: toHex(state) });
}

/** @param {string} text @returns {Pins} */
export function pinsOf(text) {
  const pins = JSON.parse(text);
  return { ...pins, account_id: fromHex(pins.account_id), salt: fromHex(pins.salt), state: fromHex(pins.state) };
}

/** @param {string} loginName @returns {Pins | null} */
export function recall(loginName) {
  const stored = localStorage.getItem(PREFIX + loginName);
  return stored === null ? null : pinsOf(stored);
}

/** @param {string} loginName @param {Pins} pins */
export const remember = (loginName, pins) => localStorage.setItem(PREFIX + loginName, textOf(pins));
