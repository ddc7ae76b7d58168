"""Grants (section 11)."""

from ..mutant import of_module


def refusal(condition: str, code: str) -> str:
    return f'    if {condition}:\n        raise Refused("{code}")\n'


ACCOUNT = refusal("grant.header.account_id != recipient.account_id", "wrong_account")
STATE = "    state = recipient.state\n" + refusal("state is None", "no_state")
OLDER = refusal("grant.header.epoch < state.header.epoch", "epoch_rollback")
NEWER = refusal("grant.header.epoch > state.header.epoch", "epoch_mismatch")
FORK = refusal("grant.commitment != state.commitment", "epoch_fork")
SIGNED = "    states.check_signed(state, grant.signer, message)\n"
MINE = refusal("grant.recipient != keys.id_of(recipient.keys)", "wrong_recipient")
KIND = refusal("grant.kind != recipient.kind", "wrong_recipient")
HELD = "    if recipient.keys_held:\n        return None\n"
OPENED = "    return open_contents(grant, recipient.keys)\n"
INNER = "    if not backend.equal(contents.head_hash, head_hash(grant)):\n        raise Refused(FAILURE)\n"
SAME_HASH = "not backend.equal(contents.head_hash, head_hash(grant))"
COMMITTED = "    if not fits(contents.master_key, grant.header.account_id, grant.header.epoch, grant.commitment):\n        raise Refused(FAILURE)\n"
FITS = "return backend.equal(keys.commitment(master_key, account_id, epoch), commitment)"
HEAD = 'return backend.sha256(grant.part("header", "signer"))'
MAKE_ID = refusal("keys.agent_id(modulus, verify_key) != recipient", "wrong_recipient")
MAKE_KEYS = "    rsa.check_modulus(modulus)\n    ed25519.check_key(verify_key)\n"

