"""The operations of vectors/README.md and the types of their members.

Made by `tools/run generate operations` of spec/operations.json; not edited by hand.
"""

from .value_types import Boolean, Either, Hex, List, Name, Nullable, Number, Object, OperationType, Text, When

OPERATION_TYPES: dict[str, OperationType] = {
    "hash": OperationType(
        Object({
            "label": Name(
                "account-id", "agent-id", "password-salt", "login-id", "login-verifier", "frame-check"),
            "data": Hex(),
        }),
        Object({"hash": Hex(32)})),
    "derive": OperationType(
        Object({
            "key": Hex(),
            "label": Name(
                "person-keys", "password-wrap", "password-commitment", "login", "token", "agent", "vault",
                "commitment", "blob", "spool", "upload", "local-state", "enrolment-mac", "admission", "recovery"),
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
            "vault_key": Hex(32),
            "commitment": Hex(32),
            "blob_key": Hex(32),
        })),
    "account-id": OperationType(
        Object({"root_key": Hex(32)}),
        Object({"account_id": Hex(16)})),
    "agent-id": OperationType(
        Object({"modulus": Hex(256), "verify_key": Hex(32)}),
        Object({"agent_id": Hex(16)})),
    "wire/PersonKeys": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/PasswordWrap": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/AccountState": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/OwnerVault": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/EnrolmentRequest": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/PersonRequest": OperationType(
        Object({"message": Hex()}),
        Object({"message": Hex()})),
    "wire/Grant": OperationType(
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
    "wire/Capture": OperationType(
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
        Object({
            "account_id": Hex(16),
            "secret": Hex(16),
            "generation": Number(1, 4294967295),
            "made": Number(0, 9007199254740991),
            "kind": Name("master", "scoped"),
            "role": Name("agent", "manager"),
        })),
    "text/code-encode": OperationType(
        Object({
            "account_id": Hex(16),
            "secret": Hex(16),
            "generation": Number(1, 4294967295),
            "made": Number(0, 9007199254740991),
            "kind": Name("master", "scoped"),
            "role": Name("agent", "manager"),
        }),
        Object({"text": Hex(86)})),
    "text/account-secret": OperationType(
        Object({"text": Hex()}),
        Object({"account_id": Hex(16), "secret": Hex(16)})),
    "text/account-secret-encode": OperationType(
        Object({"account_id": Hex(16), "secret": Hex(16)}),
        Object({"text": Hex(63)})),
    "text/recovery": OperationType(
        Object({"text": Hex()}),
        Object({"seed": Hex(32)})),
    "text/recovery-encode": OperationType(
        Object({"seed": Hex(32)}),
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
    "password/login": OperationType(
        Object({
            "head": Hex(),
            "pinned_head": Nullable(Hex(69)),
            "password_changed": Boolean(),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
        }),
        Object({"login_id": Hex(32), "login_key": Hex(32), "login_verifier": Hex(32)})),
    "person-keys/make": OperationType(
        Object({
            "account_id": Hex(16),
            "counter": Number(1, 9007199254740991),
            "iterations": Number(0, 4294967295),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "salt": Hex(32),
            "seal_salt": Hex(24),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
        }),
        Object({
            "keys": Hex(429),
            "person_id": Hex(16),
            "login_id": Hex(32),
            "login_key": Hex(32),
            "login_verifier": Hex(32),
        })),
    "person-keys/open": OperationType(
        Object({
            "head": Hex(69),
            "keys": Hex(),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
        }),
        Object({"p": Hex(128), "q": Hex(128), "seed": Hex(32), "person_id": Hex(16)})),
    "password/wrap": OperationType(
        Object({
            "head": Hex(69),
            "epoch": Number(1, 4294967295),
            "master_key": Hex(32),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
        }),
        Object({"wrap": Hex(96)})),
    "password/open": OperationType(
        Object({
            "head": Hex(69),
            "wrap": Hex(),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
        }),
        Object({"master_key": Hex(32)})),
    "vault/make": OperationType(
        Object({
            "seed": Hex(32),
            "master_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "salt": Hex(24),
            "contents": Hex(),
        }),
        Object({"vault": Hex()})),
    "vault/open": OperationType(
        Object({
            "state": Hex(),
            "master_key": Hex(32),
            "person_id": Hex(16),
            "person_keys": Hex(429),
            "vault": Hex(),
        }),
        Object({"contents": Hex()})),
    "person/open": OperationType(
        Object({
            "pins": Nullable(Hex()),
            "password_changed": Boolean(),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "messages": Object({
                "head": Hex(),
                "person_keys": Hex(),
                "account_state": Hex(),
                "password_wrap": Nullable(Hex()),
                "grant": Nullable(Hex()),
                "owner_vault": Hex(),
                "rule_set": Nullable(Hex()),
            }),
            "kept": List(Object({
                "person_keys": Hex(),
                "account_state": Hex(),
                "password_wrap": Nullable(Hex()),
                "grant": Nullable(Hex()),
                "owner_vault": Hex(),
                "rule_set": Nullable(Hex()),
            })),
            "now": Number(0, 9007199254740991),
        }),
        Object({
            "person_id": Hex(16),
            "role": Name("owner", "manager"),
            "master_key": Hex(32),
            "contents": Hex(),
            "findings": List(Text()),
            "expired": Boolean(),
            "pins": Hex(),
            "aside": Nullable(Object({
                "vault_hash": Hex(32),
                "counter": Number(0, 9007199254740991),
                "state": Nullable(Hex()),
                "keys": List(Object({"epoch": Number(1, 4294967295), "master_key": Hex(32)})),
            })),
            "missing": List(Object({
                "keys": List(Object({"epoch": Number(1, 4294967295), "master_key": Hex(32)})),
            })),
        })),
    "enrolment/verify": OperationType(
        Object({
            "account_id": Hex(16),
            "request": Hex(),
            "codes": List(Object({
                "id": Hex(8),
                "secret": Hex(16),
                "role": Name("agent", "manager"),
                "kind": Name("master", "scoped"),
                "approval": Name("automatic", "manual"),
                "uses_left": Number(0, 65535),
                "expires": Number(0, 9007199254740991),
                "nonces": List(Hex(32)),
            })),
            "members": List(Object({
                "agent_id": Hex(16),
                "status": Name("granted", "retired", "removed"),
            })),
            "persons": List(Object({"person_id": Hex(16), "status": Name("granted", "removed")})),
            "root": Boolean(),
            "now": Number(0, 9007199254740991),
            "approved": Boolean(),
        }),
        Object({
            "agent_id": Hex(16),
            "code_id": Hex(8),
            "kind": Name("master", "scoped"),
            "role": Name("agent", "manager"),
        })),
    "certificate/make": OperationType(
        Object({
            "root_seed": Hex(32),
            "generation": Number(1, 4294967295),
            "certificate_from": Number(0, 9007199254740991),
            "certificate_until": Number(0, 9007199254740991),
            "signers": List(Object({"verify_key": Hex(32), "person_id": Hex(16)}), 1),
        }),
        Object({"account_id": Hex(16), "certificate": Hex(64)})),
    "state/make": OperationType(
        Object({
            "seed": Hex(32),
            "master_key": Hex(32),
            "epoch": Number(1, 4294967295),
            "counter": Number(0, 9007199254740991),
            "made": Number(0, 9007199254740991),
            "valid_until": Number(0, 9007199254740991),
            "root_key": Hex(32),
            "generation": Number(1, 4294967295),
            "certificate_from": Number(0, 9007199254740991),
            "certificate_until": Number(0, 9007199254740991),
            "signers": List(Object({"verify_key": Hex(32), "person_id": Hex(16)}), 1),
            "certificate": Hex(64),
            "revoked": List(Hex(16)),
        }),
        Object({"state": Hex()})),
    "grant/make": OperationType(
        Object({
            "seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "kind": Name("master", "scoped"),
            "recipient": Hex(16),
            "modulus": Hex(256),
            "verify_key": Hex(32),
            "master_key": Hex(32),
            "oaep_seed": Hex(20),
        }),
        Object({"grant": Hex(425)})),
    "publication/make": OperationType(
        Object({
            "act": Name(
                "edit", "renew_certificate", "rotate", "retire", "remove", "add_person", "remove_person", "repair"),
            "seed": Hex(32),
            "state": Hex(),
            "vault": Hex(),
            "master_key": Hex(32),
            "contents": Hex(),
            "aside": Nullable(Object({
                "vault_hash": Hex(32),
                "counter": Number(0, 9007199254740991),
                "state": Nullable(Hex()),
                "keys": List(Object({"epoch": Number(1, 4294967295), "master_key": Hex(32)})),
            })),
            "missing": List(Object({
                "keys": List(Object({"epoch": Number(1, 4294967295), "master_key": Hex(32)})),
            })),
            "remembered": Boolean(),
            "generation": Number(1, 4294967295),
            "durable": Boolean(),
            "says": Object({
                "newest": Boolean(),
                "without_storage": Boolean(),
                "clock": Boolean(),
            }),
            "now": Number(0, 9007199254740991),
            "agents": When("act", ("retire", "remove", "remove_person", "repair",), List(Hex(16))),
            "staying": When(
                "act", ("remove", "add_person", "remove_person", "repair",),
                List(Object({"agent_id": Hex(16), "kind": Name("master", "scoped")}))),
            "persons": When("act", ("remove_person",), List(Hex(16))),
            "person": When(
                "act", ("add_person",),
                Object({"modulus": Hex(256), "verify_key": Hex(32), "label": Hex(0, 255)})),
            "next_master_key": When(
                "act", ("rotate", "remove", "add_person", "remove_person", "repair",),
                Nullable(Hex(32))),
            "rule_set": Nullable(Hex()),
            "salt": Hex(24),
            "oaep_seeds": List(Hex(20)),
        }),
        Object({
            "expect": Hex(32),
            "state": Nullable(Hex()),
            "vault": Hex(),
            "contents": Hex(),
            "grants": List(Hex(425)),
            "generation": Number(1, 4294967295),
        })),
    "publication/settle": OperationType(
        Object({
            "pending": Object({
                "vault": Hex(32),
                "state": Nullable(Hex(32)),
                "generation": Number(1, 4294967295),
                "root_act": Boolean(),
                "asks": Boolean(),
            }),
            "base_state": Hex(32),
            "generation": Number(1, 4294967295),
            "answer": Name("stored", "other", "none", "discard"),
            "served": Nullable(Object({
                "vault": Hex(32),
                "recent": List(Hex(32)),
                "states": List(Hex(32), 1),
            })),
        }),
        Object({
            "outcome": Name("settled", "merge", "dead", "again"),
            "generation": Number(1, 4294967295),
        })),
    "publication/merge": OperationType(
        Object({"base": Hex(), "ours": Hex(), "theirs": Hex(), "expect": Hex(32)}),
        Object({"contents": Hex()})),
    "account/create": OperationType(
        Object({
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
            "master_key": Hex(32),
            "iterations": Number(0, 4294967295),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "retention_days": Number(7, 3650),
            "now": Number(0, 9007199254740991),
            "salt": Hex(32),
            "keys_salt": Hex(24),
            "vault_salt": Hex(24),
            "oaep_seed": Hex(20),
        }),
        Object({
            "account_id": Hex(16),
            "person_keys": Hex(429),
            "password_wrap": Hex(96),
            "account_state": Hex(),
            "owner_vault": Hex(),
            "contents": Hex(),
            "grant": Hex(425),
            "recovery_text": Hex(63),
            "login_id": Hex(32),
            "login_verifier": Hex(32),
            "recovery_verifier": Hex(32),
        })),
    "account/recover": OperationType(
        Object({
            "recovery_text": Hex(),
            "p": Hex(128),
            "q": Hex(128),
            "master_key": Hex(32),
            "head": Nullable(Hex()),
            "state": Hex(),
            "vault": Hex(),
            "generation": Number(1, 4294967295),
            "confirmed": Boolean(),
            "persons": List(Hex(440)),
            "members": List(Object({"agent_id": Hex(16), "kind": Name("master", "scoped")})),
            "iterations": Number(0, 4294967295),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "retention_days": Number(7, 3650),
            "now": Number(0, 9007199254740991),
            "salt": Hex(32),
            "keys_salt": Hex(24),
            "vault_salt": Hex(24),
            "oaep_seeds": List(Hex(20)),
        }),
        Object({
            "person_keys": Hex(429),
            "password_wrap": Hex(96),
            "account_state": Hex(),
            "owner_vault": Hex(),
            "contents": Hex(),
            "grants": List(Hex(425)),
            "login_id": Hex(32),
            "login_verifier": Hex(32),
            "recovery_verifier": Hex(32),
        })),
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
            "blob": Nullable(Hex()),
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
            "members": List(Object({"agent_id": Hex(16), "request": Nullable(Hex())})),
            "agent_id": Hex(16),
            "status": Name("granted", "retired", "removed"),
            "mark": Object({
                "sequence": Number(0, 9007199254740991),
                "hash": Hex(32),
                "generation": Number(0, 4294967295),
                "counter": Number(0, 9007199254740991),
            }),
            "kept": Object({"sequence": Number(0, 9007199254740991), "hash": Hex(32)}),
            "now": Number(0, 9007199254740991),
            "retention_days": Number(7, 3650),
            "states": List(Hex(56), 1),
            "keys": List(Object({"epoch": Number(1, 4294967295), "token_key": Hex(64)})),
            "erasures": List(Object({
                "first": Number(0, 9007199254740991),
                "last": Number(0, 9007199254740991),
                "before_hash": Hex(32),
                "last_hash": Hex(32),
            })),
            "erased": List(Object({
                "first": Number(0, 9007199254740991),
                "last": Number(0, 9007199254740991),
            })),
            "batches": List(Hex()),
        }),
        Object({
            "findings": List(Object({
                "batch": Nullable(Number(0, 9007199254740991)),
                "sequence": Nullable(Number(0, 9007199254740991)),
                "code": Text(),
            })),
            "totals": List(Object({"token": Hex(), "milliseconds": Number(0, 9007199254740991)})),
            "mark": Object({
                "sequence": Number(0, 9007199254740991),
                "hash": Hex(32),
                "generation": Number(0, 4294967295),
                "counter": Number(0, 9007199254740991),
            }),
            "erased": List(Object({
                "first": Number(0, 9007199254740991),
                "last": Number(0, 9007199254740991),
            })),
            "kept": Object({"sequence": Number(0, 9007199254740991), "hash": Hex(32)}),
        })),
    "rules/make": OperationType(
        Object({
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "keys": List(Object({"epoch": Number(1, 4294967295), "token_key": Hex(64)})),
            "definitions": List(Object({
                "field": Name(
                    "employee_name", "application_name", "window_title", "url", "document_name"),
                "category": Name("productive", "neutral", "unproductive"),
                "value": Hex(),
                "seen": Boolean(),
                "past": List(Number(1, 4294967295)),
            })),
        }),
        Object({"rule_set": Hex()})),
    "rules/open": OperationType(
        Object({
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "expected_hash": Hex(32),
            "rule_set": Nullable(Hex()),
        }),
        Object({})),
    "owner/machine": OperationType(
        Object({
            "phase": Name("absent", "locked", "open", "settling"),
            "event": Name(
                "create", "enrol", "enrol_as_agent", "recover", "recover_unconfirmed", "open", "open_pending",
                "confirm", "act", "root_act", "act_unconfirmed", "act_expired", "act_behind", "act_before_due",
                "act_without_root", "root_due", "audit", "read", "grants_missing", "wrap_missing", "stored",
                "lost_same", "lost_other", "no_answer", "discard", "lost_first", "lock"),
        }),
        Object({
            "next": Name("absent", "locked", "open", "settling"),
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
            "least_generation": Nullable(Number(1, 4294967295)),
            "last": Nullable(Hex()),
            "message": Hex(),
        }),
        Object({"changed": Boolean(), "listed": Boolean(), "keys_fit": Boolean()})),
    "clock/accept": OperationType(
        Object({
            "terms": Object({
                "made": Number(0, 9007199254740991),
                "age": Number(0, 9007199254740991),
            }),
            "last": Nullable(Object({
                "generation": Number(1, 4294967295),
                "least": Number(0, 9007199254740991),
                "running": Number(0, 9007199254740991),
            })),
            "state": Object({
                "generation": Number(1, 4294967295),
                "made": Number(0, 9007199254740991),
            }),
        }),
        Object({"least": Number(0, 9007199254740991)})),
    "clock/now": OperationType(
        Object({
            "wall": Number(0, 9007199254740991),
            "least": Number(0, 9007199254740991),
            "running": Number(0, 9007199254740991),
            "valid_until": Number(0, 9007199254740991),
        }),
        Object({"now": Number(0, 9007199254740991)})),
    "grant/open": OperationType(
        Object({
            "account_id": Hex(16),
            "state": Nullable(Hex()),
            "kind": Name("master", "scoped"),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
            "keys_held": Boolean(),
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
    "capture/value": OperationType(
        Object({"text": Hex()}),
        Object({"value": Hex(0, 4095)})),
    "capture/seal": OperationType(
        Object({
            "token_key": Hex(64),
            "agent_key": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
            "captures": List(Hex(), 1),
            "salts": List(Hex(24)),
        }),
        Object({"records": List(Hex()), "blobs": List(Hex())})),
    "batch/sign": OperationType(
        Object({
            "seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "agent_id": Hex(16),
            "sequence": Number(1, 9007199254740991),
            "previous": Hex(32),
            "made": Number(0, 9007199254740991),
            "state_generation": Number(1, 4294967295),
            "state_counter": Number(0, 9007199254740991),
            "state": Hex(32),
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
            "device_key": Hex(32),
            "account_id": Hex(16),
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
                "code", "code_above", "code_of_manager", "code_of_other", "state", "state_of_keys", "state_revokes",
                "grant", "grant_listed", "capture", "activity", "activity_expired", "service_off", "state_lost"),
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
                    "code", "state", "grant", "capture", "activity", "service_off", "restart", "restart_damaged"),
                "message": Nullable(Hex()),
                "runs": Number(0, 9007199254740991),
                "wall": Number(0, 9007199254740991),
            })),
        }),
        Object({
            "results": List(Object({
                "phase": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
                "code": Nullable(Text()),
                "now": Number(0, 9007199254740991),
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
    "person-keys/make-random": OperationType(
        Object({
            "account_id": Hex(16),
            "counter": Number(1, 9007199254740991),
            "iterations": Number(0, 4294967295),
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "seal_salt": Hex(24),
            "p": Hex(128),
            "q": Hex(128),
            "seed": Hex(32),
        }),
        Object({
            "keys": Hex(429),
            "person_id": Hex(16),
            "login_id": Hex(32),
            "login_key": Hex(32),
            "login_verifier": Hex(32),
        })),
    "enrolment/request-random": OperationType(
        Object({"code": Text(), "p": Hex(128), "q": Hex(128), "seed": Hex(32)}),
        Object({"request": Hex(440), "agent_id": Hex(16)})),
    "grant/make-random": OperationType(
        Object({
            "seed": Hex(32),
            "account_id": Hex(16),
            "epoch": Number(1, 4294967295),
            "kind": Name("master", "scoped"),
            "recipient": Hex(16),
            "modulus": Hex(256),
            "verify_key": Hex(32),
            "master_key": Hex(32),
        }),
        Object({"grant": Hex(425)})),
    "code/random": OperationType(
        Object({
            "account_id": Hex(16),
            "generation": Number(1, 4294967295),
            "made": Number(0, 9007199254740991),
            "kind": Name("master", "scoped"),
            "role": Name("agent", "manager"),
        }),
        Object({"text": Hex(86)})),
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
                "code", "state", "grant", "capture", "activity", "service_off", "restart", "restart_damaged"),
            "message": Nullable(Hex()),
            "runs": Number(0, 9007199254740991),
            "wall": Number(0, 9007199254740991),
        }),
        Object({
            "phase": Name("unpinned", "pinned", "waiting", "active", "revoked", "stopped"),
            "code": Nullable(Text()),
            "now": Number(0, 9007199254740991),
        })),
    "agent/close": OperationType(
        Object({"handle": Number(0, 9007199254740991)}),
        Object({})),
    "owner/open": OperationType(
        Object({
            "login_name": Hex(),
            "password": Hex(),
            "account_secret": Nullable(Hex(16)),
            "durable": Boolean(),
        }),
        Object({
            "handle": Number(0, 9007199254740991),
            "phase": Name("absent", "locked", "open", "settling"),
        })),
    "owner/step": OperationType(
        Object({
            "handle": Number(0, 9007199254740991),
            "event": Name(
                "open", "confirm", "edit", "renew_certificate", "rotate", "repair", "request", "stored", "other",
                "no_answer", "discard", "lock", "restart", "restart_lost"),
            "messages": Nullable(Object({
                "head": Hex(),
                "person_keys": Hex(),
                "account_state": Hex(),
                "password_wrap": Nullable(Hex()),
                "grant": Nullable(Hex()),
                "owner_vault": Hex(),
                "rule_set": Nullable(Hex()),
            })),
            "message": Nullable(Hex()),
            "says": Object({
                "password_changed": Boolean(),
                "newest": Boolean(),
                "without_storage": Boolean(),
                "clock": Boolean(),
            }),
            "now": Number(0, 9007199254740991),
        }),
        Object({
            "phase": Name("absent", "locked", "open", "settling"),
            "code": Nullable(Text()),
            "findings": List(Text()),
            "generation": Number(0, 4294967295),
        })),
    "owner/close": OperationType(
        Object({"handle": Number(0, 9007199254740991)}),
        Object({})),
}
