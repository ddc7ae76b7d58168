// The contents of sealed messages (section 8.4), what is captured, and the structs of text forms (sections 15.1 and
// 18.1).

import { concat, uint } from "../bytes.mjs";
import { ENUMS, LIMITS } from "../registry.mjs";
import { AccountState, EnrolmentRequest, FIELDS, PasswordHeader, SealedBlob } from "./messages.mjs";
import {
  bit, bytes, counter, enumeration, epoch, generation, hash, header, holding, id, named, noEpoch, number, opaque,
  padding, select, struct, time, vector, version,
} from "./types.mjs";

const MOST = 2 ** 24 - 1;
const secret = opaque(16);
const days = number(2, LIMITS.retention_min, LIMITS.retention_max);
const label = bytes(0, LIMITS.label_max);
const isNoManager = (/** @type {any} */ self) => self.role !== "manager";

export const AccountKeys = struct({ p: opaque(128), q: opaque(128), seed: opaque(32) });

export const ScopedKeys = struct({ token_key: opaque(64), agent_key: opaque(32) });

/** Its scope holds the Grant's `kind`. */
export const GrantContents = struct({
  head_hash: hash,
  _: select((_, scope) => /** @type {string} */ (scope.kind), { master: opaque(32), scoped: ScopedKeys }),
});

export const StateNote = struct({ generation, counter, epoch, made: time, hash });

const Person = struct({
  person_id: id,
  role: enumeration("PersonRole"),
  status: enumeration("PersonStatus"),
  modulus: opaque(256),
  verify_key: opaque(32),
  keys: hash,
  label,
});

const PastKey = struct({ epoch, master_key: opaque(32) });

export const Code = struct({
  id: opaque(8),
  secret,
  label,
  role: enumeration("Role"),
  kind: enumeration("GrantKind"),
  approval: enumeration("Approval"),
  uses_left: number(2),
  expires: time,
  nonces: vector(0, 2 ** 16 - 1, hash),
}, {
  kind: (code) => isNoManager(code) || code.kind === "master",
  approval: (code) => code.kind !== "master" || code.approval === "manual",
  uses_left: (code) => isNoManager(code) || code.uses_left <= 1,
});

const Member = struct({
  agent_id: id,
  label,
  code_id: opaque(8),
  kind: enumeration("GrantKind"),
  status: enumeration("MemberStatus"),
  listed: number(4),
  audited_sequence: counter,
  audited_hash: hash,
  audited_generation: number(4),
  audited_state: counter,
  kept_sequence: counter,
  kept_hash: hash,
}, {
  listed: (member) => (member.listed === 0) === (member.status === "granted"),
  kept_sequence: (member) => member.kept_sequence <= member.audited_sequence,
});

const Erasure = struct({
  agent_id: id,
  first: number(8, 1, LIMITS.counter_max),
  last: counter,
  before_hash: hash,
  last_hash: hash,
}, { first: (erasure) => erasure.first <= erasure.last });

const RuleDefinition = struct({
  field: enumeration("TokenField"),
  category: enumeration("Category"),
  seen: bit,
  value: bytes(0, LIMITS.token_value_max),
});

/** @param {any} note */
export const pairOf = (note) => concat(uint(note.generation, 4), uint(note.counter, 8));

export const VaultContents = struct({
  made: time,
  made_by: id,
  states: vector(56, 229376, StateNote, { key: pairOf }),
  recent: vector(0, 8192, hash),
  rule_set: hash,
  retention_days: days,
  blob_days: days,
  persons: vector(339, 2 ** 16 - 1, Person, { key: (person) => person.person_id, count: LIMITS.persons_max }),
  past_keys: vector(0, 147456, PastKey, { key: (past) => concat(uint(past.epoch, 4), past.master_key) }),
  codes: vector(0, MOST, Code, { key: (code) => code.id, count: LIMITS.codes_max }),
  members: vector(0, MOST, Member, { key: (member) => member.agent_id, count: LIMITS.members_max }),
  erasures: vector(0, 131040, Erasure, { key: (erasure) => concat(erasure.agent_id, uint(erasure.first, 8)) }),
  rules: vector(0, MOST, RuleDefinition, {
    key: (rule) => concat(Uint8Array.of(ENUMS.TokenField[rule.field]), rule.value),
  }),
  padding: padding(LIMITS.vault_padding),
});

const CapturedItem = struct({ field: named(FIELDS), content: bytes(0, MOST) });

export const Capture = struct({
  header: header(["capture"], noEpoch),
  kind: enumeration("RecordKind"),
  start: time,
  duration: number(4),
  items: vector(0, MOST, CapturedItem, { key: (item) => Uint8Array.of(FIELDS[item.field]) }),
});

export const CodeTerms = struct({
  generation,
  made: time,
  kind: enumeration("GrantKind"),
  role: enumeration("Role"),
}, { kind: (terms) => isNoManager(terms) || terms.kind === "master" });

export const AgentContents = struct({
  phase: enumeration("AgentPhase"),
  keys: AccountKeys,
  request: holding(0, 440, EnrolmentRequest),
  terms: holding(0, 14, CodeTerms),
  state: holding(0, MOST, AccountState),
  least: time,
  running: counter,
  age: counter,
  sequence: counter,
  batch_hash: hash,
  epoch_keys: holding(0, 96, ScopedKeys),
});

export const OwnerContents = struct({
  head: PasswordHeader,
  state: holding(0, MOST, AccountState),
  generation,
  confirmed: bit,
  vault_counter: counter,
  vault_hash: hash,
  pending_vault: hash,
  pending_state: hash,
  pending_rule_set: hash,
});

export const BlobText = struct({ blob: holding(113, LIMITS.blob_text_max, SealedBlob) });

export const EnrolmentCode = struct({ version, account_id: id, secret, terms: CodeTerms });

export const SecretText = struct({ version, account_id: id, secret });

export const RecoveryText = struct({ version, seed: opaque(32) });
