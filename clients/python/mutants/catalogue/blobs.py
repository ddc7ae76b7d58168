"""Sealed blobs (section 15)."""

from ..mutant import of_module

PAIR = "(key.epoch, key.agent_id) == (blob.header.epoch, blob.agent_id)"
SEAL = 'chunked.seal(key, blob.part("header", "agent_id"), salt, content)'
OPEN = 'chunked.open_sealed(key, blob.part("header", "agent_id"), blob.sealed, FAILURE)'

MUTANTS = of_module(
    "blobs.py",
    ("blob-account-unchecked", "does not compare the account of a blob", '    if blob.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("blob-account-of-header", "opens a blob of whatever account its header names", '    if blob.header.account_id != account_id:\n        raise Refused("wrong_account")\n', "    account_id = blob.header.account_id\n"),
    ("blob-any-agent-key", "takes a key of the epoch, whatever its agent", PAIR, "key.epoch == blob.header.epoch"),
    ("blob-any-epoch-key", "takes a key of the agent, whatever its epoch", PAIR, "key.agent_id == blob.agent_id"),
    ("blob-first-key-only", "takes the first of several keys only", "    for agent_key in candidates:\n", "    for agent_key in candidates[:1]:\n"),
    ("blob-last-key-only", "takes the last of several keys only", "    for agent_key in candidates:\n", "    for agent_key in candidates[-1:]:\n"),
    ("blob-missing-is-failure", "says blob_open_failed where the service has no blob", 'raise Refused("blob_missing")', 'raise Refused(FAILURE)'),
    ("blob-missing-key-is-failure", "says blob_open_failed where there is no key", 'raise Refused("no_epoch_key")', 'raise Refused(FAILURE)'),
    ("blob-reference-before-key", "compares the reference before it looks for a key", "    candidates = keys_of(blob, agent_keys)\n    if reference is not None:\n        check_reference(blob, message, reference)\n", "    if reference is not None:\n        check_reference(blob, message, reference)\n    candidates = keys_of(blob, agent_keys)\n"),
    ("blob-reference-ignored", "does not compare the reference", "    if reference is not None:\n        check_reference(blob, message, reference)\n", ""),
    ("blob-reference-field-unchecked", "does not compare the field of the reference", "    if blob.field != reference.field:\n        raise Refused(FAILURE)\n", ""),
    ("blob-reference-length-unchecked", "does not compare the length of the reference", "    if len(message) != reference.length:\n        raise Refused(FAILURE)\n", ""),
    ("blob-reference-length-at-least", "accepts a blob that is longer than its reference says", "    if len(message) != reference.length:\n", "    if len(message) < reference.length:\n"),
    ("blob-reference-digest-unchecked", "does not compare the digest of the reference", "    if backend.sha256(message) != reference.digest:\n        raise Refused(FAILURE)\n", ""),
    ("blob-reference-digest-first-half", "compares only the first half of the digest of the reference", "    if backend.sha256(message) != reference.digest:\n", "    if backend.sha256(message)[:16] != reference.digest[:16]:\n"),
    ("blob-reference-digest-of-sealed", "compares the digest with that of the sealed part", "    if backend.sha256(message) != reference.digest:\n", "    if backend.sha256(message[41:]) != reference.digest:\n"),
    ("blob-key-is-agent-key", "seals under the agent key itself", "    key = keys.blob_key(agent_key, account_id, epoch, agent_id)\n", "    key = agent_key\n"),
    ("blob-open-key-is-agent-key", "opens under the agent key itself", "    key = keys.blob_key(agent_key, blob.header.account_id, blob.header.epoch, blob.agent_id)\n", "    key = agent_key\n"),
    ("blob-context-header-only", "seals with the header alone for context", SEAL, SEAL.replace('"agent_id"', '"header"')),
    ("blob-context-without-agent", "leaves the agent out of the context of a seal", SEAL, SEAL.replace('"agent_id"', '"field"')),
    ("blob-open-context-header-only", "opens with the header alone for context", OPEN, OPEN.replace('"agent_id"', '"header"')),
    ("blob-open-context-without-agent", "opens without the agent in the context", OPEN, OPEN.replace('"agent_id"', '"field"')),
    ("blob-failure-code", "says token_open_failed for a blob", 'FAILURE = "blob_open_failed"', 'FAILURE = "token_open_failed"'),
)
