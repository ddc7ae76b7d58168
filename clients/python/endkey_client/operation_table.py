"""The operations of vectors/README.md and the types of their members.

Made by `tools/run generate operations` of spec/operations.json; not edited by hand.
"""

from .value_types import Boolean, Either, Hex, List, Name, Nullable, Number, Object, OperationType, Text, When

OPERATION_TYPES: dict[str, OperationType] = {
    "hash": OperationType(
        Object({
            "label": Name(
                "account-id", "agent-id", "password-salt", "login-verifier", "frame-check"),
            "data": Hex(),
        }),
        Object({"hash": Hex(32)})),
    "derive": OperationType(
        Object({
            "key": Hex(),
            "label": Name(
                "password-wrap", "password-commitment", "login", "token", "agent", "private-keys", "vault",
                "commitment", "blob", "spool", "enrolment-mac", "local-state"),
            "context": Hex(),
        }),
        Object({"key": Hex(32, 64)})),
    "pbkdf2": OperationType(
        Object({"password": Hex(), "salt": Hex(), "iterations": Number(1, 10000000)}),
        Object({"key": Hex(32)})),
    "hmac": OperationType(
        Object({"key": Hex(), "data": Hex()}),
        Object({"mac": Hex(32)})),
    "kw/wrap": OperationType(
        Object({"kek": Hex(32), "key": Hex(32)}),
        Object({"wrapped": Hex(40)})),
    "kw/unwrap": OperationType(
        Object({"kek": Hex(32), "wrapped": Hex()}),
        Object({"key": Hex(32)})),
    "oaep/encrypt": OperationType(
        Object({"modulus": Hex(), "seed": Hex(20), "message": Hex(0, 214)}),
        Object({"ciphertext": Hex(256)})),
    "oaep/decrypt": OperationType(
        Object({"p": Hex(128), "q": Hex(128), "ciphertext": Hex()}),
        Object({"message": Hex(0, 214)})),
    "rsa/check": OperationType(
        Object({"modulus": Hex()}),
        Object({})),
    "ed25519/sign": OperationType(
        Object({"seed": Hex(32), "message": Hex()}),
        Object({"verify_key": Hex(32), "signature": Hex(64)})),
    "ed25519/verify": OperationType(
        Object({"verify_key": Hex(), "message": Hex(), "signature": Hex()}),
        Object({})),
    "siv/seal": OperationType(
        Object({"key": Hex(64), "ad": Hex(), "plaintext": Hex()}),
        Object({"v": Hex(16), "c": Hex()})),
    "siv/open": OperationType(
        Object({"key": Hex(64), "ad": Hex(), "v": Hex(), "c": Hex()}),
        Object({"plaintext": Hex()})),
    "sealed/seal": OperationType(
        Object({"key": Hex(32), "context": Hex(), "salt": Hex(24), "plaintext": Hex()}),
        Object({"sealed": Hex(72, 16777215)})),
    "sealed/open": OperationType(
        Object({"key": Hex(32), "context": Hex(), "sealed": Hex()}),
        Object({"plaintext": Hex()})),
    "normal/password": OperationType(
        Object({"password": Hex()}),
        Object({"normal": Hex(1, 1024)})),
    "normal/login-name": OperationType(
        Object({"login_name": Hex()}),
        Object({"normal": Hex(1, 255)})),
    "keys": OperationType(
        Object({
            "master_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
        }),
        Object({
            "token_key": Hex(64),
            "agent_key": Hex(32),
            "private_keys_key": Hex(32),
            "vault_key": Hex(32),
            "commitment": Hex(32),
            "blob_key": Hex(32),
            "spool_key": Hex(32),
        })),
    "account-id": OperationType(
        Object({"verify_key": Hex(32)}),
        Object({"account_id": Hex(16)})),
    "agent-id": OperationType(
        Object({"modulus": Hex(256), "verify_key": Hex(32)}),
        Object({"agent_id": Hex(16)})),
    "wire/PasswordWrap": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/OwnerVault": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/EnrolmentRequest": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/Grant": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/PrivateKeys": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/AccountState": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/SealedBlob": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/RecordBatch": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/RuleSet": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/Token": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/LocalState": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/SpoolHeader": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "text/token": OperationType(
        Object({"text": Hex()}),
        Object({"bytes": Hex()})),
    "text/token-encode": OperationType(
        Object({"bytes": Hex()}),
        Object({"text": Hex()})),
    "text/blob": OperationType(
        Object({"text": Hex()}),
        Object({"bytes": Hex()})),
    "text/blob-encode": OperationType(
        Object({"bytes": Hex()}),
        Object({"text": Hex()})),
    "text/code": OperationType(
        Object({"text": Hex()}),
        Object({"account_id": Hex(16), "secret": Hex(16)})),
    "text/code-encode": OperationType(
        Object({"account_id": Hex(16), "secret": Hex(16)}),
        Object({"text": Hex(63)})),
    "text/account-secret": OperationType(
        Object({"text": Hex()}),
        Object({"account_id": Hex(16), "secret": Hex(16)})),
    "text/account-secret-encode": OperationType(
        Object({"account_id": Hex(16), "secret": Hex(16)}),
        Object({"text": Hex(63)})),
    "scan": OperationType(
        Object({"text": Hex()}),
        Object({
            "matches": List(Object({
                "kind": Name("token", "blob"),
                "start": Number(0, 9007199254740991),
                "end": Number(0, 9007199254740991),
            })),
            "skipped": List(Object({"offset": Number(0, 9007199254740991), "code": Text()})),
        })),
    "password/wrap": OperationType(
        Object({
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "iterations": Number(0, 4294967295),
            "salt": Hex(32),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "master_key": Hex(32),
        }),
        Object({"wrap": Hex(141), "login_key": Hex(32), "login_verifier": Hex(32)})),
    "password/login": OperationType(
        Object({
            "head": Hex(),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "pin": Nullable(Object({
                "account_id": Hex(16),
                "salt": Hex(32),
                "counter": Number(0, 9007199254740991),
                "epoch": Number(1, 4294967295),
            })),
        }),
        Object({"login_key": Hex(32), "login_verifier": Hex(32)})),
    "password/open": OperationType(
        Object({
            "wrap": Hex(),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "pin": Nullable(Object({
                "account_id": Hex(16),
                "salt": Hex(32),
                "counter": Number(0, 9007199254740991),
                "epoch": Number(1, 4294967295),
            })),
        }),
        Object({"master_key": Hex(32)})),
    "private-keys/open": OperationType(
        Object({
            "master_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "message": Hex(),
            "state": Nullable(Hex()),
        }),
        Object({"p": Hex(128), "q": Hex(128), "seed": Hex(32)})),
    "vault/open": OperationType(
        Object({
            "master_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "message": Hex(),
            "pinned_counter": Number(0, 9007199254740991),
            "state": Nullable(Hex()),
            "wrap": Nullable(Hex()),
        }),
        Object({"contents": Hex()})),
    "enrolment/verify": OperationType(
        Object({
            "account_id": Hex(16),
            "request": Hex(),
            "codes": List(Object({
                "secret": Hex(16),
                "role": Name("agent", "manager"),
                "approval": Name("automatic", "manual"),
                "uses_left": Number(0, 65535),
                "expires": Number(0, 9007199254740991),
                "nonces": List(Hex(32)),
            })),
            "revoked": List(Hex(16)),
            "rotation_due": Boolean(),
            "now": Number(0, 9007199254740991),
            "approved": Boolean(),
        }),
        Object({"agent_id": Hex(16), "code": Number(0, 9007199254740991)})),
    "grant/make": OperationType(
        Object({
            "account_seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "kind": Name("master", "scoped"),
            "recipient": Hex(16),
            "modulus": Hex(256),
            "master_key": Hex(32),
            "oaep_seed": Hex(20),
        }),
        Object({"grant": Hex(369)})),
    "state/make": OperationType(
        Object({
            "account_seed": Hex(32),
            "modulus": Hex(256),
            "epoch": Number(1, 4294967295),
            "counter": Number(1, 9007199254740991),
            "master_key": Hex(32),
            "rule_set": Hex(32),
            "previous": Hex(32),
            "revoked": List(Hex(16)),
        }),
        Object({"state": Hex()})),
    "token/open": OperationType(
        Object({
            "account_id": Hex(16),
            "keys": List(Object({"epoch": Number(1, 4294967295), "token_key": Hex(64)})),
            "token": Hex(),
        }),
        Object({
            "field": Name(
                "employee_name", "application_name", "window_title", "url", "document_name"),
            "epoch": Number(1, 4294967295),
            "value": Hex(0, 4095),
        })),
    "blob/open": OperationType(
        Object({
            "account_id": Hex(16),
            "keys": List(Object({
                "epoch": Number(1, 4294967295),
                "agent_id": Hex(16),
                "agent_key": Hex(32),
            })),
            "blob": Hex(),
            "reference": Nullable(Object({
                "field": Name(
                    "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
                "length": Number(0, 9007199254740991),
                "digest": Hex(32),
            })),
        }),
        Object({
            "field": Name(
                "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
            "agent_id": Hex(16),
            "content": Hex(),
        })),
    "batch/audit": OperationType(
        Object({
            "account_id": Hex(16),
            "members": List(Object({"agent_id": Hex(16), "verify_key": Hex(32)})),
            "agent_id": Hex(16),
            "state_counter": Number(0, 9007199254740991),
            "start": Object({
                "sequence": Number(0, 9007199254740991),
                "hash": Hex(32),
                "state_counter": Number(0, 9007199254740991),
            }),
            "batches": List(Hex()),
        }),
        Object({
            "findings": List(Object({"batch": Number(0, 9007199254740991), "code": Text()})),
            "totals": List(Object({
                "field": Name(
                    "employee_name", "application_name", "window_title", "url", "document_name"),
                "v": Hex(16),
                "milliseconds": Number(0, 9007199254740991),
            })),
            "end": Object({
                "sequence": Number(0, 9007199254740991),
                "hash": Hex(32),
                "state_counter": Number(0, 9007199254740991),
            }),
        })),
    "rules/make": OperationType(
        Object({
            "account_seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "token_key": Hex(64),
            "definitions": List(Object({
                "field": Name(
                    "employee_name", "application_name", "window_title", "url", "document_name"),
                "category": Name("productive", "neutral", "unproductive"),
                "seen": Boolean(),
                "value": Hex(),
            })),
        }),
        Object({"rule_set": Hex()})),
    "rules/verify": OperationType(
        Object({
            "account_id": Hex(16),
            "verify_key": Hex(32),
            "epoch": Number(1, 4294967295),
            "last_counter": Number(0, 9007199254740991),
            "expected_hash": Hex(32),
            "rule_set": Hex(),
        }),
        Object({})),
    "owner/machine": OperationType(
        Object({
            "phase": Name("absent", "locked", "open", "rotation_due"),
            "event": Name(
                "create", "open", "open_due", "change_password", "make_code", "request", "grant", "revoke",
                "revoke_due", "rotate", "rules", "audit", "read", "lock"),
        }),
        Object({
            "next": Name("absent", "locked", "open", "rotation_due"),
            "error": Nullable(Text()),
        })),
    "enrolment/request": OperationType(
        Object({
            "code": Text(),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
            "nonce": Hex(32),
        }),
        Object({"request": Hex(440), "agent_id": Hex(16)})),
    "state/accept": OperationType(
        Object({
            "account_id": Hex(16),
            "agent_id": Nullable(Hex(16)),
            "last": Nullable(Hex()),
            "message": Hex(),
        }),
        Object({"event": Name("state", "state_revokes", "unchanged")})),
    "grant/open": OperationType(
        Object({
            "account_id": Hex(16),
            "state": Nullable(Hex()),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
            "last": Nullable(Object({"counter": Number(0, 9007199254740991), "hash": Hex(32)})),
            "grant": Hex(),
        }),
        Object({
            "kind": Name("master", "scoped", "unchanged"),
            "token_key": When("kind", ("scoped",), Hex(64)),
            "agent_key": When("kind", ("scoped",), Hex(32)),
            "master_key": When("kind", ("master",), Hex(32)),
        })),
    "token/seal": OperationType(
        Object({
            "token_key": Hex(64),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "field": Name(
                "employee_name", "application_name", "window_title", "url", "document_name"),
            "value": Hex(),
        }),
        Object({"token": Hex()})),
    "blob/seal": OperationType(
        Object({
            "agent_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
            "field": Name(
                "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
            "salt": Hex(24),
            "content": Hex(),
        }),
        Object({"blob": Hex()})),
    "batch/sign": OperationType(
        Object({
            "seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
            "sequence": Number(1, 9007199254740991),
            "previous": Hex(32),
            "state_counter": Number(0, 9007199254740991),
            "records": List(Object({
                "kind": Name(
                    "application", "website", "document", "idle", "keystrokes", "clipboard", "chat", "screenshot",
                    "camera_shot", "voice"),
                "start": Number(0, 9007199254740991),
                "duration": Number(0, 4294967295),
                "items": List(Either({"token": Hex(), "blob": Hex()})),
            }), 1),
        }),
        Object({"batch": Hex()})),
    "spool/recover": OperationType(
        Object({
            "agent_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
            "segment": Hex(),
        }),
        Object({
            "error": Nullable(Text()),
            "payloads": List(Hex()),
            "damage": List(Object({
                "offset": Number(0, 9007199254740991),
                "length": Number(0, 9007199254740991),
                "code": Text(),
            })),
            "notes": List(Object({"offset": Number(0, 9007199254740991), "code": Text()})),
            "torn": Nullable(Number(0, 9007199254740991)),
        })),
    "local-state/open": OperationType(
        Object({"device_key": Hex(32), "message": Hex()}),
        Object({"contents": Hex()})),
    "agent/machine": OperationType(
        Object({
            "phase": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
            "event": Name(
                "code", "state", "state_of_keys", "state_revokes", "grant", "activity", "service_off", "state_lost"),
        }),
        Object({
            "next": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
            "error": Nullable(Text()),
        })),
    "agent/run": OperationType(
        Object({
            "code": Text(),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
            "nonce": Hex(32),
            "steps": List(Object({
                "event": Name(
                    "code", "state", "grant", "activity", "service_off", "restart", "restart_damaged"),
                "message": Nullable(Hex()),
            })),
        }),
        Object({
            "results": List(Object({
                "phase": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
                "code": Nullable(Text()),
            })),
        })),
    "blob/seal-random": OperationType(
        Object({
            "agent_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
            "field": Name(
                "keystrokes", "clipboard", "chat_text", "screenshot", "camera_shot", "voice"),
            "content": Hex(),
        }),
        Object({"blob": Hex()})),
    "password/wrap-random": OperationType(
        Object({
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "iterations": Number(0, 4294967295),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "master_key": Hex(32),
        }),
        Object({"wrap": Hex(141), "login_key": Hex(32), "login_verifier": Hex(32)})),
    "enrolment/request-random": OperationType(
        Object({"code": Text(), "p": Hex(128), "q": Hex(128), "seed": Hex(32)}),
        Object({"request": Hex(440), "agent_id": Hex(16)})),
    "grant/make-random": OperationType(
        Object({
            "account_seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "kind": Name("master", "scoped"),
            "recipient": Hex(16),
            "modulus": Hex(256),
            "master_key": Hex(32),
        }),
        Object({"grant": Hex(369)})),
    "code/random": OperationType(
        Object({"account_id": Hex(16)}),
        Object({"text": Hex(63)})),
    "agent/open": OperationType(
        Object({
            "code": Text(),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
            "nonce": Hex(32),
        }),
        Object({
            "handle": Number(0, 9007199254740991),
            "phase": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
        })),
    "agent/step": OperationType(
        Object({
            "handle": Number(0, 9007199254740991),
            "event": Name(
                "code", "state", "grant", "activity", "service_off", "restart", "restart_damaged"),
            "message": Nullable(Hex()),
        }),
        Object({
            "phase": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
            "code": Nullable(Text()),
        })),
    "agent/close": OperationType(
        Object({"handle": Number(0, 9007199254740991)}),
        Object({})),
    "owner/open": OperationType(
        Object({
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "now": Number(0, 9007199254740991),
        }),
        Object({
            "handle": Number(0, 9007199254740991),
            "phase": Name("absent", "locked", "open", "rotation_due"),
        })),
    "owner/step": OperationType(
        Object({
            "handle": Number(0, 9007199254740991),
            "event": Name("open", "lock", "restart", "request"),
            "messages": Nullable(Object({
                "password_wrap": Hex(),
                "private_keys": Hex(),
                "owner_vault": Hex(),
                "account_state": Hex(),
                "rule_set": Nullable(Hex()),
            })),
            "message": Nullable(Hex()),
        }),
        Object({
            "phase": Name("absent", "locked", "open", "rotation_due"),
            "code": Nullable(Text()),
        })),
    "owner/close": OperationType(
        Object({"handle": Number(0, 9007199254740991)}),
        Object({})),
}
