// The messages between the parties (section 8.3), and the head of a spool file (section 17).

import { ENUMS, LIMITS } from "../registry.mjs";
import {
  BYTES, bytes, counter, enumeration, epoch, generation, hash, header, id, noEpoch, number, opaque, prefix, rest,
  select, serialize, struct, time, vector, version, whole,
} from "./types.mjs";

const key = opaque(32);
const signature = opaque(64);
const own = (/** @type {Uint8Array} */ value) => value;

export const Signer = struct({ verify_key: key, person_id: id });

export const PasswordHeader = struct({
  header: header(["person_keys"], noEpoch),
  counter,
  iterations: number(4),
  account_secret: enumeration("AccountSecretUse"),
  salt: opaque(32),
});

export const PersonKeys = struct({ head: PasswordHeader, sealed: opaque(360) });

export const PasswordWrap = struct({ header: header(["password_wrap"]), commitment: opaque(32), wrapped: opaque(40) });

const list = {
  generation,
  certificate_from: time,
  certificate_until: time,
  signers: vector(48, 3072, Signer, { key: (signer) => signer.verify_key }),
};

/** What the root key signs of a state, behind the account id (section 12.1). */
export const PersonList = struct(list);

export const AccountState = struct({
  header: header(["account_state"]),
  counter,
  made: time,
  valid_until: time,
  commitment: opaque(32),
  root_key: key,
  ...list,
  certificate: signature,
  revoked: vector(0, LIMITS.revoked_max, id, { key: own }),
  signer: key,
  signature,
});

export const OwnerVault = struct({
  header: header(["owner_vault"]),
  counter,
  sealed: bytes(LIMITS.sealed_min, LIMITS.sealed_max),
  signer: key,
  signature,
});

export const EnrolmentRequest = struct({
  header: header(["enrolment_request"], noEpoch),
  modulus: opaque(256),
  verify_key: key,
  nonce: opaque(32),
  mac: opaque(32),
  signature,
});

export const PersonRequest = struct({
  request: EnrolmentRequest,
  keys: PersonKeys,
  login_id: hash,
  login_verifier: hash,
});

export const Grant = struct({
  header: header(["grant"]),
  kind: enumeration("GrantKind"),
  recipient: id,
  commitment: opaque(32),
  signer: key,
  ciphertext: opaque(256),
  signature,
});

const blob = { header: header(["sealed_blob"]), field: enumeration("BlobField"), agent_id: id };

export const SealedBlob = struct({ ...blob, sealed: rest(LIMITS.sealed_min) });

/** What stands before the sealed content. */
export const SealedBlobHead = struct(blob);

const token = { version, field: enumeration("TokenField"), epoch, v: opaque(16) };
const PADDED = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

export const Token = whole(struct({ ...token, c: bytes(16, LIMITS.token_padded_max, PADDED) }));

/** What stands before the ciphertext, with its length. */
export const TokenHead = struct({ ...token, length: prefix(16, LIMITS.token_padded_max, PADDED) });

export const BlobReference = struct({ field: enumeration("BlobField"), length: counter, digest: hash });

export const Item = struct({
  type: enumeration("ItemType"),
  _: select((item) => item.type, { token: Token, blob: BlobReference }),
});

/** The numbers of both enumerations of fields, which differ. */
export const FIELDS = { ...ENUMS.TokenField, ...ENUMS.BlobField };

/** @param {any} item */
const fieldOf = (item) => Uint8Array.of(FIELDS[(item.token ?? item.blob).field]);

export const Record = struct({
  kind: enumeration("RecordKind"),
  start: time,
  duration: number(4),
  items: vector(0, LIMITS.items_max, Item, { key: fieldOf }),
});

export const RecordBatch = struct({
  header: header(["record_batch"]),
  agent_id: id,
  sequence: counter,
  previous: hash,
  made: time,
  state_generation: generation,
  state_counter: counter,
  state: hash,
  records: vector(15, LIMITS.records_max, Record),
  signature,
});

/**
 * The bytes of a parsed Token.
 * @param {any} token
 */
export const tokenBytes = (token) => token[BYTES] ?? serialize(Token, token);

const Rule = struct({ token: Token, category: enumeration("Category") });

export const RuleSet = struct({
  header: header(["rule_set"]),
  rules: vector(0, LIMITS.rules_max, Rule, { key: (rule) => tokenBytes(rule.token) }),
});

export const LocalState = struct({
  header: header(["agent_state", "owner_state"], number(4)),
  writes: counter,
  sealed: bytes(LIMITS.sealed_min, LIMITS.sealed_max),
});

export const SpoolHeader = struct({ header: header(["spool_segment"], noEpoch), agent_id: id, segment: counter });
