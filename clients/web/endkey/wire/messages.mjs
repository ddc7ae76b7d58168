// The messages between the parties (section 8.3), and the head of a spool file (section 17).

import { concat } from "../bytes.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import {
  bytes, counter, enumeration, epoch, hash, header, id, number, opaque, rest, select, struct, time, vector, version,
} from "./types.mjs";

const signature = opaque(64);
const own = (/** @type {Uint8Array} */ value) => value;

export const PasswordHeader = struct(
  ["header", header(["password_wrap"])],
  ["counter", counter],
  ["iterations", number(4)],
  ["account_secret", enumeration("AccountSecretUse")],
  ["salt", opaque(32)],
);

export const PasswordWrap = struct(
  ["head", PasswordHeader],
  ["commitment", opaque(32)],
  ["wrapped", opaque(40)],
);

export const OwnerVault = struct(
  ["header", header(["owner_vault"])],
  ["counter", counter],
  ["sealed", bytes(LIMITS.sealed_min, LIMITS.sealed_max)],
);

export const EnrolmentRequest = struct(
  ["header", header(["enrolment_request"], number(4, 0, 0))],
  ["modulus", opaque(256)],
  ["verify_key", opaque(32)],
  ["nonce", opaque(32)],
  ["mac", opaque(32)],
  ["signature", signature],
);

export const Grant = struct(
  ["header", header(["grant"])],
  ["kind", enumeration("GrantKind")],
  ["recipient", id],
  ["counter", counter],
  ["ciphertext", opaque(256)],
  ["signature", signature],
);

export const PrivateKeys = struct(
  ["header", header(["private_keys"])],
  ["sealed", opaque(360)],
);

export const AccountState = struct(
  ["header", header(["account_state"])],
  ["counter", counter],
  ["verify_key", opaque(32)],
  ["modulus", opaque(256)],
  ["commitment", opaque(32)],
  ["rule_set", hash],
  ["previous", hash],
  ["revoked", vector(0, LIMITS.revoked_max, id, { key: own })],
  ["signature", signature],
);

export const SealedBlob = struct(
  ["header", header(["sealed_blob"])],
  ["field", enumeration("BlobField")],
  ["agent_id", id],
  ["sealed", rest(LIMITS.sealed_min)],
);

export const Token = struct(
  ["version", version],
  ["field", enumeration("TokenField")],
  ["epoch", epoch],
  ["v", opaque(16)],
  ["c", bytes(16, LIMITS.token_padded_max, [16, 32, 64, 128, 256, 512, 1024, 2048, 4096])],
);

export const BlobReference = struct(
  ["field", enumeration("BlobField")],
  ["length", counter],
  ["digest", hash],
);

export const Item = struct(
  ["type", enumeration("ItemType")],
  ["", select((item) => item.type, { token: Token, blob: BlobReference })],
);

/**
 * The number of an item's field; those of both enumerations differ.
 * @param {any} item
 */
export const fieldOf = (item) =>
  item.type === "token" ? ENUMS.TokenField[item.token.field] : ENUMS.BlobField[item.blob.field];

export const Record = struct(
  ["kind", enumeration("RecordKind")],
  ["start", time],
  ["duration", number(4)],
  ["items", vector(0, LIMITS.items_max, Item, { key: (item) => Uint8Array.of(fieldOf(item)) })],
);

export const RecordBatch = struct(
  ["header", header(["record_batch"])],
  ["agent_id", id],
  ["sequence", counter],
  ["previous", hash],
  ["state_counter", counter],
  ["records", vector(15, LIMITS.records_max, Record)],
  ["signature", signature],
);

export const Rule = struct(
  ["v", opaque(16)],
  ["field", enumeration("TokenField")],
  ["category", enumeration("Category")],
);

/** @param {any} rule */
export const ruleKey = (rule) => concat(rule.v, Uint8Array.of(ENUMS.TokenField[rule.field]));

export const RuleSet = struct(
  ["header", header(["rule_set"])],
  ["counter", counter],
  ["rules", vector(0, LIMITS.rules_max, Rule, { key: ruleKey })],
  ["signature", signature],
);

export const LocalState = struct(
  ["header", header(["agent_state", "owner_state"], number(4))],
  ["generation", counter],
  ["sealed", bytes(LIMITS.sealed_min, LIMITS.sealed_max)],
);

export const SpoolHeader = struct(
  ["header", header(["spool_segment"])],
  ["agent_id", id],
  ["segment", counter],
);

/**
 * By the names of the operations `wire/NAME`.
 * @type {{[name: string]: import("./types.mjs").Type}}
 */
export const MESSAGES = {
  PasswordWrap, OwnerVault, EnrolmentRequest, Grant, PrivateKeys, AccountState, SealedBlob, RecordBatch, RuleSet, Token,
  LocalState, SpoolHeader,
};
