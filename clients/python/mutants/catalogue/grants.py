"""Grants (section 11)."""

from ..mutant import of_module

ACCOUNT = '    if grant.header.account_id != recipient.account_id:\n        raise Refused("wrong_account")\n'
STATE = '    if state is None:\n        raise Refused("no_state")\n'
SIGNED = "    signature.check(state.verify_key, message)\n"
MINE = '    if grant.recipient != recipient.agent_id():\n        raise Refused("wrong_recipient")\n'
OLDER = '    if grant.header.epoch < state.header.epoch:\n        raise Refused("epoch_rollback")\n'
NEWER = '    if grant.header.epoch > state.header.epoch:\n        raise Refused("epoch_mismatch")\n'
LAST = "    if recipient.last is not None and is_last_grant(grant, message, recipient.last):\n        return grant, None\n"
BACK = '    if grant.counter < last.counter:\n        raise Refused("counter_rollback")\n'
FORK = '    if backend.sha256(message) != last.hash:\n        raise Refused("counter_fork")\n'
INNER = "    if not backend.equal(contents.header_hash, backend.sha256(grant.head())):\n        raise Refused(\"grant_open_failed\")\n"
COMMITTED = "    if not backend.equal(commitment, state.commitment):\n        raise Refused(\"grant_open_failed\")\n"

