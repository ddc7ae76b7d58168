// What this browser remembers of an account (section 13.2), by login name: nothing secret.

import { fromHex, toHex } from "../endkey/bytes.mjs";

const PREFIX = "endkey pins ";

/** @param {string} loginName @returns {import("../endkey/protocol/recovery.mjs").Pins | null} */
export function recall(loginName) {
  const stored = localStorage.getItem(PREFIX + loginName);
  if (stored === null) return null;
  const pins = JSON.parse(stored);
  return { ...pins, account_id: fromHex(pins.account_id), salt: fromHex(pins.salt), state: fromHex(pins.state) };
}

/** @param {string} loginName @param {import("../endkey/protocol/recovery.mjs").Pins} pins */
export function remember(loginName, pins) {
  const { account_id, salt, state } = pins;
  const stored = { ...pins, account_id: toHex(account_id), salt: toHex(salt), state: toHex(state) };
  localStorage.setItem(PREFIX + loginName, JSON.stringify(stored));
}
