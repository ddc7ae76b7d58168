// What is sent and answered as one (`spec/http.md`, section 6). Messages stay the bytes that they are.

import { utf8 } from "../endkey/bytes.mjs";
import { refuse } from "../endkey/refusal.mjs";
import {
  AccountState, Grant, OwnerVault, PasswordWrap, PersonKeys, RuleSet,
} from "../endkey/wire/messages.mjs";
import { constant, enumeration, hash, number, struct, time, vector } from "../endkey/wire/types.mjs";

/** @typedef {import("../endkey/wire/types.mjs").Type} Type */

const own = (/** @type {Uint8Array} */ value) => value;

/**
 * A struct as its bytes, once it parses.
 * @param {Type} type @returns {Type}
 */
const bytesOf = (type) => ({
  size: type.size,
  read: (reader, self, scope) => {
    const { offset } = reader;
    type.read(reader, self, scope);
    return reader.bytes.slice(offset, reader.offset);
  },
  write: own,
});

/**
 * `Presence` and what it says to be there; null if absent.
 * @param {Type} type @returns {Type}
 */
const optional = (type) => ({
  read: (reader, self, scope) => {
    const { offset } = reader;
    const presence = reader.uint(1);
    if (presence > 1) refuse("unknown_value", offset);
    return presence === 0 ? null : type.read(reader, self, scope);
  },
  write: (value, self, scope, written) => {
    if (value === null) return Uint8Array.of(0);
    const part = type.write(value, self, scope, written);
    const whole = new Uint8Array(part.length + 1);
    whole[0] = 1;
    whole.set(part, 1);
    return whole;
  },
});

export const Admission = struct({
  credential: hash,
  role: enumeration("Role"),
  uses: number(2),
  expires: time,
});

export const KeysAndLogin = struct({
  keys: bytesOf(PersonKeys),
  login_id: hash,
  login_verifier: hash,
  recovery_verifier: hash,
});

export const Publication = struct({
  magic: constant(utf8("EKpu"), "bad_magic"),
  expect: hash,
  vault: bytesOf(OwnerVault),
  state: optional(bytesOf(AccountState)),
  rules: optional(bytesOf(RuleSet)),
  keys: optional(KeysAndLogin),
  wrap: optional(bytesOf(PasswordWrap)),
  masters: vector(0, 27200, bytesOf(Grant)),
  admissions: vector(0, 11008, bytesOf(Admission), { key: own }),
});

export const Whole = struct({
  magic: constant(utf8("EKwh"), "bad_magic"),
  keys: bytesOf(PersonKeys),
  state: bytesOf(AccountState),
  wrap: optional(bytesOf(PasswordWrap)),
  grant: optional(bytesOf(Grant)),
  vault: optional(bytesOf(OwnerVault)),
  rules: optional(bytesOf(RuleSet)),
});