MUTANTS = of_module(
    "grants.py",
    ("grant-account-unchecked", "does not compare the account of a grant", ACCOUNT, ""),
    ("grant-account-first-half", "compares only the first half of the account of a grant", ACCOUNT, ACCOUNT.replace("grant.header.account_id != recipient.account_id", "grant.header.account_id[:8] != recipient.account_id[:8]")),
    ("grant-state-before-account", "asks for a state before it compares the account", ACCOUNT + "    state = recipient.state\n" + STATE, "    state = recipient.state\n" + STATE + ACCOUNT),
    ("grant-signature-unchecked", "does not verify the signature of a grant", SIGNED, ""),
    ("grant-signature-after-recipient", "looks at the recipient before the signature", SIGNED + MINE, MINE + SIGNED),
    ("grant-signature-after-epoch", "looks at the epoch before the signature", SIGNED + MINE + OLDER + NEWER, OLDER + NEWER + SIGNED + MINE),
    ("grant-signature-after-rsa", "opens a grant before it verifies the signature, and tells what failed",
     SIGNED + MINE, '    oaep.decrypt(recipient.keys.p, recipient.keys.q, grant.ciphertext)\n' + SIGNED + MINE),
    ("grant-recipient-unchecked", "accepts a grant for another agent that it can open", MINE, ""),
    ("grant-recipient-first-half", "compares only the first half of the recipient", MINE, MINE.replace("grant.recipient != recipient.agent_id()", "grant.recipient[:8] != recipient.agent_id()[:8]")),
    ("grant-recipient-first-byte", "compares only the first byte of the recipient", MINE, MINE.replace("grant.recipient != recipient.agent_id()", "grant.recipient[0] != recipient.agent_id()[0]")),
    ("grant-recipient-last-free", "compares the recipient without its last byte", MINE, MINE.replace("grant.recipient != recipient.agent_id()", "grant.recipient[:15] != recipient.agent_id()[:15]")),
    ("grant-recipient-zeros", "takes a recipient of zeros for everybody", MINE, MINE.replace("if grant", "if any(grant.recipient) and grant")),
    ("grant-recipient-after-epoch", "looks at the epoch before the recipient", MINE + OLDER + NEWER, OLDER + NEWER + MINE),
    ("grant-epoch-older-accepted", "accepts a grant of an older epoch", OLDER, ""),
    ("grant-epoch-newer-accepted", "accepts a grant of an epoch that it has seen no state of", NEWER, ""),
    ("grant-epoch-newer-is-rollback", "says epoch_rollback for every other epoch", NEWER, NEWER.replace("epoch_mismatch", "epoch_rollback")),
    ("grant-epoch-older-is-mismatch", "says epoch_mismatch for every other epoch", OLDER, OLDER.replace("epoch_rollback", "epoch_mismatch")),
    ("grant-counter-unchecked", "remembers no counter of grants", LAST, ""),
    ("grant-counter-before-epoch", "looks at the counter before the epoch", OLDER + NEWER + LAST, LAST + OLDER + NEWER),
    ("grant-counter-back", "accepts a grant with an older counter", BACK, ""),
    ("grant-counter-back-as-last", "says counter_fork for an older counter", BACK, BACK.replace("counter_rollback", "counter_fork")),
    ("grant-counter-32-bits", "compares counters of grants in 32 bits", BACK + "    if grant.counter > last.counter:\n", "    if grant.counter % 2**32 < last.counter % 2**32:\n        raise Refused(\"counter_rollback\")\n    if grant.counter > last.counter:\n"),
    ("grant-counter-next-only", "accepts only the next counter", "    if grant.counter > last.counter:\n        return False\n", "    if grant.counter == last.counter + 1:\n        return False\n    if grant.counter > last.counter:\n        raise Refused(\"counter_fork\")\n"),
    ("grant-fork-unchecked", "takes another grant of the same counter for the last one", FORK, ""),
    ("grant-fork-opened", "opens another grant of the same counter", FORK, '    if backend.sha256(message) != last.hash:\n        return False\n'),
    ("grant-fork-hash-of-unsigned", "compares the last grant without its signature", FORK, FORK.replace("backend.sha256(message)", "backend.sha256(message[:-64])")),
    ("grant-fork-first-half", "compares only half of the last grant's hash", FORK, FORK.replace("backend.sha256(message) != last.hash", "backend.sha256(message)[:16] != last.hash[:16]")),
    ("grant-repeat-opened", "opens the last grant once more", "    if backend.sha256(message) != last.hash:\n        raise Refused(\"counter_fork\")\n    return True\n", "    if backend.sha256(message) != last.hash:\n        raise Refused(\"counter_fork\")\n    return False\n"),
    ("grant-repeat-refused", "refuses the last grant once more", "    if grant.counter > last.counter:\n        return False\n", "    if grant.counter > last.counter:\n        return False\n    if backend.sha256(message) == last.hash:\n        raise Refused(\"counter_rollback\")\n"),
    ("grant-inner-hash-unchecked", "does not compare the inner hash", INNER, ""),
    ("grant-inner-hash-first-byte", "compares only the first byte of the inner hash", INNER, INNER.replace("not backend.equal(contents.header_hash, backend.sha256(grant.head()))", "contents.header_hash[0] != backend.sha256(grant.head())[0]")),
    ("grant-inner-hash-first-16", "compares only the first half of the inner hash", INNER, INNER.replace("not backend.equal(contents.header_hash, backend.sha256(grant.head()))", "contents.header_hash[:16] != backend.sha256(grant.head())[:16]")),
    ("grant-inner-hash-last-free", "compares the inner hash without its last byte", INNER, INNER.replace("not backend.equal(contents.header_hash, backend.sha256(grant.head()))", "contents.header_hash[:31] != backend.sha256(grant.head())[:31]")),
    ("grant-inner-hash-of-header", "accepts an inner hash over the 24 bytes of the header as well", INNER, INNER.replace("not backend.equal(contents.header_hash, backend.sha256(grant.head()))", "contents.header_hash not in (backend.sha256(grant.head()), backend.sha256(grant.header.write()))")),
    ("grant-inner-hash-makes-header-only", "hashes only the header when it makes a grant", "contents = GrantContents(backend.sha256(grant.head()), granted)", "contents = GrantContents(backend.sha256(grant.header.write()), granted)"),
    ("grant-inner-hash-code", "gives the inner hash a code of its own", INNER, INNER.replace("grant_open_failed", "chain_broken")),
    ("grant-size-code", "gives a wrong size of the contents its format code", "    except Refused:\n        raise Refused(\"grant_open_failed\") from None\n", "    except Refused as refused:\n        raise Refused(refused.code) from None\n"),
    ("grant-commitment-unchecked", "does not hold a MasterKey against the commitment", "    if grant.kind == GrantKind.master:\n", "    if False:\n"),
    ("grant-commitment-first-byte", "compares only the first byte of the commitment of a MasterKey", COMMITTED, COMMITTED.replace("not backend.equal(commitment, state.commitment)", "commitment[0] != state.commitment[0]")),
    ("grant-commitment-code", "gives a wrong commitment of a grant a code of its own", COMMITTED, COMMITTED.replace("grant_open_failed", "epoch_mismatch")),
    ("grant-commitment-epoch-1", "computes the commitment of a MasterKey for epoch 1", "keys.commitment(master_key, account_id, state.header.epoch)", "keys.commitment(master_key, account_id, 1)"),
    ("grant-make-modulus-unchecked", "grants to a modulus that it did not check", "    rsa.check_modulus(modulus)\n", ""),
    ("grant-make-always-master", "grants the MasterKey always", "    if kind == GrantKind.scoped:\n", "    if False:\n"),
    ("grant-make-agent-key-of-owner", "grants the agent key of another agent", "keys.agent_key(master_key, account_id, epoch, recipient))", "keys.agent_key(master_key, account_id, epoch, bytes(16)))"),
) + of_module(
    "wire/grant.py",
    ("grant-wire-scoped-without-agent-key", "reads scoped contents that end behind the token key", "        agent_key = reader.opaque(32)\n        return ScopedKeys", "        agent_key = reader.opaque(32) if reader.remaining() else bytes(32)\n        return ScopedKeys"),
    ("grant-wire-kind-by-size", "takes the kind of the contents from their size", "            if kind == GrantKind.master:\n", "            if reader.remaining() == 32:\n"),
    ("grant-wire-contents-trailing", "ignores bytes behind the contents of a grant", "        return whole(read, data)\n\n    def write(self) -> bytes:\n        keys", "        return read(Reader(data))\n\n    def write(self) -> bytes:\n        keys"),
    ("grant-wire-kind-three", "accepts a third kind of grant, as scoped", "        kind = reader.enum(GrantKind)\n", "        kind = GrantKind.scoped if reader.data[reader.position:reader.position + 1] == b'\\x03' and reader.opaque(1) else reader.enum(GrantKind)\n"),
    ("grant-wire-keys-swapped", "has token key and agent key in the wrong order", "return self.token_key + self.agent_key", "return self.agent_key + self.token_key"),
    ("grant-wire-head-without-counter", "leaves the counter out of the inner hash", "        return self.header.write() + uint8(self.kind) + self.recipient + uint64(self.counter)\n\n    def unsigned(self) -> bytes:\n        return self.head() + self.ciphertext",
     "        return self.header.write() + uint8(self.kind) + self.recipient\n\n    def unsigned(self) -> bytes:\n        return self.head() + uint64(self.counter) + self.ciphertext"),
)
