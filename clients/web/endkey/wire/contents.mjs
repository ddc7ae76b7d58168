// The contents of sealed messages (section 8.4) and of text forms (sections 15.1 and 18.1).

import { concat, uint } from "../bytes.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import {
  bit, bytes, counter, enumeration, epoch, hash, id, number, opaque, pastEpoch, select, struct, time, vector, version,
} from "./types.mjs";

const ScopedKeys = struct(
  ["token_key", opaque(64)],
  ["agent_key", opaque(32)],
);

/** Its scope holds the Grant's `kind`. */
export const GrantContents = struct(
  ["header_hash", hash],
  ["", select((_, scope) => /** @type {string} */ (scope.kind), { master: opaque(32), scoped: ScopedKeys })],
);

export const AccountKeys = struct(
  ["p", opaque(128)],
  ["q", opaque(128)],
  ["seed", opaque(32)],
);

const PastKey = struct(
  ["epoch", pastEpoch],
  ["master_key", opaque(32)],
);

const Code = struct(
  ["secret", opaque(16)],
  ["role", enumeration("Role")],
  ["approval", enumeration("Approval")],
  ["uses_left", number(2)],
  ["expires", time],
  ["nonces", vector(0, 2 ** 16 - 1, hash)],
);

const Member = struct(
  ["agent_id", id],
  ["modulus", opaque(256)],
  ["verify_key", opaque(32)],
  ["role", enumeration("Role")],
  ["status", enumeration("MemberStatus")],
  ["kind", enumeration("GrantKind")],
  ["epoch", epoch],
  ["grant_counter", counter],
  ["audited_sequence", counter],
  ["audited_hash", hash],
);

const RuleDefinition = struct(
  ["field", enumeration("TokenField")],
  ["category", enumeration("Category")],
  ["seen", bit],
  ["value", bytes(0, LIMITS.token_value_max)],
);

/** Its scope holds the OwnerVault's `header`. */
export const VaultContents = struct(
  ["state_counter", counter],
  ["state_hash", hash],
  ["wrap_counter", counter],
  ["grant_counter", counter],
  ["rule_set_counter", counter],
  ["past_keys", vector(0, 2 ** 24 - 1, PastKey, { key: (past) => uint(past.epoch, 4) })],
  ["codes", vector(0, 2 ** 24 - 1, Code, { key: (code) => code.secret, count: LIMITS.codes_max })],
  ["members", vector(0, 2 ** 24 - 1, Member, { key: (member) => member.agent_id, count: LIMITS.members_max })],
  ["rules", vector(0, 2 ** 24 - 1, RuleDefinition, {
    key: (rule) => concat(Uint8Array.of(ENUMS.TokenField[rule.field]), rule.value),
  })],
);

const EpochKeys = struct(
  ["epoch", epoch],
  ["token_key", opaque(64)],
  ["agent_key", opaque(32)],
  ["master_key", bytes(0, 32, [0, 32])],
);

export const AgentContents = struct(
  ["phase", enumeration("AgentPhase")],
  ["keys", AccountKeys],
  ["request", bytes(0, 440, [0, 440])],
  ["account_key", bytes(0, 32, [0, 32])],
  ["state_counter", counter],
  ["state_hash", hash],
  ["commitment", opaque(32)],
  ["grant_counter", counter],
  ["grant_hash", hash],
  ["sequence", counter],
  ["batch_hash", hash],
  ["epochs", vector(0, 2 ** 16 - 1, EpochKeys, { key: (keys) => uint(keys.epoch, 4), count: 2 })],
);

export const OwnerContents = struct(
  ["salt", opaque(32)],
  ["wrap_counter", counter],
  ["vault_counter", counter],
  ["state_counter", counter],
  ["state_hash", hash],
);

/** What a blob text holds; the SealedBlob is parsed from `blob` by its reader. */
export const BlobText = struct(["blob", bytes(113, LIMITS.blob_text_max)]);

export const SecretText = struct(
  ["version", version],
  ["account_id", id],
  ["secret", opaque(16)],
);
