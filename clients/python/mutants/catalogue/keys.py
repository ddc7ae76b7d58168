"""Derivations, labels and ids (sections 2.3 and 7)."""

from ..mutant import of_module



EPOCH = "epoch_context(account_id, epoch)"
AGENT = "agent_context(account_id, epoch, agent_id)"
TOKEN = '    return derive(master_key, "token", epoch_context(account_id, epoch))\n'
AGENT_KEY = '    return derive(master_key, "agent", agent_context(account_id, epoch, agent_id))\n'
VAULT = '    return derive(master_key, "vault", epoch_context(account_id, epoch))\n'
COMMITMENT = '    return derive(master_key, "commitment", epoch_context(account_id, epoch))\n'
BLOB = '    return derive(agent_key, "blob", agent_context(account_id, epoch, agent_id))\n'
SPOOL = '    return derive(device_key, "spool", account_id + agent_id)\n'
RECOVERY = '    return derive(seed, "recovery", account_id)\n'


def without_epoch(old: str) -> str:
    return old.replace("(account_id, epoch", "(account_id, 1")


def without_account(old: str) -> str:
    return old.replace("(account_id, epoch", "(bytes(16), epoch")


MUTANTS = [mutant for name, what, old in (
    ("token", "Ktok", TOKEN), ("agent", "Kagent", AGENT_KEY), ("vault", "Kvault", VAULT),
    ("commitment", "the commitment", COMMITMENT), ("blob", "Kblob", BLOB),
) for mutant in of_module(
    "keys.py",
    (f"derive-{name}-epoch-1", f"derives {what} for epoch 1 always", old, without_epoch(old)),
    (f"derive-{name}-any-account", f"derives {what} without the account id", old, without_account(old)),
)] + of_module(
    "keys.py",
    ("derive-agent-without-id", "derives one Kagent for all agents", AGENT_KEY, AGENT_KEY.replace("agent_context(account_id, epoch, agent_id)", EPOCH)),
    ("derive-blob-without-id", "derives Kblob without the agent id", BLOB, BLOB.replace("agent_context(account_id, epoch, agent_id)", EPOCH)),
    ("derive-spool-without-id", "derives one Kspool for all agents", SPOOL, SPOOL.replace("account_id + agent_id", "account_id + bytes(16)")),
    ("derive-spool-any-account", "derives one Kspool for all accounts", SPOOL, SPOOL.replace("account_id + agent_id", "bytes(16) + agent_id")),
    ("derive-spool-order", "derives Kspool with agent and account in each other's place", SPOOL, SPOOL.replace("account_id + agent_id", "agent_id + account_id")),
    ("derive-spool-as-upload", "derives Kspool under the label of the upload key", SPOOL, SPOOL.replace('"spool"', '"upload"')),
    ("derive-recovery-any-account", "derives the recovery key for no account", RECOVERY, RECOVERY.replace("account_id)", "bytes(16))")),
    ("derive-blob-from-master", "derives Kblob under the label of Kagent", BLOB, BLOB.replace('"blob"', '"agent"')),
    ("derive-vault-as-commitment", "derives Kvault under the label of the commitment", VAULT, VAULT.replace('"vault"', '"commitment"')),
    ("derive-commitment-as-vault", "derives the commitment under the label of Kvault", COMMITMENT, COMMITMENT.replace('"commitment"', '"vault"')),
    ("derive-commitment-is-hash", "takes a hash of the MasterKey for its commitment", COMMITMENT, "    return backend.sha256(master_key)\n"),
    ("derive-token-first-half-twice", "derives 32 bytes for Ktok and takes them twice", TOKEN, TOKEN.rstrip("\n") + "[:32] * 2\n"),
    ("context-epoch-first", "puts the epoch before the account id in contexts", "    return account_id + uint32(epoch)", "    return uint32(epoch) + account_id"),
    ("context-epoch-little-endian", "writes the epoch in little-endian in contexts", "    return account_id + uint32(epoch)", '    return account_id + epoch.to_bytes(4, "little")'),
    ("context-epoch-64-bits", "writes the epoch as 8 bytes in contexts", "    return account_id + uint32(epoch)", '    return account_id + epoch.to_bytes(8, "big")'),
    ("context-epoch-16-bits", "keeps only 16 bits of the epoch in contexts", "    return account_id + uint32(epoch)", "    return account_id + uint32(epoch % 65_536)"),
    ("context-agent-first", "puts the agent id before account id and epoch", "    return epoch_context(account_id, epoch) + agent_id", "    return agent_id + epoch_context(account_id, epoch)"),
    ("account-id-last-bytes", "takes the last 16 bytes of the hash for the account id", 'return labelled_hash("account-id", root_key)[:16]', 'return labelled_hash("account-id", root_key)[16:]'),
    ("account-id-without-label", "hashes the account's key without the label", 'return labelled_hash("account-id", root_key)[:16]', "return backend.sha256(root_key)[:16]"),
    ("agent-id-without-modulus", "leaves the modulus out of the agent id", 'labelled_hash("agent-id", modulus + verify_key)', 'labelled_hash("agent-id", verify_key)'),
    ("agent-id-without-verify-key", "leaves the Ed25519 key out of the agent id", 'labelled_hash("agent-id", modulus + verify_key)', 'labelled_hash("agent-id", modulus)'),
    ("agent-id-order", "hashes the Ed25519 key before the modulus", 'labelled_hash("agent-id", modulus + verify_key)', 'labelled_hash("agent-id", verify_key + modulus)'),
    ("agent-id-label-of-account", "hashes agents under the label of accounts", 'labelled_hash("agent-id", modulus + verify_key)', 'labelled_hash("account-id", modulus + verify_key)'),
) + of_module(
    "primitives/hashes.py",
    ("label-without-zero", "leaves the zero byte behind labels out", 'return PREFIX + label.encode("ascii") + b"\\x00"', 'return PREFIX + label.encode("ascii")'),
    ("label-without-prefix", "leaves the prefix of labels out", 'return PREFIX + label.encode("ascii") + b"\\x00"', 'return label.encode("ascii") + b"\\x00"'),
    ("label-version-2", "uses the labels of another version", 'PREFIX = b"endkey/1 "', 'PREFIX = b"endkey/2 "'),
    ("label-prefix-without-space", "leaves the space out of labels", 'PREFIX = b"endkey/1 "', 'PREFIX = b"endkey/1"'),
    ("label-underscores", "writes labels with underscores", 'return PREFIX + label.encode("ascii") + b"\\x00"', 'return PREFIX + label.replace("-", "_").encode("ascii") + b"\\x00"'),
    ("labelled-hash-is-hmac", "takes an HMAC under the label for the hash", "return backend.sha256(labelled(label) + data)", "return backend.hmac_sha256(labelled(label), data)"),
    ("labelled-hash-behind", "puts the label behind the data", "return backend.sha256(labelled(label) + data)", "return backend.sha256(data + labelled(label))"),
) + of_module(
    "primitives/hkdf.py",
    ("hkdf-no-extract", "leaves HKDF-Extract out", "    pseudorandom = extract_sha256(empty_salt, key)\n", "    pseudorandom = key\n"),
    ("hkdf-salt-and-key-swapped", "swaps salt and key in HKDF-Extract", "    pseudorandom = extract_sha256(empty_salt, key)\n", "    pseudorandom = extract_sha256(key, empty_salt)\n"),
    ("hkdf-salt-label", "uses the label as the salt of HKDF", "    pseudorandom = extract_sha256(empty_salt, key)\n", "    pseudorandom = extract_sha256(labelled(label), key)\n"),
    ("hkdf-counter-from-zero", "counts blocks from 0 in HKDF-Expand", "    counter = 1\n", "    counter = 0\n"),
    ("hkdf-not-chained", "leaves the block before out of HKDF-Expand", "block = hmac(key, block + info + bytes([counter]))", "block = hmac(key, info + bytes([counter]))"),
    ("hkdf-context-left-out", "leaves contexts out of derivations", "labelled(label) + context, LENGTHS[label])", "labelled(label), LENGTHS[label])"),
    ("hkdf-context-before-label", "puts the context before the label", "labelled(label) + context, LENGTHS[label])", "context + labelled(label), LENGTHS[label])"),
    ("hkdf-length-in-info", "adds the length to the info of HKDF", "labelled(label) + context, LENGTHS[label])", "labelled(label) + context + bytes([LENGTHS[label]]), LENGTHS[label])"),
    ("hkdf-key-cut", "uses only the first 32 bytes of the key to derive from", "    pseudorandom = extract_sha256(empty_salt, key)\n", "    pseudorandom = extract_sha256(empty_salt, key[:32])\n"),
    ("hkdf-sha512-derive", "derives with HKDF-SHA-512", "return expand(backend.hmac_sha256, pseudorandom,", "return expand(backend.hmac_sha512, backend.hmac_sha512(empty_salt, key),"),
)
