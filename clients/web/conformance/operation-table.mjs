// The operations of vectors/README.md and the types of their members.
//
// Made by `tools/run generate operations` of spec/operations.json; not edited by hand.

import { boolean, either, hex, list, name, nullable, number, object, text, when } from "./value-types.mjs";

/** @type {Record<string, import("./value-types.mjs").OperationType>} */
export const OPERATION_TYPES = {
  "hash": {
    in: object({
        "label": name(
            "account-id", "agent-id", "password-salt", "login-id", "login-verifier", "frame-check"),
        "data": hex(),
    }),
    out: object({"hash": hex(32)}),
  },
  "derive": {
    in: object({
        "key": hex(),
        "label": name(
            "person-keys", "password-wrap", "password-commitment", "login", "token", "agent", "vault", "commitment",
            "blob", "spool", "upload", "local-state", "enrolment-mac", "admission", "recovery"),
        "context": hex(),
    }),
    out: object({"key": hex(32, 64)}),
  },
  "pbkdf2": {
    in: object({"password": hex(), "salt": hex(), "iterations": number(1, 10000000)}),
    out: object({"key": hex(32)}),
  },
  "hmac": {
    in: object({"key": hex(), "data": hex()}),
    out: object({"mac": hex(32)}),
  },
  "kw/wrap": {
    in: object({"kek": hex(32), "key": hex(32)}),
    out: object({"wrapped": hex(40)}),
  },
  "kw/unwrap": {
    in: object({"kek": hex(32), "wrapped": hex()}),
    out: object({"key": hex(32)}),
  },
  "oaep/encrypt": {
    in: object({"modulus": hex(), "seed": hex(20), "message": hex(0, 214)}),
    out: object({"ciphertext": hex(256)}),
  },
  "oaep/decrypt": {
    in: object({"p": hex(128), "q": hex(128), "ciphertext": hex()}),
    out: object({"message": hex(0, 214)}),
  },
  "rsa/check": {
    in: object({"modulus": hex()}),
    out: object({}),
  },
  "ed25519/sign": {
    in: object({"seed": hex(32), "message": hex()}),
    out: object({"verify_key": hex(32), "signature": hex(64)}),
  },
  "ed25519/verify": {
    in: object({"verify_key": hex(), "message": hex(), "signature": hex()}),
    out: object({}),
  },
  "siv/seal": {
    in: object({"key": hex(64), "ad": hex(), "plaintext": hex()}),
    out: object({"v": hex(16), "c": hex()}),
  },
  "siv/open": {
    in: object({"key": hex(64), "ad": hex(), "v": hex(), "c": hex()}),
    out: object({"plaintext": hex()}),
  },
  "sealed/seal": {
    in: object({"key": hex(32), "context": hex(), "salt": hex(24), "plaintext": hex()}),
    out: object({"sealed": hex(72, 16777215)}),
  },
  "sealed/open": {
    in: object({"key": hex(32), "context": hex(), "sealed": hex()}),
    out: object({"plaintext": hex()}),
  },
  "normal/password": {
    in: object({"password": hex()}),
    out: object({"normal": hex(1, 1024)}),
  },
  "normal/login-name": {
    in: object({"login_name": hex()}),
    out: object({"normal": hex(1, 255)}),
  },
  "keys": {
    in: object({
        "master_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "agent_id": hex(16),
    }),
    out: object({
        "token_key": hex(64),
        "agent_key": hex(32),
        "vault_key": hex(32),
        "commitment": hex(32),
        "blob_key": hex(32),
    }),
  },
  "account-id": {
    in: object({"root_key": hex(32)}),
    out: object({"account_id": hex(16)}),
  },
  "agent-id": {
    in: object({"modulus": hex(256), "verify_key": hex(32)}),
    out: object({"agent_id": hex(16)}),
  },
  "wire/PersonKeys": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/PasswordWrap": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/AccountState": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/OwnerVault": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/EnrolmentRequest": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/PersonRequest": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/Grant": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/SealedBlob": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/RecordBatch": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/RuleSet": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/Token": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/LocalState": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/SpoolHeader": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/Capture": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "text/token": {
    in: object({"text": hex()}),
    out: object({"bytes": hex()}),
  },
  "text/token-encode": {
    in: object({"bytes": hex()}),
    out: object({"text": hex()}),
  },
  "text/blob": {
    in: object({"text": hex()}),
    out: object({"bytes": hex()}),
  },
  "text/blob-encode": {
    in: object({"bytes": hex()}),
    out: object({"text": hex()}),
  },
  "text/code": {
    in: object({"text": hex()}),
    out: object({
        "account_id": hex(16),
        "secret": hex(16),
        "generation": number(1, 4294967295),
        "made": number(0, 9007199254740991),
        "kind": name("master", "scoped"),
        "role": name("agent", "manager"),
    }),
  },
  "text/code-encode": {
    in: object({
        "account_id": hex(16),
        "secret": hex(16),
        "generation": number(1, 4294967295),
        "made": number(0, 9007199254740991),
        "kind": name("master", "scoped"),
        "role": name("agent", "manager"),
    }),
    out: object({"text": hex(86)}),
  },
  "text/account-secret": {
    in: object({"text": hex()}),
    out: object({"account_id": hex(16), "secret": hex(16)}),
  },
  "text/account-secret-encode": {
    in: object({"account_id": hex(16), "secret": hex(16)}),
    out: object({"text": hex(63)}),
  },
  "text/recovery": {
    in: object({"text": hex()}),
    out: object({"seed": hex(32)}),
  },
  "text/recovery-encode": {
    in: object({"seed": hex(32)}),
    out: object({"text": hex(63)}),
  },
  "scan": {
    in: object({"text": hex()}),
    out: object({
        "matches": list(object({
            "kind": name("token", "blob"),
            "start": number(0, 9007199254740991),
            "end": number(0, 9007199254740991),
        })),
        "skipped": list(object({"offset": number(0, 9007199254740991), "code": text()})),
    }),
  },
  "password/login": {
    in: object({
        "head": hex(),
        "pinned_head": nullable(hex(69)),
        "password_changed": boolean(),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
    }),
    out: object({"login_id": hex(32), "login_key": hex(32), "login_verifier": hex(32)}),
  },
  "person-keys/make": {
    in: object({
        "account_id": hex(16),
        "counter": number(1, 9007199254740991),
        "iterations": number(0, 4294967295),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "salt": hex(32),
        "seal_salt": hex(24),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
    }),
    out: object({
        "keys": hex(429),
        "person_id": hex(16),
        "login_id": hex(32),
        "login_key": hex(32),
        "login_verifier": hex(32),
    }),
  },
  "person-keys/open": {
    in: object({
        "head": hex(69),
        "keys": hex(),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
    }),
    out: object({"p": hex(128), "q": hex(128), "seed": hex(32), "person_id": hex(16)}),
  },
  "password/wrap": {
    in: object({
        "head": hex(69),
        "epoch": number(1, 4294967295),
        "master_key": hex(32),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
    }),
    out: object({"wrap": hex(96)}),
  },
  "password/open": {
    in: object({
        "head": hex(69),
        "wrap": hex(),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
    }),
    out: object({"master_key": hex(32)}),
  },
  "vault/make": {
    in: object({
        "seed": hex(32),
        "master_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "salt": hex(24),
        "contents": hex(),
    }),
    out: object({"vault": hex()}),
  },
  "vault/open": {
    in: object({
        "state": hex(),
        "master_key": hex(32),
        "person_id": hex(16),
        "person_keys": hex(429),
        "vault": hex(),
    }),
    out: object({"contents": hex()}),
  },
  "person/open": {
    in: object({
        "pins": nullable(hex()),
        "password_changed": boolean(),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "messages": object({
            "head": hex(),
            "person_keys": hex(),
            "account_state": hex(),
            "password_wrap": nullable(hex()),
            "grant": nullable(hex()),
            "owner_vault": hex(),
            "rule_set": nullable(hex()),
        }),
        "kept": list(object({
            "person_keys": hex(),
            "account_state": hex(),
            "password_wrap": nullable(hex()),
            "grant": nullable(hex()),
            "owner_vault": hex(),
            "rule_set": nullable(hex()),
        })),
        "now": number(0, 9007199254740991),
    }),
    out: object({
        "person_id": hex(16),
        "role": name("owner", "manager"),
        "master_key": hex(32),
        "contents": hex(),
        "findings": list(text()),
        "expired": boolean(),
        "pins": hex(),
        "aside": nullable(object({
            "vault_hash": hex(32),
            "counter": number(0, 9007199254740991),
            "state": nullable(hex()),
            "keys": list(object({"epoch": number(1, 4294967295), "master_key": hex(32)})),
        })),
        "missing": list(object({
            "keys": list(object({"epoch": number(1, 4294967295), "master_key": hex(32)})),
        })),
    }),
  },
  "enrolment/verify": {
    in: object({
        "account_id": hex(16),
        "request": hex(),
        "codes": list(object({
            "id": hex(8),
            "secret": hex(16),
            "role": name("agent", "manager"),
            "kind": name("master", "scoped"),
            "approval": name("automatic", "manual"),
            "uses_left": number(0, 65535),
            "expires": number(0, 9007199254740991),
            "nonces": list(hex(32)),
        })),
        "members": list(object({"agent_id": hex(16), "status": name("granted", "retired", "removed")})),
        "persons": list(object({"person_id": hex(16), "status": name("granted", "removed")})),
        "root": boolean(),
        "now": number(0, 9007199254740991),
        "approved": boolean(),
    }),
    out: object({
        "agent_id": hex(16),
        "code_id": hex(8),
        "kind": name("master", "scoped"),
        "role": name("agent", "manager"),
    }),
  },
  "certificate/make": {
    in: object({
        "root_seed": hex(32),
        "generation": number(1, 4294967295),
        "certificate_from": number(0, 9007199254740991),
        "certificate_until": number(0, 9007199254740991),
        "signers": list(object({"verify_key": hex(32), "person_id": hex(16)}), 1),
    }),
    out: object({"account_id": hex(16), "certificate": hex(64)}),
  },
  "state/make": {
    in: object({
        "seed": hex(32),
        "master_key": hex(32),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "made": number(0, 9007199254740991),
        "valid_until": number(0, 9007199254740991),
        "root_key": hex(32),
        "generation": number(1, 4294967295),
        "certificate_from": number(0, 9007199254740991),
        "certificate_until": number(0, 9007199254740991),
        "signers": list(object({"verify_key": hex(32), "person_id": hex(16)}), 1),
        "certificate": hex(64),
        "revoked": list(hex(16)),
    }),
    out: object({"state": hex()}),
  },
  "grant/make": {
    in: object({
        "seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "kind": name("master", "scoped"),
        "recipient": hex(16),
        "modulus": hex(256),
        "verify_key": hex(32),
        "master_key": hex(32),
        "oaep_seed": hex(20),
    }),
    out: object({"grant": hex(425)}),
  },
  "publication/make": {
    in: object({
        "act": name(
            "edit", "renew_certificate", "rotate", "retire", "remove", "add_person", "remove_person", "repair"),
        "seed": hex(32),
        "state": hex(),
        "vault": hex(),
        "master_key": hex(32),
        "contents": hex(),
        "aside": nullable(object({
            "vault_hash": hex(32),
            "counter": number(0, 9007199254740991),
            "state": nullable(hex()),
            "keys": list(object({"epoch": number(1, 4294967295), "master_key": hex(32)})),
        })),
        "missing": list(object({
            "keys": list(object({"epoch": number(1, 4294967295), "master_key": hex(32)})),
        })),
        "remembered": boolean(),
        "generation": number(1, 4294967295),
        "durable": boolean(),
        "says": object({"newest": boolean(), "without_storage": boolean(), "clock": boolean()}),
        "now": number(0, 9007199254740991),
        "agents": when("act", ["retire", "remove", "remove_person", "repair"], list(hex(16))),
        "staying": when(
            "act", ["remove", "add_person", "remove_person", "repair"],
            list(object({"agent_id": hex(16), "kind": name("master", "scoped")}))),
        "persons": when("act", ["remove_person"], list(hex(16))),
        "person": when(
            "act", ["add_person"],
            object({"modulus": hex(256), "verify_key": hex(32), "label": hex(0, 255)})),
        "next_master_key": when(
            "act", ["rotate", "remove", "add_person", "remove_person", "repair"],
            nullable(hex(32))),
        "rule_set": nullable(hex()),
        "salt": hex(24),
        "oaep_seeds": list(hex(20)),
    }),
    out: object({
        "expect": hex(32),
        "state": nullable(hex()),
        "vault": hex(),
        "contents": hex(),
        "grants": list(hex(425)),
        "generation": number(1, 4294967295),
    }),
  },
  "publication/settle": {
    in: object({
        "pending": object({
            "vault": hex(32),
            "state": nullable(hex(32)),
            "generation": number(1, 4294967295),
            "root_act": boolean(),
            "asks": boolean(),
        }),
        "base_state": hex(32),
        "generation": number(1, 4294967295),
        "answer": name("stored", "other", "none", "discard"),
        "served": nullable(object({"vault": hex(32), "recent": list(hex(32)), "states": list(hex(32), 1)})),
    }),
    out: object({
        "outcome": name("settled", "merge", "dead", "again"),
        "generation": number(1, 4294967295),
    }),
  },
  "publication/merge": {
    in: object({"base": hex(), "ours": hex(), "theirs": hex(), "expect": hex(32)}),
    out: object({"contents": hex()}),
  },
  "account/create": {
    in: object({
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
        "master_key": hex(32),
        "iterations": number(0, 4294967295),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "retention_days": number(7, 3650),
        "now": number(0, 9007199254740991),
        "salt": hex(32),
        "keys_salt": hex(24),
        "vault_salt": hex(24),
        "oaep_seed": hex(20),
    }),
    out: object({
        "account_id": hex(16),
        "person_keys": hex(429),
        "password_wrap": hex(96),
        "account_state": hex(),
        "owner_vault": hex(),
        "contents": hex(),
        "grant": hex(425),
        "recovery_text": hex(63),
        "login_id": hex(32),
        "login_verifier": hex(32),
        "recovery_verifier": hex(32),
    }),
  },
  "account/recover": {
    in: object({
        "recovery_text": hex(),
        "p": hex(128),
        "q": hex(128),
        "master_key": hex(32),
        "head": nullable(hex()),
        "state": hex(),
        "vault": hex(),
        "generation": number(1, 4294967295),
        "confirmed": boolean(),
        "persons": list(hex(440)),
        "members": list(object({"agent_id": hex(16), "kind": name("master", "scoped")})),
        "iterations": number(0, 4294967295),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "retention_days": number(7, 3650),
        "now": number(0, 9007199254740991),
        "salt": hex(32),
        "keys_salt": hex(24),
        "vault_salt": hex(24),
        "oaep_seeds": list(hex(20)),
    }),
    out: object({
        "person_keys": hex(429),
        "password_wrap": hex(96),
        "account_state": hex(),
        "owner_vault": hex(),
        "contents": hex(),
        "grants": list(hex(425)),
        "login_id": hex(32),
        "login_verifier": hex(32),
        "recovery_verifier": hex(32),
    }),
  },
  "token/open": {
    in: object({
        "account_id": hex(16),
        "keys": list(object({"epoch": number(1, 4294967295), "token_key": hex(64)})),
        "token": hex(),
    }),
    out: object({
        "field": name("employee_name", "application_name", "window_title", "url", "document_name"),
        "epoch": number(1, 4294967295),
        "value": hex(0, 4095),
    }),
  },
  "blob/open": {
    in: object({
        "account_id": hex(16),
        "keys": list(object({
            "epoch": number(1, 4294967295),
            "agent_id": hex(16),
            "agent_key": hex(32),
        })),
        "blob": nullable(hex()),
        "reference": nullable(object({
            "field": name(
                "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
            "length": number(0, 9007199254740991),
            "digest": hex(32),
        })),
    }),
    out: object({
        "field": name(
            "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
        "agent_id": hex(16),
        "content": hex(),
    }),
  },
  "batch/audit": {
    in: object({
        "account_id": hex(16),
        "members": list(object({"agent_id": hex(16), "request": nullable(hex())})),
        "agent_id": hex(16),
        "status": name("granted", "retired", "removed"),
        "mark": object({
            "sequence": number(0, 9007199254740991),
            "hash": hex(32),
            "generation": number(0, 4294967295),
            "counter": number(0, 9007199254740991),
        }),
        "kept": object({"sequence": number(0, 9007199254740991), "hash": hex(32)}),
        "now": number(0, 9007199254740991),
        "retention_days": number(7, 3650),
        "states": list(hex(56), 1),
        "keys": list(object({"epoch": number(1, 4294967295), "token_key": hex(64)})),
        "erasures": list(object({
            "first": number(0, 9007199254740991),
            "last": number(0, 9007199254740991),
            "before_hash": hex(32),
            "last_hash": hex(32),
        })),
        "erased": list(object({
            "first": number(0, 9007199254740991),
            "last": number(0, 9007199254740991),
        })),
        "batches": list(hex()),
    }),
    out: object({
        "findings": list(object({
            "batch": nullable(number(0, 9007199254740991)),
            "sequence": nullable(number(0, 9007199254740991)),
            "code": text(),
        })),
        "totals": list(object({"token": hex(), "milliseconds": number(0, 9007199254740991)})),
        "mark": object({
            "sequence": number(0, 9007199254740991),
            "hash": hex(32),
            "generation": number(0, 4294967295),
            "counter": number(0, 9007199254740991),
        }),
        "erased": list(object({
            "first": number(0, 9007199254740991),
            "last": number(0, 9007199254740991),
        })),
        "kept": object({"sequence": number(0, 9007199254740991), "hash": hex(32)}),
    }),
  },
  "rules/make": {
    in: object({
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "keys": list(object({"epoch": number(1, 4294967295), "token_key": hex(64)})),
        "definitions": list(object({
            "field": name(
                "employee_name", "application_name", "window_title", "url", "document_name"),
            "category": name("productive", "neutral", "unproductive"),
            "value": hex(),
            "seen": boolean(),
            "past": list(number(1, 4294967295)),
        })),
    }),
    out: object({"rule_set": hex()}),
  },
  "rules/open": {
    in: object({
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "expected_hash": hex(32),
        "rule_set": nullable(hex()),
    }),
    out: object({}),
  },
  "owner/machine": {
    in: object({
        "phase": name("absent", "locked", "open", "settling"),
        "event": name(
            "create", "enrol", "enrol_as_agent", "recover", "recover_unconfirmed", "open", "open_pending",
            "confirm", "act", "root_act", "act_unconfirmed", "act_expired", "act_behind", "act_before_due",
            "act_without_root", "root_due", "audit", "read", "grants_missing", "wrap_missing", "stored",
            "lost_same", "lost_other", "no_answer", "discard", "lost_first", "lock"),
    }),
    out: object({
        "next": name("absent", "locked", "open", "settling"),
        "error": nullable(text()),
    }),
  },
  "enrolment/request": {
    in: object({
        "code": text(),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
        "nonce": hex(32),
    }),
    out: object({"request": hex(440), "agent_id": hex(16)}),
  },
  "state/accept": {
    in: object({
        "account_id": hex(16),
        "agent_id": nullable(hex(16)),
        "least_generation": nullable(number(1, 4294967295)),
        "last": nullable(hex()),
        "message": hex(),
    }),
    out: object({"changed": boolean(), "listed": boolean(), "keys_fit": boolean()}),
  },
  "clock/accept": {
    in: object({
        "terms": object({"made": number(0, 9007199254740991), "age": number(0, 9007199254740991)}),
        "last": nullable(object({
            "generation": number(1, 4294967295),
            "least": number(0, 9007199254740991),
            "running": number(0, 9007199254740991),
        })),
        "state": object({
            "generation": number(1, 4294967295),
            "made": number(0, 9007199254740991),
        }),
    }),
    out: object({"least": number(0, 9007199254740991)}),
  },
  "clock/now": {
    in: object({
        "wall": number(0, 9007199254740991),
        "least": number(0, 9007199254740991),
        "running": number(0, 9007199254740991),
        "valid_until": number(0, 9007199254740991),
    }),
    out: object({"now": number(0, 9007199254740991)}),
  },
  "grant/open": {
    in: object({
        "account_id": hex(16),
        "state": nullable(hex()),
        "kind": name("master", "scoped"),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
        "keys_held": boolean(),
        "grant": hex(),
    }),
    out: object({
        "kind": name("master", "scoped", "unchanged"),
        "token_key": when("kind", ["scoped"], hex(64)),
        "agent_key": when("kind", ["scoped"], hex(32)),
        "master_key": when("kind", ["master"], hex(32)),
    }),
  },
  "token/seal": {
    in: object({
        "token_key": hex(64),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "field": name("employee_name", "application_name", "window_title", "url", "document_name"),
        "value": hex(),
    }),
    out: object({"token": hex()}),
  },
  "blob/seal": {
    in: object({
        "agent_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "agent_id": hex(16),
        "field": name(
            "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
        "salt": hex(24),
        "content": hex(),
    }),
    out: object({"blob": hex()}),
  },
  "capture/value": {
    in: object({"text": hex()}),
    out: object({"value": hex(0, 4095)}),
  },
  "capture/seal": {
    in: object({
        "token_key": hex(64),
        "agent_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "agent_id": hex(16),
        "captures": list(hex(), 1),
        "salts": list(hex(24)),
    }),
    out: object({"records": list(hex()), "blobs": list(hex())}),
  },
  "batch/sign": {
    in: object({
        "seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "agent_id": hex(16),
        "sequence": number(1, 9007199254740991),
        "previous": hex(32),
        "made": number(0, 9007199254740991),
        "state_generation": number(1, 4294967295),
        "state_counter": number(0, 9007199254740991),
        "state": hex(32),
        "records": list(object({
            "kind": name(
                "application", "website", "document", "idle", "keystrokes", "clipboard", "chat", "screenshot",
                "camera_shot", "voice"),
            "start": number(0, 9007199254740991),
            "duration": number(0, 4294967295),
            "items": list(either({"token": hex(), "blob": hex()})),
        }), 1),
    }),
    out: object({"batch": hex()}),
  },
  "spool/recover": {
    in: object({
        "device_key": hex(32),
        "account_id": hex(16),
        "agent_id": hex(16),
        "segment": hex(),
    }),
    out: object({
        "error": nullable(text()),
        "payloads": list(hex()),
        "damage": list(object({
            "offset": number(0, 9007199254740991),
            "length": number(0, 9007199254740991),
            "code": text(),
        })),
        "notes": list(object({"offset": number(0, 9007199254740991), "code": text()})),
        "torn": nullable(number(0, 9007199254740991)),
    }),
  },
  "local-state/open": {
    in: object({"device_key": hex(32), "message": hex()}),
    out: object({"contents": hex()}),
  },
  "agent/machine": {
    in: object({
        "phase": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
        "event": name(
            "code", "code_above", "code_of_manager", "code_of_other", "state", "state_of_keys", "state_revokes",
            "grant", "grant_listed", "capture", "activity", "activity_expired", "service_off", "state_lost"),
    }),
    out: object({
        "next": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
        "error": nullable(text()),
    }),
  },
  "agent/run": {
    in: object({
        "code": text(),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
        "nonce": hex(32),
        "steps": list(object({
            "event": name(
                "code", "state", "grant", "capture", "activity", "service_off", "restart", "restart_damaged"),
            "message": nullable(hex()),
            "runs": number(0, 9007199254740991),
            "wall": number(0, 9007199254740991),
        })),
    }),
    out: object({
        "results": list(object({
            "phase": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
            "code": nullable(text()),
            "now": number(0, 9007199254740991),
        })),
    }),
  },
  "blob/seal-random": {
    in: object({
        "agent_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "agent_id": hex(16),
        "field": name(
            "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
        "content": hex(),
    }),
    out: object({"blob": hex()}),
  },
  "person-keys/make-random": {
    in: object({
        "account_id": hex(16),
        "counter": number(1, 9007199254740991),
        "iterations": number(0, 4294967295),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "seal_salt": hex(24),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
    }),
    out: object({
        "keys": hex(429),
        "person_id": hex(16),
        "login_id": hex(32),
        "login_key": hex(32),
        "login_verifier": hex(32),
    }),
  },
  "enrolment/request-random": {
    in: object({"code": text(), "p": hex(128), "q": hex(128), "seed": hex(32)}),
    out: object({"request": hex(440), "agent_id": hex(16)}),
  },
  "grant/make-random": {
    in: object({
        "seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "kind": name("master", "scoped"),
        "recipient": hex(16),
        "modulus": hex(256),
        "verify_key": hex(32),
        "master_key": hex(32),
    }),
    out: object({"grant": hex(425)}),
  },
  "code/random": {
    in: object({
        "account_id": hex(16),
        "generation": number(1, 4294967295),
        "made": number(0, 9007199254740991),
        "kind": name("master", "scoped"),
        "role": name("agent", "manager"),
    }),
    out: object({"text": hex(86)}),
  },
  "agent/open": {
    in: object({
        "code": text(),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
        "nonce": hex(32),
    }),
    out: object({
        "handle": number(0, 9007199254740991),
        "phase": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
    }),
  },
  "agent/step": {
    in: object({
        "handle": number(0, 9007199254740991),
        "event": name(
            "code", "state", "grant", "capture", "activity", "service_off", "restart", "restart_damaged"),
        "message": nullable(hex()),
        "runs": number(0, 9007199254740991),
        "wall": number(0, 9007199254740991),
    }),
    out: object({
        "phase": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
        "code": nullable(text()),
        "now": number(0, 9007199254740991),
    }),
  },
  "agent/close": {
    in: object({"handle": number(0, 9007199254740991)}),
    out: object({}),
  },
  "owner/open": {
    in: object({
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "durable": boolean(),
    }),
    out: object({
        "handle": number(0, 9007199254740991),
        "phase": name("absent", "locked", "open", "settling"),
    }),
  },
  "owner/step": {
    in: object({
        "handle": number(0, 9007199254740991),
        "event": name(
            "open", "confirm", "edit", "renew_certificate", "rotate", "repair", "request", "stored", "other",
            "no_answer", "discard", "lock", "restart", "restart_lost"),
        "messages": nullable(object({
            "head": hex(),
            "person_keys": hex(),
            "account_state": hex(),
            "password_wrap": nullable(hex()),
            "grant": nullable(hex()),
            "owner_vault": hex(),
            "rule_set": nullable(hex()),
        })),
        "message": nullable(hex()),
        "says": object({
            "password_changed": boolean(),
            "newest": boolean(),
            "without_storage": boolean(),
            "clock": boolean(),
        }),
        "now": number(0, 9007199254740991),
    }),
    out: object({
        "phase": name("absent", "locked", "open", "settling"),
        "code": nullable(text()),
        "findings": list(text()),
        "generation": number(0, 4294967295),
    }),
  },
  "owner/close": {
    in: object({"handle": number(0, 9007199254740991)}),
    out: object({}),
  },
};
