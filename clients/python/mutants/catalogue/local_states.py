"""What an end keeps on disk (section 13.4)."""

from ..mutant import of_module


def holds(condition: str, indent: int = 4) -> str:
    return f"{' ' * indent}refuse_unless({condition})\n"


OPEN = 'chunked.open_sealed(key, state.part("header", "writes"), state.sealed, FAILURE)'

MUTANTS = of_module(
    "local_state.py",
    ("local-state-key-is-device-key", "opens a local state under the device key itself", "    key = keys.local_state_key(device_key, state.header.account_id, state.header.type)\n", "    key = device_key\n"),
    ("local-state-context-header-only", "opens a local state with the header alone for context", OPEN, OPEN.replace('"writes"', '"header"')),
    ("local-state-unparsed", "does not parse the contents of an agent's local state", "            check_agent(state.header, AgentContents.parse(plaintext))\n", "            pass\n"),
    ("local-state-unchecked", "does not check that phase and contents fit together", "            check_agent(state.header, AgentContents.parse(plaintext))\n", "            AgentContents.parse(plaintext)\n"),
    ("local-state-owner-unparsed", "does not parse the contents of a person's local state", "            check_owner(state.header, OwnerContents.parse(plaintext))\n", "            pass\n"),
    ("local-state-owner-unchecked", "does not check the contents of a person's local state", "            check_owner(state.header, OwnerContents.parse(plaintext))\n", "            OwnerContents.parse(plaintext)\n"),
    ("local-state-contents-code", "gives a fault of the contents its format code", "    except Refused:\n        raise Refused(FAILURE) from None\n", "    except Refused as refused:\n        raise Refused(refused.code, refused.offset) from None\n"),
    ("local-state-types-swapped", "reads an agent's contents in a person's state", "        if state.header.type == MessageType.agent_state:\n", "        if state.header.type == MessageType.owner_state:\n"),
    ("local-state-stopped-accepted", "opens a state that says stopped", holds("contents.phase != AgentPhase.stopped"), ""),
    ("local-state-account-unchecked", "opens a pinned state of no account", holds("(header.account_id == NO_ACCOUNT) == (contents.phase == AgentPhase.unpinned)"), ""),
    ("local-state-unpinned-of-account", "opens an unpinned state of an account", holds("(header.account_id == NO_ACCOUNT) == (contents.phase == AgentPhase.unpinned)"), holds("header.account_id != NO_ACCOUNT or contents.phase == AgentPhase.unpinned")),
    ("local-state-primes-unchecked", "opens a state of keys that are no primes", holds("are_usable(contents.keys)"), ""),
    ("local-state-batch-unchecked", "opens a state with a batch's hash without its number", holds("(contents.sequence == 0) == (contents.batch_hash == NO_HASH)"), ""),
    ("local-state-state-unneeded", "opens a state of a phase that has no AccountState with one, and the reverse", holds("(contents.state is not None) == has_state"), ""),
    ("local-state-keys-unneeded", "opens an active state without keys, and others with them", holds("(contents.epoch_keys is not None) == (contents.phase == AgentPhase.active)"), ""),
    ("local-state-waiting-with-keys", "opens a waiting state with keys", holds("(contents.epoch_keys is not None) == (contents.phase == AgentPhase.active)"), holds("contents.epoch_keys is not None or contents.phase != AgentPhase.active")),
    ("local-state-active-without-keys", "opens an active state without keys", holds("(contents.epoch_keys is not None) == (contents.phase == AgentPhase.active)"), holds("contents.epoch_keys is None or contents.phase == AgentPhase.active")),
    ("local-state-terms-unneeded", "opens a pinned state without terms", holds("(contents.terms is None) == (contents.phase == AgentPhase.unpinned)"), holds("contents.terms is None or contents.phase != AgentPhase.unpinned")),
    ("local-state-terms-unpinned", "opens an unpinned state with terms", holds("(contents.terms is None) == (contents.phase == AgentPhase.unpinned)"), holds("contents.terms is not None or contents.phase == AgentPhase.unpinned")),
    ("local-state-request-unpinned", "opens an unpinned state with a request", holds("contents.request is None", 8), ""),
    ("local-state-age-unpinned", "opens an unpinned state with an age", holds("contents.age == 0", 8), ""),
    ("local-state-sequence-unpinned", "opens an unpinned state with a batch", holds("contents.sequence == 0", 8), ""),
    ("local-state-request-missing", "opens a pinned state without a request", holds("contents.request is not None", 8), "        pass\n"),
    ("local-state-least-without-state", "opens a state with a clock before the first AccountState", holds("contents.least == 0", 8), ""),
    ("local-state-running-without-state", "opens a state that has run before the first AccountState", holds("contents.running == 0", 8), "        pass\n"),
    ("local-state-request-account", "opens a state with a request of another account", holds("request.header.account_id == header.account_id"), ""),
    ("local-state-request-modulus", "opens a state with a request of another modulus", holds("request.modulus == rsa.modulus_of(contents.keys.p, contents.keys.q)"), ""),
    ("local-state-request-key", "opens a state with a request of another Ed25519 key", holds("request.verify_key == backend.ed25519_public_key(contents.keys.seed)"), ""),
    ("local-state-manager", "opens a state with terms of a manager", holds("contents.terms.role == Role.agent", 8), "        pass\n"),
    ("local-state-epoch-without-state", "opens a state of an epoch without an AccountState", holds("header.epoch == NO_EPOCH", 8), ""),
    ("local-state-state-account", "opens a state with an AccountState of another account", "    refuse_unless(state.header.account_id == header.account_id)\n    refuse_unless(state.header.epoch == header.epoch)\n", "    refuse_unless(state.header.epoch == header.epoch)\n"),
    ("local-state-state-epoch", "opens a state with an AccountState of another epoch", holds("state.header.epoch == header.epoch"), ""),
    ("local-state-state-generation", "opens a state of an older generation than the terms", holds("contents.terms is not None and state.generation >= contents.terms.generation"), ""),
    ("local-state-state-generation-itself", "refuses a state of the terms' generation", "state.generation >= contents.terms.generation", "state.generation > contents.terms.generation"),
    ("local-state-least-before-made", "opens a state whose clock is before its AccountState", holds("contents.least >= state.made"), ""),
    ("local-state-active-listed", "opens an active state that is revoked", holds("keys.id_of(contents.keys) not in state.revoked", 8), "        pass\n"),
    ("local-state-waiting-listed", "opens a waiting state that is revoked", "    if contents.phase != AgentPhase.revoked:\n", "    if contents.phase == AgentPhase.active:\n"),
    ("local-state-revoked-listed", "opens no revoked state that is listed", "    if contents.phase != AgentPhase.revoked:\n", "    if True:\n"),
    ("local-state-owner-account", "opens pins of another account's head", holds("contents.head.header.account_id == header.account_id"), ""),
    ("local-state-owner-epoch", "opens pins of another epoch than their state's", holds("header.epoch == (NO_EPOCH if state is None else state.header.epoch)"), ""),
    ("local-state-owner-vault", "opens pins of a state without a vault, and the reverse", holds("(contents.vault_hash == NO_HASH) == (state is None)"), ""),
    ("local-state-owner-state-account", "opens pins of another account's state", "        refuse_unless(state.header.account_id == header.account_id)\n        refuse_unless(contents.generation", "        refuse_unless(contents.generation"),
    ("local-state-owner-generation", "opens pins of a lower generation than their state's", holds("contents.generation >= state.generation", 8), ""),
    ("local-state-owner-pending-state", "opens pins with a pending state without a vault", holds("contents.pending_state == NO_HASH", 8), ""),
    ("local-state-owner-pending-rules", "opens pins with a pending RuleSet without a vault", holds("contents.pending_rule_set == NO_HASH", 8), ""),
) + of_module(
    "keys.py",
    ("local-state-key-without-account", "derives Kstate without the account id", 'derive(device_key, "local-state", account_id + uint8(type))', 'derive(device_key, "local-state", bytes(16) + uint8(type))'),
    ("local-state-key-without-type", "derives one Kstate for both types", 'derive(device_key, "local-state", account_id + uint8(type))', 'derive(device_key, "local-state", account_id + uint8(11))'),
)
