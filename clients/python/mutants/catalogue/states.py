"""Certificates, AccountStates and the agent's clock (sections 12.1 and 13.5)."""

from ..mutant import of_module


def refusal(condition: str, code: str) -> str:
    return f'    if {condition}:\n        raise Refused("{code}")\n'


ACCOUNT = refusal("state.header.account_id != account_id", "wrong_account")
ROOT = refusal("keys.account_id(state.root_key) != account_id", "wrong_account")
ROOT_KEY = "    ed25519.check_key(state.root_key)\n"
SIGNER_KEYS = "    for signer in state.signers:\n        ed25519.check_key(signer.verify_key)\n"
CERTIFIED = "    check_certificate(state)\n    check_signed("
SIGNED = "    check_signed(state, state.signer, message)\n"
VALID = "    check_validity(state)\n    if last is None:\n"
ROOT_LISTED = refusal("not state.names(state.root_key)", "certificate_invalid")
CERTIFICATE = refusal(
    "not ed25519.verifies(state.root_key, certificate_input(state), state.certificate)", "certificate_invalid")
INPUT = 'return labelled("certificate") + state.header.account_id + state.part("generation", "signers")'
LISTED = refusal("not state.names(signer)", "signature_invalid")
FROM = refusal("state.made < state.certificate_from", "bad_validity")
EMPTY = refusal("state.valid_until <= state.made", "bad_validity")
UNTIL = refusal("state.valid_until > state.certificate_until", "bad_validity")
LONG = refusal("state.valid_until - state.made > VALIDITY_ACCEPTED * DAY", "bad_validity")
LONG_LIST = refusal("state.certificate_until - state.made > VALIDITY_ACCEPTED * DAY", "bad_validity")
OLDER_LIST = refusal("state.generation < last.generation", "generation_rollback")
NEWER_LIST = "    if state.generation > last.generation:\n        return\n"
BACK = refusal("state.counter < last.counter", "counter_rollback")
FORK = refusal("state.counter == last.counter", "counter_fork")
EPOCH = refusal("state.header.epoch < last.header.epoch", "epoch_rollback")
EPOCH_FORK = refusal(
    "state.header.epoch == last.header.epoch and state.commitment != last.commitment", "epoch_fork")
LEAST = (
    "        if least_generation is not None and state.generation < least_generation:\n"
    '            raise Refused("generation_rollback")\n')
REPEAT = "    if message == last.write():\n        return Accepted(last, False)\n"

