// The operations of vectors/README.md and the types of their members.
//
// Made by `tools/run generate operations` of spec/operations.json; not edited by hand.

import { boolean, either, hex, list, name, nullable, number, object, text, when } from "./value-types.mjs";

/** @type {Record<string, import("./value-types.mjs").OperationType>} */
export const OPERATION_TYPES = {
  "hash": {
    in: object({
        "label": name("account-id", "agent-id", "password-salt", "login-verifier", "frame-check"),
        "data": hex(),
    }),
    out: object({"hash": hex(32)}),
  },
  "derive": {
    in: object({
        "key": hex(),
        "label": name(
            "password-wrap", "password-commitment", "login", "token", "agent", "private-keys", "vault",
            "commitment", "blob", "spool", "enrolment-mac", "local-state"),
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
        "private_keys_key": hex(32),
        "vault_key": hex(32),
        "commitment": hex(32),
        "blob_key": hex(32),
        "spool_key": hex(32),
    }),
  },
  "account-id": {
    in: object({"verify_key": hex(32)}),
    out: object({"account_id": hex(16)}),
  },
  "agent-id": {
    in: object({"modulus": hex(256), "verify_key": hex(32)}),
    out: object({"agent_id": hex(16)}),
  },
  "wire/PasswordWrap": {
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
  "wire/Grant": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/PrivateKeys": {
    in: object({"message": hex()}),
    out: object({"message": hex()}),
  },
  "wire/AccountState": {
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
    out: object({"account_id": hex(16), "secret": hex(16)}),
  },
  "text/code-encode": {
    in: object({"account_id": hex(16), "secret": hex(16)}),
    out: object({"text": hex(63)}),
  },
  "text/account-secret": {
    in: object({"text": hex()}),
    out: object({"account_id": hex(16), "secret": hex(16)}),
  },
  "text/account-secret-encode": {
    in: object({"account_id": hex(16), "secret": hex(16)}),
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
  "password/wrap": {
    in: object({
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "iterations": number(0, 4294967295),
        "salt": hex(32),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "master_key": hex(32),
    }),
    out: object({"wrap": hex(141), "login_key": hex(32), "login_verifier": hex(32)}),
  },
  "password/login": {
    in: object({
        "head": hex(),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "pin": nullable(object({
            "account_id": hex(16),
            "salt": hex(32),
            "counter": number(0, 9007199254740991),
            "epoch": number(1, 4294967295),
        })),
    }),
    out: object({"login_key": hex(32), "login_verifier": hex(32)}),
  },
  "password/open": {
    in: object({
        "wrap": hex(),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "pin": nullable(object({
            "account_id": hex(16),
            "salt": hex(32),
            "counter": number(0, 9007199254740991),
            "epoch": number(1, 4294967295),
        })),
    }),
    out: object({"master_key": hex(32)}),
  },
  "private-keys/open": {
    in: object({
        "master_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "message": hex(),
        "state": nullable(hex()),
    }),
    out: object({"p": hex(128), "q": hex(128), "seed": hex(32)}),
  },
  "vault/open": {
    in: object({
        "master_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "message": hex(),
        "pinned_counter": number(0, 9007199254740991),
        "state": nullable(hex()),
        "wrap": nullable(hex()),
    }),
    out: object({"contents": hex()}),
  },
  "enrolment/verify": {
    in: object({
        "account_id": hex(16),
        "request": hex(),
        "codes": list(object({
            "secret": hex(16),
            "role": name("agent", "manager"),
            "approval": name("automatic", "manual"),
            "uses_left": number(0, 65535),
            "expires": number(0, 9007199254740991),
            "nonces": list(hex(32)),
        })),
        "revoked": list(hex(16)),
        "rotation_due": boolean(),
        "now": number(0, 9007199254740991),
        "approved": boolean(),
    }),
    out: object({"agent_id": hex(16), "code": number(0, 9007199254740991)}),
  },
  "grant/make": {
    in: object({
        "account_seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "kind": name("master", "scoped"),
        "recipient": hex(16),
        "modulus": hex(256),
        "master_key": hex(32),
        "oaep_seed": hex(20),
    }),
    out: object({"grant": hex(369)}),
  },
  "state/make": {
    in: object({
        "account_seed": hex(32),
        "modulus": hex(256),
        "epoch": number(1, 4294967295),
        "counter": number(1, 9007199254740991),
        "master_key": hex(32),
        "rule_set": hex(32),
        "previous": hex(32),
        "revoked": list(hex(16)),
    }),
    out: object({"state": hex()}),
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
        "blob": hex(),
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
        "members": list(object({"agent_id": hex(16), "verify_key": hex(32)})),
        "agent_id": hex(16),
        "state_counter": number(0, 9007199254740991),
        "start": object({
            "sequence": number(0, 9007199254740991),
            "hash": hex(32),
            "state_counter": number(0, 9007199254740991),
        }),
        "batches": list(hex()),
    }),
    out: object({
        "findings": list(object({"batch": number(0, 9007199254740991), "code": text()})),
        "totals": list(object({
            "field": name(
                "employee_name", "application_name", "window_title", "url", "document_name"),
            "v": hex(16),
            "milliseconds": number(0, 9007199254740991),
        })),
        "end": object({
            "sequence": number(0, 9007199254740991),
            "hash": hex(32),
            "state_counter": number(0, 9007199254740991),
        }),
    }),
  },
  "rules/make": {
    in: object({
        "account_seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "token_key": hex(64),
        "definitions": list(object({
            "field": name(
                "employee_name", "application_name", "window_title", "url", "document_name"),
            "category": name("productive", "neutral", "unproductive"),
            "seen": boolean(),
            "value": hex(),
        })),
    }),
    out: object({"rule_set": hex()}),
  },
  "rules/verify": {
    in: object({
        "account_id": hex(16),
        "verify_key": hex(32),
        "epoch": number(1, 4294967295),
        "last_counter": number(0, 9007199254740991),
        "expected_hash": hex(32),
        "rule_set": hex(),
    }),
    out: object({}),
  },
  "owner/machine": {
    in: object({
        "phase": name("absent", "locked", "open", "rotation_due"),
        "event": name(
            "create", "open", "open_due", "change_password", "make_code", "request", "grant", "revoke",
            "revoke_due", "rotate", "rules", "audit", "read", "lock"),
    }),
    out: object({
        "next": name("absent", "locked", "open", "rotation_due"),
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
        "last": nullable(hex()),
        "message": hex(),
    }),
    out: object({"event": name("state", "state_revokes", "unchanged")}),
  },
  "grant/open": {
    in: object({
        "account_id": hex(16),
        "state": nullable(hex()),
        "p": hex(128),
        "q": hex(128),
        "seed": hex(32),
        "last": nullable(object({"counter": number(0, 9007199254740991), "hash": hex(32)})),
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
  "batch/sign": {
    in: object({
        "seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "agent_id": hex(16),
        "sequence": number(1, 9007199254740991),
        "previous": hex(32),
        "state_counter": number(0, 9007199254740991),
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
        "agent_key": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
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
            "code", "state", "state_of_keys", "state_revokes", "grant", "activity", "service_off", "state_lost"),
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
                "code", "state", "grant", "activity", "service_off", "restart", "restart_damaged"),
            "message": nullable(hex()),
        })),
    }),
    out: object({
        "results": list(object({
            "phase": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
            "code": nullable(text()),
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
  "password/wrap-random": {
    in: object({
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "iterations": number(0, 4294967295),
        "login_name": hex(),
        "password": hex(),
        "account_secret": nullable(hex(16)),
        "master_key": hex(32),
    }),
    out: object({"wrap": hex(141), "login_key": hex(32), "login_verifier": hex(32)}),
  },
  "enrolment/request-random": {
    in: object({"code": text(), "p": hex(128), "q": hex(128), "seed": hex(32)}),
    out: object({"request": hex(440), "agent_id": hex(16)}),
  },
  "grant/make-random": {
    in: object({
        "account_seed": hex(32),
        "account_id": hex(16),
        "epoch": number(1, 4294967295),
        "counter": number(0, 9007199254740991),
        "kind": name("master", "scoped"),
        "recipient": hex(16),
        "modulus": hex(256),
        "master_key": hex(32),
    }),
    out: object({"grant": hex(369)}),
  },
  "code/random": {
    in: object({"account_id": hex(16)}),
    out: object({"text": hex(63)}),
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
            "code", "state", "grant", "activity", "service_off", "restart", "restart_damaged"),
        "message": nullable(hex()),
    }),
    out: object({
        "phase": name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
        "code": nullable(text()),
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
        "now": number(0, 9007199254740991),
    }),
    out: object({
        "handle": number(0, 9007199254740991),
        "phase": name("absent", "locked", "open", "rotation_due"),
    }),
  },
  "owner/step": {
    in: object({
        "handle": number(0, 9007199254740991),
        "event": name("open", "lock", "restart", "request"),
        "messages": nullable(object({
            "password_wrap": hex(),
            "private_keys": hex(),
            "owner_vault": hex(),
            "account_state": hex(),
            "rule_set": nullable(hex()),
        })),
        "message": nullable(hex()),
    }),
    out: object({
        "phase": name("absent", "locked", "open", "rotation_due"),
        "code": nullable(text()),
    }),
  },
  "owner/close": {
    in: object({"handle": number(0, 9007199254740991)}),
    out: object({}),
  },
};
