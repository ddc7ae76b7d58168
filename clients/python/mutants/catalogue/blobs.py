"""Sealed blobs (section 15)."""

from ..mutant import of_module

MUTANTS = of_module(
    "blobs.py",
    ("blob-account-unchecked", "does not compare the account of a blob", '    if blob.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("blob-account-of-header", "opens a blob of whatever account its header names", '    if blob.header.account_id != account_id:\n        raise Refused("wrong_account")\n', "    account_id = blob.header.account_id\n"),
    ("blob-any-agent-key", "takes a key of the epoch, whatever its agent", '    of_agent = [key for key in of_epoch if key.agent_id == blob.agent_id]\n', "    of_agent = of_epoch\n"),
    ("blob-any-epoch-key", "takes a key of the agent, whatever its epoch", "of_epoch = [key for key in agent_keys if key.epoch == blob.header.epoch]", "of_epoch = list(agent_keys)"),
    ("blob-wrong-recipient-code", "says no_epoch_key where the key of another agent is there", 'raise Refused("wrong_recipient")', 'raise Refused("no_epoch_key")'),
    ("blob-agent-before-epoch", "looks for the agent's keys before the epoch's", '    if not of_epoch:\n        raise Refused("no_epoch_key")\n', '    if agent_keys and not any(key.agent_id == blob.agent_id for key in agent_keys):\n        raise Refused("wrong_recipient")\n    if not of_epoch:\n        raise Refused("no_epoch_key")\n'),
    ("blob-reference-ignored", "does not compare the reference", "    if reference is not None:\n        check_reference(blob, message, reference)\n", ""),
    ("blob-reference-field-unchecked", "does not compare the field of the reference", "    if blob.field != reference.field:\n        raise Refused(FAILURE)\n", ""),
    ("blob-reference-length-unchecked", "does not compare the length of the reference", "    if len(message) != reference.length:\n        raise Refused(FAILURE)\n", ""),
    ("blob-reference-length-at-least", "accepts a blob that is longer than its reference says", "    if len(message) != reference.length:\n", "    if len(message) < reference.length:\n"),
    ("blob-reference-digest-unchecked", "does not compare the digest of the reference", "    if backend.sha256(message) != reference.digest:\n        raise Refused(FAILURE)\n", ""),
    ("blob-reference-digest-first-half", "compares only the first half of the digest of the reference", "    if backend.sha256(message) != reference.digest:\n", "    if backend.sha256(message)[:16] != reference.digest[:16]:\n"),
    ("blob-reference-digest-of-sealed", "compares the digest with that of the sealed part", "    if backend.sha256(message) != reference.digest:\n", "    if backend.sha256(message[41:]) != reference.digest:\n"),
    ("blob-key-is-agent-key", "seals under the agent key itself", "    key = keys.blob_key(agent_key, account_id, epoch, agent_id)\n", "    key = agent_key\n"),
    ("blob-open-key-is-agent-key", "opens under the agent key itself", "    key = keys.blob_key(agent_key, account_id, blob.header.epoch, blob.agent_id)\n", "    key = agent_key\n"),
    ("blob-context-header-only", "seals with the header alone for context", "chunked.seal(key, blob.context(), salt, content)", "chunked.seal(key, blob.header.write(), salt, content)"),
    ("blob-open-context-header-only", "opens with the header alone for context", "chunked.open_sealed(key, blob.context(), blob.sealed, FAILURE)", "chunked.open_sealed(key, blob.header.write(), blob.sealed, FAILURE)"),
    ("blob-failure-code", "says token_open_failed for a blob", 'FAILURE = "blob_open_failed"', 'FAILURE = "token_open_failed"'),
) + of_module(
    "wire/sealed_blob.py",
    ("blob-wire-context-without-field", "leaves the field out of the context", "        return self.header.write() + uint8(self.field) + self.agent_id\n\n    def write(self) -> bytes:\n        return self.context() + self.sealed",
     "        return self.header.write() + self.agent_id\n\n    def write(self) -> bytes:\n        return self.header.write() + uint8(self.field) + self.agent_id + self.sealed"),
    ("blob-wire-context-without-agent", "leaves the agent out of the context", "        return self.header.write() + uint8(self.field) + self.agent_id\n\n    def write(self) -> bytes:\n        return self.context() + self.sealed",
     "        return self.header.write() + uint8(self.field)\n\n    def write(self) -> bytes:\n        return self.context() + self.agent_id + self.sealed"),
    ("blob-wire-any-field", "accepts a token's field in a blob", "        header = Header.read(reader, MessageType.sealed_blob)\n        field = reader.enum(BlobField)\n", "        header = Header.read(reader, MessageType.sealed_blob)\n        field = reader.enum(__import__('endkey_client.enums').enums.TokenField if reader.data[reader.position] < 16 else BlobField)\n"),
    ("blob-wire-sealed-71", "accepts a sealed part of 71 bytes", "blob.sealed = reader.rest(SEALED_MIN)", "blob.sealed = reader.rest(SEALED_MIN - 1)"),
    ("blob-wire-sealed-56", "accepts a sealed part without a chunk", "blob.sealed = reader.rest(SEALED_MIN)", "blob.sealed = reader.rest(56)"),
)