MUTANTS = of_module(
    "states.py",
    ("state-account-unchecked", "does not compare the account of a state with the pinned one", ACCOUNT, ""),
    ("state-account-of-message", "takes the account of a state from the state", ACCOUNT, "    account_id = state.header.account_id\n"),
    ("state-account-first-half", "compares only the first half of a state's account", ACCOUNT, ACCOUNT.replace("account_id != account_id", "account_id[:8] != account_id[:8]")),
    ("state-root-unchecked", "does not hold the root key against the account id", ROOT, ""),
    ("state-root-first-byte", "compares only the first byte of the id of a state's root key", ROOT, ROOT.replace("keys.account_id(state.root_key) != account_id", "keys.account_id(state.root_key)[0] != account_id[0]")),
    ("state-root-after-certificate", "verifies the certificate before it holds the root key against the account id", ROOT + ROOT_KEY + SIGNER_KEYS + "    check_certificate(state)\n", "    check_certificate(state)\n" + ROOT + ROOT_KEY + SIGNER_KEYS),
    ("state-signer-keys-unchecked", "does not check the keys of the signers", SIGNER_KEYS, ""),
    ("state-signer-keys-first", "checks the key of the first signer only", SIGNER_KEYS, SIGNER_KEYS.replace("state.signers:", "state.signers[:1]:")),
    ("state-signer-keys-after-certificate", "checks the keys of the signers after the certificate", SIGNER_KEYS + "    check_certificate(state)\n", "    check_certificate(state)\n" + SIGNER_KEYS),
    ("state-certificate-unchecked", "does not verify the certificate", CERTIFICATE, ""),
    ("state-certificate-skipped", "looks at no certificate", CERTIFIED, "    check_signed("),
    ("state-certificate-after-signature", "verifies the certificate after the signature", "    check_certificate(state)\n" + SIGNED, SIGNED + "    check_certificate(state)\n"),
    ("state-certificate-under-signer", "verifies the certificate under the signer's key", CERTIFICATE, CERTIFICATE.replace("verifies(state.root_key", "verifies(state.signer")),
    ("state-certificate-code", "says signature_invalid for a wrong certificate", CERTIFICATE, CERTIFICATE.replace("certificate_invalid", "signature_invalid")),
    ("state-root-not-listed", "accepts a list without the root key", ROOT_LISTED, ""),
    ("state-root-listed-first", "wants the root key at the head of the list", ROOT_LISTED, ROOT_LISTED.replace("not state.names(state.root_key)", "state.signers[0].verify_key != state.root_key")),
    ("certificate-label-of-signature", "certifies under the label of signatures", INPUT, INPUT.replace('"certificate"', '"signature"')),
    ("certificate-without-account", "leaves the account id out of the certificate", INPUT, INPUT.replace(" + state.header.account_id", "")),
    ("certificate-without-generation", "leaves the generation out of the certificate", INPUT, INPUT.replace('part("generation",', 'part("certificate_from",')),
    ("certificate-without-from", "leaves `from` out of the certificate", INPUT, INPUT.replace('state.part("generation", "signers")', 'state.part("generation", "generation") + state.part("certificate_until", "signers")')),
    ("certificate-without-times", "leaves its times out of the certificate", INPUT, INPUT.replace('state.part("generation", "signers")', 'state.part("generation", "generation") + state.part("signers", "signers")')),
    ("certificate-without-signers", "leaves the signers out of the certificate", INPUT, INPUT.replace('"signers")', '"certificate_until")')),
    ("certificate-without-length", "leaves the length of the list out of the certificate", INPUT, 'return labelled("certificate") + state.header.account_id + state.part("generation", "certificate_until") + state.part("signers", "signers")[2:]'),
    ("certificate-with-root-key", "has the root key in the certificate as well", INPUT, INPUT.replace('part("generation",', 'part("root_key",')),
    ("state-signature-unchecked", "does not verify the signature of a state", SIGNED, ""),
    ("state-signer-not-listed", "takes a signature of somebody who is not on the list", LISTED, ""),
    ("state-signer-always-root", "takes signatures of the root key alone", LISTED, LISTED.replace("not state.names(signer)", "signer != state.root_key")),
    ("state-signer-code", "says unknown_agent for a signer who is not on the list", LISTED, LISTED.replace("signature_invalid", "unknown_agent")),
    ("state-signature-under-root", "verifies every signature under the root key", "    signature.check(signer, message)\n", "    signature.check(state.root_key, message)\n"),
    ("state-validity-unchecked", "does not look at the times of a state", VALID, "    if last is None:\n"),
    ("state-validity-before-signature", "looks at the times before the signature", SIGNED + "    check_validity(state)\n", "    check_validity(state)\n" + SIGNED),
    ("state-validity-after-order", "looks at the times of a repeated state last", VALID, "    if last is not None and state.generation < last.generation:\n        raise Refused(\"generation_rollback\")\n" + VALID),
    ("state-from-unchecked", "accepts a state that was made before its list", FROM, ""),
    ("state-from-itself-refused", "refuses a state made when its list begins", FROM, FROM.replace("<", "<=")),
    ("state-empty-accepted", "accepts a state that ends when it is made", EMPTY, EMPTY.replace("<=", "<")),
    ("state-empty-unchecked", "accepts a state that ends before it is made", EMPTY, ""),
    ("state-until-unchecked", "accepts a state that outlives its certificate", UNTIL, ""),
    ("state-until-itself-refused", "refuses a state that ends with its certificate", UNTIL, UNTIL.replace(">", ">=")),
    ("state-long-unchecked", "sets no limit to how long a state is valid", LONG + LONG_LIST, ""),
    ("state-certificate-long-unchecked", "sets no limit to how long a certificate is valid", LONG_LIST, ""),
    ("state-400-days", "accepts 400 days at most", LONG + LONG_LIST, (LONG + LONG_LIST).replace("VALIDITY_ACCEPTED", "400")),
    ("state-402-days", "accepts 402 days", LONG + LONG_LIST, (LONG + LONG_LIST).replace("VALIDITY_ACCEPTED", "402")),
    ("state-401-days-refused", "refuses 401 days exactly", LONG_LIST, LONG_LIST.replace(">", ">=")),
    ("state-certificate-from-its-begin", "counts the days of a certificate from its begin", LONG_LIST, LONG_LIST.replace("state.made", "state.certificate_from")),
    ("state-days-in-seconds", "takes times for seconds", "DAY = 86_400_000\n", "DAY = 86_400\n"),
    ("state-code-generation-unchecked", "accepts a first state of an older generation than its code's", LEAST, ""),
    ("state-code-generation-itself-refused", "refuses a first state of its code's generation", LEAST, LEAST.replace("< least_generation", "<= least_generation")),
    ("state-code-generation-always", "holds every state against its code's generation", "    if last is None:\n" + LEAST, (LEAST.replace("            raise", "        raise")[4:]) + "    if last is None:\n"),
    ("state-generation-back", "accepts a state of an older generation", OLDER_LIST, ""),
    ("state-generation-back-code", "says counter_rollback for an older generation", OLDER_LIST, OLDER_LIST.replace("generation_rollback", "counter_rollback")),
    ("state-generation-unhealed", "holds counters and epochs over generations", NEWER_LIST, ""),
    ("state-generation-next-only", "accepts the next generation alone", NEWER_LIST, refusal("state.generation > last.generation + 1", "generation_rollback") + NEWER_LIST),
    ("state-generation-epoch-kept", "refuses a lower epoch in a greater generation", NEWER_LIST, EPOCH + NEWER_LIST),
    ("state-counter-back", "accepts a state with an older counter", BACK, ""),
    ("state-counter-back-code", "says counter_fork for an older counter of a state", BACK, BACK.replace("counter_rollback", "counter_fork")),
    ("state-counter-32-bits", "compares counters of states in 32 bits", BACK, BACK.replace("state.counter < last.counter", "state.counter % 2**32 < last.counter % 2**32")),
    ("state-gap-refused", "refuses a gap in the counters", FORK, FORK + refusal("state.counter > last.counter + 1", "counter_rollback")),
    ("state-fork-accepted", "accepts another state of the same counter", FORK, ""),
    ("state-fork-code", "says counter_rollback for another state of the same counter", FORK, FORK.replace("counter_fork", "counter_rollback")),
    ("state-repeat-as-new", "takes the last state once more for a new one", REPEAT, REPEAT.replace("Accepted(last, False)", "Accepted(last, True)")),
    ("state-repeat-refused", "refuses the last state once more", REPEAT, ""),
    ("state-repeat-by-pair", "takes every state of the last pair for the last one", REPEAT, REPEAT.replace("message == last.write()", "state.pair() == last.pair()")),
    ("state-repeat-without-signature", "takes the last state with another signature for the last one", REPEAT, REPEAT.replace("message == last.write()", "message[:-64] == last.write()[:-64]")),
    ("state-epoch-back", "accepts a state of an older epoch", EPOCH, ""),
    ("state-epoch-same-refused", "refuses another state of the same epoch", EPOCH, EPOCH.replace("<", "<=")),
    ("state-epoch-next-only", "refuses an epoch that is more than one newer", EPOCH, EPOCH + refusal("state.header.epoch > last.header.epoch + 1", "epoch_rollback")),
    ("state-epoch-before-counter", "looks at the epoch before the counter", BACK + FORK + EPOCH, EPOCH + BACK + FORK),
    ("state-epoch-fork-accepted", "accepts another commitment of the same epoch", EPOCH_FORK, ""),
    ("state-epoch-fork-code", "says epoch_mismatch for another commitment of the same epoch", EPOCH_FORK, EPOCH_FORK.replace("epoch_fork", "epoch_mismatch")),
    ("state-epoch-fork-any-epoch", "wants the commitment of the last state in a new epoch as well", EPOCH_FORK, EPOCH_FORK.replace("state.header.epoch == last.header.epoch and ", "")),
    ("state-keys-of-any-generation", "takes keys of another generation for those of the state", "    if state.generation != other.generation:\n        return False\n", ""),
    ("state-keys-of-any-epoch", "takes keys of another epoch for those of the state", "    if state.header.epoch != other.header.epoch:\n        return False\n", ""),
    ("state-note-hash-of-unsigned", "notes a state's hash without its signature", "backend.sha256(state.write()))", "backend.sha256(state.write()[:-64]))"),
    ("state-make-certificate-unchecked", "makes a state of a certificate that it did not verify", "    check_certificate(state)\n    if not state.names(state.signer):\n", "    if not state.names(state.signer):\n"),
    ("state-make-signer-unchecked", "makes a state that nobody on its list signs", '    if not state.names(state.signer):\n        raise Refused("signature_invalid")\n', ""),
    ("state-make-validity-unchecked", "makes a state whose times nobody accepts", "    check_validity(state)\n    return AccountState", "    return AccountState"),
) + of_module(
    "operations/person.py",
    ("state-make-unsorted", "lists revoked ids in the order given", 'sorted(set(a.bytes_list("revoked")))', 'list(dict.fromkeys(a.bytes_list("revoked")))'),
    ("state-make-commitment-of-epoch-1", "states the commitment of epoch 1", 'keys.commitment(a.bytes("master_key"), account_id, epoch)', 'keys.commitment(a.bytes("master_key"), account_id, 1)'),
    ("state-make-signers-unsorted", "lists signers in the order given", "    return sorted(listed, key=lambda signer: signer.verify_key)\n", "    return listed\n"),
    ("state-make-signers-by-id", "lists signers in the order of their ids", "    return sorted(listed, key=lambda signer: signer.verify_key)\n", "    return sorted(listed, key=lambda signer: signer.person_id)\n"),
) + of_module(
    "operations/agent.py",
    ("state-listed-ignored", "does not look for itself among the revoked", 'a.bytes("agent_id") in accepted.state.revoked,', "False,"),
    ("state-listed-any", "takes any revocation for its own", 'a.bytes("agent_id") in accepted.state.revoked,', "bool(accepted.state.revoked),"),
    ("state-listed-first-only", "looks only at the first revoked id of a state", 'a.bytes("agent_id") in accepted.state.revoked,', 'a.bytes("agent_id") in accepted.state.revoked[:1],'),
    ("state-listed-last-only", "looks only at the last revoked id of a state", 'a.bytes("agent_id") in accepted.state.revoked,', 'a.bytes("agent_id") in accepted.state.revoked[-1:],'),
    ("state-listed-middle-missed", "misses itself between the first and the last revoked id", 'a.bytes("agent_id") in accepted.state.revoked,', 'a.bytes("agent_id") in accepted.state.revoked[:1] + accepted.state.revoked[-1:],'),
    ("state-listed-prefix", "compares only the first half of revoked ids", 'a.bytes("agent_id") in accepted.state.revoked,', 'a.bytes("agent_id")[:8] in [one[:8] for one in accepted.state.revoked],'),
) + of_module(
    "clock.py",
    ("clock-anchor-without-age", "does not count what it has run since its code was made", "    return saturating(made + age)\n", "    return made\n"),
    ("clock-anchor-is-age", "takes what it has run for its anchor", "    return saturating(made + age)\n", "    return age\n"),
    ("clock-anchor-unbounded", "lets the anchor pass the greatest time", "    return saturating(made + age)\n", "    return made + age\n"),
    ("clock-running-forgotten", "forgets what it has run when a state of its generation comes", "        return max(saturating(last.least + last.running), made)\n", "        return max(last.least, made)\n"),
    ("clock-set-by-state", "sets its clock to what a state of its generation says", "        return max(saturating(last.least + last.running), made)\n", "        return made\n"),
    ("clock-made-ignored", "does not look at when a state of its generation was made", "        return max(saturating(last.least + last.running), made)\n", "        return saturating(last.least + last.running)\n"),
    ("clock-least-unbounded", "lets its clock pass the greatest time", "        return max(saturating(last.least + last.running), made)\n", "        return max(last.least + last.running, made)\n"),
    ("clock-generation-ignored", "does not let a greater generation set its clock", "    if last is not None and generation == last.generation:\n", "    if last is not None:\n"),
    ("clock-anchor-in-generation", "holds a state of its generation against the anchor alone", "    if last is not None and generation == last.generation:\n", "    if False:\n"),
    ("clock-anchor-ignored", "lets a state set its clock before its anchor", "    return max(made, anchor)\n", "    return made\n"),
    ("clock-anchor-only", "does not let a state set its clock beyond its anchor", "    return max(made, anchor)\n", "    return anchor\n"),
    ("clock-wall-only", "goes by the computer's clock", "    return max(wall, saturating(least + running))\n", "    return wall\n"),
    ("clock-wall-ignored", "does not look at the computer's clock", "    return max(wall, saturating(least + running))\n", "    return saturating(least + running)\n"),
    ("clock-running-ignored", "does not count what it has run", "    return max(wall, saturating(least + running))\n", "    return max(wall, least)\n"),
    ("clock-expired-late", "works at the moment at which its state expires", "    if now >= valid_until:\n", "    if now > valid_until:\n"),
    ("clock-never-expired", "works on when its state has expired", "    if now >= valid_until:\n", "    if False:\n"),
)
