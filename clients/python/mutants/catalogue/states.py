"""The AccountState (section 12.1)."""

from ..mutant import of_module

ACCOUNT = '    if state.header.account_id != account_id:\n        raise Refused("wrong_account")\n'
KEY = '    if keys.account_id(state.verify_key) != account_id:\n        raise Refused("wrong_account")\n'
MODULUS = "    rsa.check_modulus(state.modulus)\n"
SIGNED = "    signature.check(state.verify_key, message)\n"
ZERO = '    if state.counter == 0:\n        raise Refused("counter_rollback")\n'
BACK = '    if state.counter < last_counter:\n        raise Refused("counter_rollback")\n'
FORK = '    if message != last:\n        raise Refused("counter_fork")\n'
EPOCH = '    if last is not None and state.header.epoch < AccountState.parse(last).header.epoch:\n        raise Refused("epoch_rollback")\n'
FIRST = '    if state.counter == 1 and state.previous != NONE:\n        raise Refused("chain_broken")\n'
NEXT = '    if state.counter == AccountState.parse(last).counter + 1 and state.previous != backend.sha256(last):\n        raise Refused("chain_broken")\n'

MUTANTS = of_module(
    "states.py",
    ("state-account-unchecked", "does not compare the account of a state with the pinned one", ACCOUNT, ""),
    ("state-account-of-message", "takes the account of a state from the state", ACCOUNT, "    account_id = state.header.account_id\n"),
    ("state-account-first-half", "compares only the first half of a state's account", ACCOUNT, ACCOUNT.replace("state.header.account_id != account_id", "state.header.account_id[:8] != account_id[:8]")),
    ("state-key-unchecked", "does not hold the account's key against the account id", KEY, ""),
    ("state-key-after-signature", "verifies the signature before it holds the key against the account id", KEY + MODULUS + SIGNED, SIGNED + KEY + MODULUS),
    ("state-key-first-byte", "compares only the first byte of the id of a state's key", KEY, KEY.replace("keys.account_id(state.verify_key) != account_id", "keys.account_id(state.verify_key)[0] != account_id[0]")),
    ("state-modulus-unchecked", "does not check the account's modulus", MODULUS, ""),
    ("state-modulus-after-signature", "checks the modulus after the signature", MODULUS + SIGNED, SIGNED + MODULUS),
    ("state-modulus-before-account", "checks the modulus before the account's key", KEY + MODULUS, MODULUS + KEY),
    ("state-signature-unchecked", "does not verify the signature of a state", SIGNED, ""),
    ("state-counter-zero", "accepts counter 0", ZERO, ""),
    ("state-counter-back", "accepts a state with an older counter", BACK, BACK.replace('raise Refused("counter_rollback")', "return False")),
    ("state-counter-back-code", "says counter_fork for an older counter of a state", BACK, BACK.replace("counter_rollback", "counter_fork")),
    ("state-counter-32-bits", "compares counters of states in 32 bits", "    last_counter = AccountState.parse(last).counter\n", "    last_counter = AccountState.parse(last).counter\n    if state.counter % 2**32 < last_counter % 2**32:\n        raise Refused(\"counter_rollback\")\n"),
    ("state-gap-refused", "refuses a gap in the counters", "    if state.counter > last_counter:\n        return False\n", "    if state.counter > last_counter + 1:\n        raise Refused(\"chain_broken\")\n    if state.counter > last_counter:\n        return False\n"),
    ("state-fork-unchecked", "takes another state of the same counter for the last one", FORK, ""),
    ("state-fork-accepted", "accepts another state of the same counter", FORK, "    if message != last:\n        return False\n"),
    ("state-repeat-as-new", "takes the last state once more for a new one", "        raise Refused(\"counter_fork\")\n    return True\n", "        raise Refused(\"counter_fork\")\n    return False\n"),
    ("state-epoch-back", "accepts a state of an older epoch", EPOCH, ""),
    ("state-epoch-same-refused", "refuses another state of the same epoch", EPOCH, EPOCH.replace("state.header.epoch < ", "state.header.epoch <= ")),
    ("state-epoch-next-only", "refuses an epoch that is more than one newer", EPOCH, EPOCH + '    if last is not None and state.header.epoch > AccountState.parse(last).header.epoch + 1:\n        raise Refused("epoch_rollback")\n'),
    ("state-epoch-before-counter", "looks at the epoch before the counter", "    if last is not None and is_last_state(state, message, last):\n        return state, True\n" + EPOCH, EPOCH + "    if last is not None and is_last_state(state, message, last):\n        return state, True\n"),
    ("state-chain-before-epoch", "looks at the chain before the epoch", EPOCH + "    check_chain(state, last)\n", "    check_chain(state, last)\n" + EPOCH),
    ("state-first-previous-unchecked", "accepts a first state that names a predecessor", FIRST, ""),
    ("state-previous-unchecked", "does not check the hash of the state before", NEXT, ""),
    ("state-previous-first-half", "compares only the first half of the hash of the state before", NEXT, NEXT.replace("state.previous != backend.sha256(last)", "state.previous[:16] != backend.sha256(last)[:16]")),
    ("state-previous-of-unsigned", "chains states by the hash without the signature", NEXT, NEXT.replace("backend.sha256(last)", "backend.sha256(last[:-64])")),
    ("state-previous-over-gap", "checks the hash over a gap as well", NEXT, NEXT.replace("state.counter == AccountState.parse(last).counter + 1 and ", "")),
    ("state-previous-zeros-accepted", "accepts zeros for the hash of the state before", NEXT, NEXT.replace("state.previous != backend.sha256(last)", "state.previous not in (NONE, backend.sha256(last))")),
    ("state-revoked-first-only", "looks only at the first revoked id of a state", "return agent_id in state.revoked", "return agent_id in state.revoked[:1]"),
    ("state-revoked-last-only", "looks only at the last revoked id of a state", "return agent_id in state.revoked", "return agent_id in state.revoked[-1:]"),
    ("state-revoked-ignored", "does not look for itself among the revoked", "return agent_id in state.revoked", "return False"),
    ("state-revoked-any", "takes any revocation for its own", "return agent_id in state.revoked", "return len(state.revoked) > 0"),
    ("state-revoked-middle-missed", "misses itself between the first and the last revoked id", "return agent_id in state.revoked", "return agent_id in state.revoked[:1] + state.revoked[-1:]"),
    ("state-revoked-prefix", "compares only the first half of revoked ids", "return agent_id in state.revoked", "return agent_id[:8] in [one[:8] for one in state.revoked]"),
    ("state-make-unsorted", "lists revoked ids in the order given", "sorted(set(revoked))", "list(dict.fromkeys(revoked))"),
    ("state-make-sorted-from-end", "sorts revoked ids from their last byte on", "sorted(set(revoked))", "sorted(set(revoked), key=lambda one: one[::-1])"),
    ("state-make-sorted-signed", "sorts revoked ids by signed bytes", "sorted(set(revoked))", "sorted(set(revoked), key=lambda one: bytes(b ^ 128 for b in one))"),
    ("state-make-commitment-of-epoch-1", "states the commitment of epoch 1", "commitment = keys.commitment(master_key, account_id, epoch)", "commitment = keys.commitment(master_key, account_id, 1)"),
    ("state-make-rule-set-zero", "leaves the rule set out of a state", "modulus, commitment, rule_set, previous,", "modulus, commitment, NONE, previous,"),
    ("state-make-hashes-swapped", "swaps the hashes of the rule set and of the state before", "modulus, commitment, rule_set, previous,", "modulus, commitment, previous, rule_set,"),
)