MUTANTS = of_module(
    "grants.py",
    ("grant-account-unchecked", "does not compare the account of a grant", ACCOUNT, ""),
    ("grant-account-first-half", "compares only the first half of the account of a grant", ACCOUNT, ACCOUNT.replace("account_id != recipient.account_id", "account_id[:8] != recipient.account_id[:8]")),
    ("grant-stateless-mismatch", "says epoch_mismatch where there is no state", STATE, STATE.replace("no_state", "epoch_mismatch")),
    ("grant-state-before-account", "asks for a state before it compares the account", ACCOUNT + STATE, STATE + ACCOUNT),
    ("grant-epoch-older-accepted", "accepts a grant of an older epoch", OLDER, ""),
    ("grant-epoch-newer-accepted", "accepts a grant of an epoch that it has seen no state of", NEWER, ""),
    ("grant-epoch-newer-is-rollback", "says epoch_rollback for every other epoch", NEWER, NEWER.replace("epoch_mismatch", "epoch_rollback")),
    ("grant-epoch-older-is-mismatch", "says epoch_mismatch for every other epoch", OLDER, OLDER.replace("epoch_rollback", "epoch_mismatch")),
    ("grant-fork-accepted", "accepts a grant of another commitment", FORK, ""),
    ("grant-fork-code", "says epoch_mismatch for another commitment", FORK, FORK.replace("epoch_fork", "epoch_mismatch")),
    ("grant-fork-first-half", "compares only the first half of the commitment of a grant", FORK, FORK.replace("grant.commitment != state.commitment", "grant.commitment[:16] != state.commitment[:16]")),
    ("grant-fork-before-epoch", "looks at the commitment before the epoch", OLDER + NEWER + FORK, FORK + OLDER + NEWER),
    ("grant-signature-unchecked", "does not verify the signature of a grant", SIGNED, ""),
    ("grant-signature-of-anybody", "takes a grant of a signer who is not on the list", SIGNED, "    from .wire import signature\n    signature.check(grant.signer, message)\n"),
    ("grant-signature-of-state-signer", "takes grants of the state's own signer alone", SIGNED, SIGNED.replace("grant.signer", "state.signer")),
    ("grant-signature-of-root", "takes grants of the root key alone", SIGNED, refusal("grant.signer != state.root_key", "signature_invalid") + SIGNED),
    ("grant-signature-before-epoch", "verifies the signature before it looks at the epoch", OLDER + NEWER + FORK + SIGNED, SIGNED + OLDER + NEWER + FORK),
    ("grant-signature-after-recipient", "looks at the recipient before the signature", SIGNED + MINE, MINE + SIGNED),
    ("grant-signature-after-rsa", "opens a grant before it verifies the signature, and tells what failed", SIGNED, "    oaep.decrypt(recipient.keys.p, recipient.keys.q, grant.ciphertext)\n" + SIGNED),
    ("grant-recipient-unchecked", "accepts a grant for another agent that it can open", MINE, ""),
    ("grant-recipient-first-half", "compares only the first half of the recipient", MINE, MINE.replace("grant.recipient != keys.id_of(recipient.keys)", "grant.recipient[:8] != keys.id_of(recipient.keys)[:8]")),
    ("grant-recipient-first-byte", "compares only the first byte of the recipient", MINE, MINE.replace("grant.recipient != keys.id_of(recipient.keys)", "grant.recipient[0] != keys.id_of(recipient.keys)[0]")),
    ("grant-recipient-last-free", "compares the recipient without its last byte", MINE, MINE.replace("grant.recipient != keys.id_of(recipient.keys)", "grant.recipient[:15] != keys.id_of(recipient.keys)[:15]")),
    ("grant-recipient-zeros", "takes a recipient of zeros for everybody", MINE, MINE.replace("if grant", "if any(grant.recipient) and grant")),
    ("grant-kind-unchecked", "accepts a grant of another kind", KIND, ""),
    ("grant-kind-master-welcome", "accepts a master grant where a scoped one is due", KIND, KIND.replace("grant.kind != recipient.kind", "grant.kind == GrantKind.scoped and recipient.kind == GrantKind.master")),
    ("grant-kind-scoped-welcome", "accepts a scoped grant where a master one is due", KIND, KIND.replace("grant.kind != recipient.kind", "grant.kind == GrantKind.master and recipient.kind == GrantKind.scoped")),
    ("grant-kind-code", "says grant_open_failed for another kind", KIND, KIND.replace("wrong_recipient", "grant_open_failed")),
    ("grant-held-opened", "opens a grant of keys that it holds", HELD, ""),
    ("grant-held-before-checks", "takes every grant for a repeat once it holds keys", "    grant = Grant.parse(message)\n    if grant.header.account_id != recipient", "    if recipient.keys_held:\n        return None\n    grant = Grant.parse(message)\n    if grant.header.account_id != recipient"),
    ("grant-held-before-recipient", "does not look for whom a grant is once it holds keys", MINE + KIND + HELD, HELD + MINE + KIND),
    ("grant-inner-hash-unchecked", "does not compare the inner hash", INNER, ""),
    ("grant-inner-hash-first-byte", "compares only the first byte of the inner hash", INNER, INNER.replace(SAME_HASH, "contents.head_hash[0] != head_hash(grant)[0]")),
    ("grant-inner-hash-first-16", "compares only the first half of the inner hash", INNER, INNER.replace(SAME_HASH, "contents.head_hash[:16] != head_hash(grant)[:16]")),
    ("grant-inner-hash-code", "gives the inner hash a code of its own", INNER, INNER.replace("Refused(FAILURE)", 'Refused("chain_broken")')),
    ("grant-head-without-signer", "leaves the signer out of the inner hash", HEAD, HEAD.replace('"signer"', '"commitment"')),
    ("grant-head-without-commitment", "leaves commitment and signer out of the inner hash", HEAD, HEAD.replace('"signer"', '"recipient"')),
    ("grant-head-without-header", "leaves the header out of the inner hash", HEAD, HEAD.replace('"header"', '"kind"')),
    ("grant-size-code", "gives a wrong size of the contents its format code", "    except Refused:\n        raise Refused(FAILURE) from None\n", "    except Refused as refused:\n        raise Refused(refused.code) from None\n"),
    ("grant-contents-by-size", "takes the kind of the contents from their size", "    struct = MasterContents if grant.kind == GrantKind.master else ScopedContents\n", "    struct = MasterContents if len(message) == 64 else ScopedContents\n"),
    ("grant-contents-trailing", "ignores bytes behind the contents of a grant", "        contents = struct.parse(message)\n", "        contents = struct.parse(message[:struct.size()])\n"),
    ("grant-commitment-unchecked", "does not hold a MasterKey against the commitment", COMMITTED, ""),
    ("grant-commitment-first-byte", "compares only the first byte of the commitment of a MasterKey", FITS, "return keys.commitment(master_key, account_id, epoch)[0] == commitment[0]"),
    ("grant-commitment-code", "gives a wrong commitment of a MasterKey a code of its own", COMMITTED, COMMITTED.replace("Refused(FAILURE)", 'Refused("epoch_fork")')),
    ("grant-commitment-epoch-1", "computes the commitment of a MasterKey for epoch 1", FITS, FITS.replace("account_id, epoch)", "account_id, 1)")),
    ("grant-make-modulus-unchecked", "grants to a modulus that it did not check", MAKE_KEYS, "    ed25519.check_key(verify_key)\n"),
    ("grant-make-verify-key-unchecked", "grants to an Ed25519 key that it did not check", MAKE_KEYS, "    rsa.check_modulus(modulus)\n"),
    ("grant-make-id-unchecked", "grants to keys that are not those of the id", MAKE_ID, ""),
    ("grant-make-id-before-keys", "looks at the id before the keys", MAKE_KEYS + MAKE_ID, MAKE_ID + MAKE_KEYS),
    ("grant-make-always-master", "grants the MasterKey always", "    if kind == GrantKind.master:\n        contents", "    if kind:\n        contents"),
    ("grant-make-commitment-epoch-1", "states the commitment of epoch 1 in a grant", "    commitment = keys.commitment(master_key, account_id, epoch)\n", "    commitment = keys.commitment(master_key, account_id, 1)\n"),
    ("grant-make-agent-key-of-other", "grants the agent key of another agent", "scoped_keys(master_key, account_id, epoch, recipient))", "scoped_keys(master_key, account_id, epoch, bytes(16)))"),
) + of_module(
    "wire/contents.py",
    ("grant-contents-keys-swapped", "has token key and agent key in each other's place", "    token_key: Annotated[bytes, Opaque(64)]\n    agent_key: Annotated[bytes, Opaque(32)]\n", "    agent_key: Annotated[bytes, Opaque(32)]\n    token_key: Annotated[bytes, Opaque(64)]\n"),
    ("grant-contents-hash-last", "has the inner hash behind the MasterKey", "    head_hash: Hash\n    master_key: Annotated[bytes, Opaque(32)]\n", "    master_key: Annotated[bytes, Opaque(32)]\n    head_hash: Hash\n"),
)
