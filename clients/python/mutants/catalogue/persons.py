"""What a person's end opens: PersonKeys, the vault and the whole (sections 9.5, 12.5 and 12.7)."""

from ..mutant import of_module


def refusal(condition: str, code: str) -> str:
    return f'    if {condition}:\n        raise Refused("{code}")\n'


def failure(condition: str) -> str:
    return f"    if {condition}:\n        raise Refused(FAILURE)\n"


def false(condition: str) -> str:
    return f"    if {condition}:\n        return False\n"


def inner(condition: str, code: str) -> str:
    return f'        if {condition}:\n            raise Refused("{code}")\n'


HEAD = refusal("sealed.head.write() != head", "pin_mismatch")
PRIMES = failure("not are_usable(contents)")
ORDER = false("p <= q")
MODULUS = (
    "    try:\n        rsa.check_modulus(rsa.modulus_of(keys.p, keys.q))\n    except Refused:\n        return False\n")
INVERTIBLE = false("gcd(rsa.EXPONENT, (p - 1) * (q - 1)) != 1")
PRIME = "    return rsa.passes_fermat(p) and rsa.passes_fermat(q)\n"
OPEN_KEYS = "chunked.open_sealed(key, head, sealed.sealed, FAILURE)"

ACCOUNT = refusal("vault.header.account_id != state.header.account_id", "wrong_account")
EPOCH = refusal("vault.header.epoch != state.header.epoch", "epoch_mismatch")
SIGNED = "    states.check_signed(state, vault.signer, message)\n"
SEAL = 'chunked.open_sealed(key, vault.part("header", "counter"), vault.sealed, FAILURE)'
FIT = "    check_fit(contents, state, vault.signer)\n"
STRANGER = refusal("opener is None", "unknown_agent")
REMOVED = refusal("opener.status == PersonStatus.removed", "revoked")
FITTING = "    if len(persons) <= PERSONS_MAX:\n        return persons\n"
KEYS = refusal("opener.keys != NO_HASH and opener.keys != backend.sha256(person_keys)", "chain_broken")
NOTE = refusal("contents.newest() != states.note_of(state)", "chain_broken")
LIST = (
    "    if sorted((person.verify_key, person.person_id) for person in granted) != [\n"
    "        (signer.verify_key, signer.person_id) for signer in state.signers\n"
    '    ]:\n        raise Refused("chain_broken")\n')
IDS = inner("keys.agent_id(person.modulus, person.verify_key) != person.person_id", "chain_broken")
MADE_BY = refusal(
    "contents.made_by != next(person.person_id for person in granted if person.verify_key == signer)", "chain_broken")
ONE_OWNER = refusal("len(owners) != 1", "chain_broken")
OWNER_KEY = refusal("owner.verify_key != root_key", "chain_broken")
OWNER_STATUS = refusal("owner.status != PersonStatus.granted", "chain_broken")
OWNER_KEYS = refusal("owner.keys == NO_HASH", "chain_broken")

CHECK_HEAD = (
    "        if self.pins is not None:\n"
    "            passwords.check_head(head, self.pins.head, self.password_changed)\n")
TYPED = "        passwords.check_typed(head, self.typed)\n"
BACK = '        if counter < pins.vault_counter:\n            return "counter_rollback"\n'
SAME = 'return None if backend.sha256(self.served.owner_vault) == pins.vault_hash else "counter_fork"'
FAR = "        if writes > RECENT_MAX:\n            return None\n"
NAMED = "        named = contents.recent[-writes:]\n"
LINE = "        if len(named) < writes or named[0] != pins.vault_hash:\n"
UNNOTED = "    if note is None and pinned.pair() >= contents.states[0].pair():\n"
NOTED = "    if note is not None and note.hash != backend.sha256(pinned.write()):\n"
KNOWN = "[key.master_key for key in contents.past_keys if key.epoch == pinned.header.epoch]"
SAME_LIST = "            if state.generation == pinned.generation:\n"
WRAP_ACCOUNT = '            if wrap.header.account_id != state.header.account_id:\n                raise Refused("wrong_account")\n'
WRAP_FITS = "    if not grants.fits(master_key, state.header.account_id, state.header.epoch, state.commitment):\n        return None\n"
WRAP_EPOCH = "    if wrap.header.epoch != state.header.epoch:\n        return None\n"
GRANT_EPOCH = (
    "        if Grant.parse(self.served.grant).header.epoch != state.header.epoch:\n"
    '            raise Refused("no_master_key")\n')
CONFIRMED = "        confirmed = pins.confirmed if pins.state is not None and not self.findings else 0\n"
OWNER_ONLY = "backend.ed25519_public_key(own.seed) == state.root_key and self.served.password_wrap is not None"

MUTANTS = of_module(
    "person_keys.py",
    ("person-keys-head-unchecked", "opens PersonKeys of another head than the one answered", HEAD, ""),
    ("person-keys-head-by-counter", "compares only the counter of the head that was answered", HEAD, HEAD.replace("sealed.head.write() != head", "sealed.head.write()[24:32] != head[24:32]")),
    ("person-keys-head-without-salt", "does not compare the salt of the head that was answered", HEAD, HEAD.replace("sealed.head.write() != head", "sealed.head.write()[:37] != head[:37]")),
    ("person-keys-head-after-stretching", "compares the head after it has stretched the password", HEAD + "    stretched = passwords.stretch(sealed.head, typed)\n", "    stretched = passwords.stretch(sealed.head, typed)\n" + HEAD),
    ("person-keys-no-context", "opens PersonKeys without context", OPEN_KEYS, "chunked.open_sealed(key, b'', sealed.sealed, FAILURE)"),
    ("person-keys-context-header", "opens PersonKeys with the header alone for context", OPEN_KEYS, "chunked.open_sealed(key, head[:24], sealed.sealed, FAILURE)"),
    ("person-keys-key-of-login", "opens PersonKeys under the login key", '    key = derive(stretched, "person-keys", head)\n', '    key = derive(stretched, "login", head)\n'),
    ("person-keys-made-under-login", "seals PersonKeys under the login key", '    key = derive(stretched, "person-keys", head.write())\n', '    key = derive(stretched, "login", head.write())\n'),
    ("person-keys-primes-unchecked", "does not check the primes at all", PRIMES, ""),
    ("person-keys-primes-code", "gives wrong primes a code of their own", PRIMES, PRIMES.replace("Refused(FAILURE)", 'Refused("bad_key")')),
    ("person-keys-order-unchecked", "accepts the smaller prime first", ORDER, ""),
    ("person-keys-equal-primes", "accepts p = q", ORDER, ORDER.replace("<=", "<")),
    ("person-keys-modulus-unchecked", "does not check the modulus", MODULUS, ""),
    ("person-keys-p-not-prime", "does not check that p is prime", PRIME, "    return rsa.passes_fermat(q)\n"),
    ("person-keys-q-not-prime", "does not check that q is prime", PRIME, "    return rsa.passes_fermat(p)\n"),
    ("person-keys-p-not-invertible", "looks for the inverse of the exponent modulo q - 1 alone", INVERTIBLE, INVERTIBLE.replace("(p - 1) * ", "")),
    ("person-keys-q-not-invertible", "looks for the inverse of the exponent modulo p - 1 alone", INVERTIBLE, INVERTIBLE.replace(" * (q - 1)", "")),
    ("person-keys-odd-is-prime", "takes every odd number for a prime", PRIME, "    return p % 2 == 1 and q % 2 == 1\n"),
) + of_module(
    "vault.py",
    ("vault-account-unchecked", "does not compare the account of a vault", ACCOUNT, ""),
    ("vault-epoch-unchecked", "does not compare the epoch of a vault", EPOCH, ""),
    ("vault-epoch-older-only", "refuses only an older epoch of a vault", EPOCH, EPOCH.replace("!=", "<")),
    ("vault-epoch-after-signature", "compares the epoch of a vault after its signature", EPOCH + SIGNED, SIGNED + EPOCH),
    ("vault-signature-unchecked", "does not verify the signature of a vault", SIGNED, ""),
    ("vault-signature-of-anybody", "takes a vault of a signer who is not on the list", SIGNED, "    from .wire import signature\n    signature.check(vault.signer, message)\n"),
    ("vault-signature-of-root", "takes vaults of the root key alone", SIGNED, refusal("vault.signer != state.root_key", "signature_invalid") + SIGNED),
    ("vault-signature-of-state-signer", "takes vaults of the state's own signer alone", SIGNED, SIGNED.replace("vault.signer", "state.signer")),
    ("vault-signature-after-seal", "opens the seal before it verifies the signature", SIGNED + "    key = keys.vault_key(master_key, vault.header.account_id, vault.header.epoch)\n    return " + SEAL + "\n", "    key = keys.vault_key(master_key, vault.header.account_id, vault.header.epoch)\n    plaintext = " + SEAL + "\n" + SIGNED + "    return plaintext\n"),
    ("vault-context-header-only", "opens a vault with the header alone for context", SEAL, SEAL.replace('"counter"', '"header"')),
    ("vault-make-context-header-only", "seals a vault with the header alone for context", 'chunked.seal(key, vault.part("header", "counter"), salt, contents)', 'chunked.seal(key, vault.part("header", "header"), salt, contents)'),
    ("vault-contents-code", "gives a fault of the vault's contents its format code", "    except Refused:\n        raise Refused(FAILURE) from None\n", "    except Refused as refused:\n        raise Refused(refused.code, refused.offset) from None\n"),
    ("vault-fit-unchecked", "does not hold the contents against the state", FIT, ""),
    ("vault-fit-after-opener", "looks for the opener before it holds the contents against the state", FIT + "    opener = next((person for person in contents.persons if person.person_id == person_id), None)\n" + STRANGER, "    opener = next((person for person in contents.persons if person.person_id == person_id), None)\n" + STRANGER + FIT),
    ("vault-note-unchecked", "does not hold the last note against the state", NOTE, ""),
    ("vault-note-by-hash", "compares only the hash of the last note", NOTE, NOTE.replace("contents.newest() != states.note_of(state)", "contents.newest().hash != states.note_of(state).hash")),
    ("vault-note-by-pair", "compares only generation and counter of the last note", NOTE, NOTE.replace("contents.newest() != states.note_of(state)", "contents.newest().pair() != state.pair()")),
    ("vault-note-without-made", "does not compare when the state of the last note was made", NOTE, NOTE.replace("contents.newest() != states.note_of(state)", "(contents.newest().hash, contents.newest().pair(), contents.newest().epoch) != (states.note_of(state).hash, state.pair(), state.header.epoch)")),
    ("vault-note-without-epoch", "does not compare the epoch of the last note", NOTE, NOTE.replace("contents.newest() != states.note_of(state)", "(contents.newest().hash, contents.newest().pair(), contents.newest().made) != (states.note_of(state).hash, state.pair(), state.made)")),
    ("vault-note-any", "takes any note for that of the state", NOTE, NOTE.replace("contents.newest() != states.note_of(state)", "states.note_of(state) not in contents.states")),
    ("vault-list-unchecked", "does not hold the persons against the signers", LIST, ""),
    ("vault-list-by-keys", "compares only the keys of persons and signers", LIST, LIST.replace("(person.verify_key, person.person_id) for", "(person.verify_key) for").replace("(signer.verify_key, signer.person_id)", "(signer.verify_key)")),
    ("vault-list-by-ids", "compares only the ids of persons and signers", LIST, LIST.replace("(person.verify_key, person.person_id) for", "(person.person_id) for").replace("    if sorted(", "    if sorted(").replace("] != [", "] != [").replace("        (signer.verify_key, signer.person_id) for signer in state.signers\n    ]:", "        *sorted(signer.person_id for signer in state.signers)\n    ]:")),
    ("vault-list-more-persons", "lets the vault have persons who are not signers", LIST, "    if not {(signer.verify_key, signer.person_id) for signer in state.signers} <= {\n        (person.verify_key, person.person_id) for person in granted\n    }:\n        raise Refused(\"chain_broken\")\n"),
    ("vault-list-fewer-persons", "lets the state have signers who are no persons", LIST, "    if not {(signer.verify_key, signer.person_id) for signer in state.signers} >= {\n        (person.verify_key, person.person_id) for person in granted\n    }:\n        raise Refused(\"chain_broken\")\n"),
    ("vault-list-with-removed", "counts removed persons among those who may sign", "    granted = [person for person in contents.persons if person.status == PersonStatus.granted]\n", "    granted = list(contents.persons)\n"),
    ("vault-ids-unchecked", "does not hold the persons' ids against their keys", IDS, "        pass\n"),
    ("vault-ids-of-granted", "does not hold the ids of removed persons against their keys", IDS, IDS.replace("        if keys", "        if person.status == PersonStatus.granted and keys")),
    ("vault-owners-two", "accepts two owners", ONE_OWNER, ONE_OWNER.replace("len(owners) != 1", "not owners")),
    ("vault-owner-key-unchecked", "does not hold the owner's key against the root key", OWNER_KEY, ""),
    ("vault-owner-removed", "accepts an owner who was removed", OWNER_STATUS, ""),
    ("vault-owner-without-keys", "accepts an owner without PersonKeys", OWNER_KEYS, ""),
    ("vault-made-by-unchecked", "does not compare who made the vault with who signed it", MADE_BY, ""),
    ("vault-made-by-anybody", "accepts any person as who made the vault", MADE_BY, MADE_BY.replace("contents.made_by != next(person.person_id for person in granted if person.verify_key == signer)", "contents.made_by not in [person.person_id for person in granted]")),
    ("vault-stranger-code", "says chain_broken to who is no person", STRANGER, STRANGER.replace("unknown_agent", "chain_broken")),
    ("vault-removed-opens", "opens to a person who was removed", REMOVED, ""),
    ("vault-keys-unchecked", "does not hold the opener's PersonKeys against the vault", KEYS, ""),
    ("vault-keys-zeros-refused", "refuses a person who has not opened before", KEYS, KEYS.replace("opener.keys != NO_HASH and ", "")),
    ("persons-full-refused", "refuses a person more where those who were removed fill the list", FITTING, '    raise Refused("limit_reached")\n'),
    ("persons-full-at-64", "lets removed persons go where there is room", FITTING, FITTING.replace("<= PERSONS_MAX", "< PERSONS_MAX")),
    ("persons-removed-go-always", "lets removed persons go always", FITTING, ""),
    ("persons-removed-go-in-order", "lets only as many removed persons go as there are too many", FITTING, FITTING + "    gone = [person for person in persons if person.status != PersonStatus.granted][:len(persons) - PERSONS_MAX]\n    return [person for person in persons if person not in gone]\n"),
    ("vault-keys-before-removed", "looks at the PersonKeys of who was removed", REMOVED + KEYS, KEYS + REMOVED),
) + of_module(
    "opening.py",
    ("opening-head-unchecked", "does not look at the head that it remembers", CHECK_HEAD, ""),
    ("opening-typed-before-head", "looks at the password before it compares the head", CHECK_HEAD + TYPED, TYPED + CHECK_HEAD),
    ("opening-state-of-no-memory", "accepts any state over the pinned one", "            last, least_generation = self.pins.state, self.pins.generation\n", "            last, least_generation = None, None\n"),
    ("opening-code-generation-forgotten", "accepts a state before the code's generation", "            last, least_generation = self.pins.state, self.pins.generation\n", "            last, least_generation = self.pins.state, None\n"),
    ("opening-wrap-for-managers", "tries the wrap at a manager's end", OWNER_ONLY, "self.served.password_wrap is not None"),
    ("opening-wrap-of-other-account", "counts a wrap of another account as absent", WRAP_ACCOUNT, ""),
    ("opening-wrap-any-epoch", "says that the password is wrong for a wrap of another epoch", WRAP_EPOCH, ""),
    ("opening-wrap-unfit", "takes the MasterKey of a wrap that does not fit the state", WRAP_FITS, ""),
    ("opening-wrap-refused", "refuses a wrap that does not open", "        master_key = passwords.unwrap(wrap, stretched, head)\n    except Refused:\n        return None\n", "        master_key = passwords.unwrap(wrap, stretched, head)\n    except Refused:\n        raise\n"),
    # What an owner's end keeps.
    ("kept-unused", "refuses what is served though it keeps a whole", "        if base is None or self.pins is None:\n", "        if True:\n"),
    ("kept-at-managers", "opens the kept whole at a manager's end", "        return opened if opened.is_owner() else None\n", "        return opened\n"),
    ("kept-at-fresh-ends", "opens the kept whole of a state that nothing is pinned of", "if self.kept is None or self.pins is None or self.pins.state is None:", "if self.kept is None or self.pins is None:"),
    ("kept-under-its-own-keys", "opens the kept whole under the PersonKeys that it was kept with", "kept = dataclasses.replace(self.kept, head=self.served.head, person_keys=self.served.person_keys)", "kept = dataclasses.replace(self.kept, head=self.served.head)"),
    ("kept-own-keys-refused", "refuses a kept whole of a password before", "dataclasses.replace(self, served=kept, findings=[]).open_whole(own, head, stretched, True)", "dataclasses.replace(self, served=kept, findings=[]).open_whole(own, head, stretched, False)"),
    ("kept-findings-of-served", "adds the findings of what is served to those of the kept whole", "served=kept, findings=[])", "served=kept)"),
    ("kept-without-pins", "opens the kept whole whatever is pinned", "opened = dataclasses.replace(self, served=kept, findings=[]).open_whole(", "opened = dataclasses.replace(self, served=kept, findings=[], pins=None).open_whole("),
    ("kept-code-last", "says the code of what is served behind the findings", "base.findings = [refusal.code, *(code for code in base.findings if code != refusal.code)]", "base.findings = [*(code for code in base.findings if code != refusal.code), refusal.code]"),
    ("kept-code-twice", "says a code twice", "base.findings = [refusal.code, *(code for code in base.findings if code != refusal.code)]", "base.findings = [refusal.code, *base.findings]"),
    ("kept-pins-replaced", "replaces its pins by those of the kept whole", "        base.pins = self.pins\n", ""),
    ("kept-whatever-is-full", "opens what is served though no root act can be made of it", "if opened is not None and (not opened.is_owner() or opened.leaves_reserve()):", "if opened is not None:"),
    ("kept-though-it-is-full", "opens a kept whole that leaves no more room", "if opened is not None and not (base is not None and base.leaves_reserve()):", "if opened is not None and base is None:"),
    ("kept-reserve-of-all", "takes all past keys for room", "len(self.contents.past_keys) <= PAST_KEYS_MAX - PAST_KEYS_RESERVE", "len(self.contents.past_keys) <= PAST_KEYS_MAX"),
    ("aside-counter-of-another", "counts the vault of another account", "counter = served.counter if served.header.account_id == account_id else 0", "counter = served.counter"),
    ("aside-state-by-pins", "takes only a served state that its pins accept", "        state = acceptable(self.served, account_id)\n", "        state = acceptable(self.served, account_id)\n        if state is not None and self.pins is not None and self.pins.state is not None and state.pair() < self.pins.state.pair():\n            state = None\n"),
    ("aside-without-past-keys", "keeps only the MasterKey of the served vault", "        return [PastKey(epoch, master_key), *contents.past_keys]\n", "        return [PastKey(epoch, master_key)]\n"),
    ("aside-past-keys-first", "names the past keys of the served vault first", "        return [PastKey(epoch, master_key), *contents.past_keys]\n", "        return [*contents.past_keys, PastKey(epoch, master_key)]\n"),
    ("aside-key-of-the-kept", "takes its own MasterKey for that of the served state", "            if not grants.fits(master_key, state.header.account_id, epoch, state.commitment):\n", "            if False:\n"),
    ("missing-unseen", "does not look for MasterKeys that went", "        if opened.is_owner():\n            opened.ended", "        if False:\n            opened.ended"),
    ("missing-at-managers", "gives back MasterKeys at a manager's end", "        if opened.is_owner():\n            opened.ended", "        if True:\n            opened.ended"),
    ("missing-by-epoch", "takes a MasterKey for known by its epoch", "if key not in known]", "if key.epoch not in {one.epoch for one in known}]"),
    ("missing-without-the-key-of-now", "does not know the MasterKey of now", "known = [PastKey(opened.state.header.epoch, opened.master_key), *opened.contents.past_keys]", "known = opened.contents.past_keys"),
    ("missing-all", "gives back what is there as well", "if key not in known]", "]"),
    ("missing-last-of-a-generation", "takes the last whole of a generation", "            if state is None or state.generation in found:\n", "            if state is None:\n"),
    ("missing-of-the-last-whole", "forgets wholes that were kept before", "for whole in (*self.ended, *(", "for whole in (*[], *("),
    ("missing-of-wholes-before", "does not look at the last whole", "*([self.kept] if self.kept is not None and is_other else [])):", "):"),
    ("missing-last-whole-first", "looks at the last whole first", "(*self.ended, *([self.kept] if self.kept is not None and is_other else []))", "(*([self.kept] if self.kept is not None and is_other else []), *self.ended)"),
    ("missing-under-pins", "takes the MasterKey of now for that of every whole", "        epoch = state.header.epoch\n        try:\n            master_key = beside.master_key\n", "        epoch = state.header.epoch\n        try:\n            master_key = beside.master_key\n            epoch = beside.state.header.epoch\n"),
    ("opening-grant-only", "does not try the wrap", "            if master_key is not None:\n                return master_key\n", ""),
    ("opening-grant-any-epoch", "says epoch_rollback for an old grant", GRANT_EPOCH, ""),
    ("opening-grant-older-only", "counts only a newer grant as absent", GRANT_EPOCH, GRANT_EPOCH.replace("!=", ">")),
    ("opening-line-unchecked", "does not hold the whole against its pins", "        if self.pins is None or self.pins.state is None:\n            return\n", "        return\n"),
    ("opening-vault-back", "accepts an older vault", BACK, ""),
    ("opening-vault-same", "accepts another vault of the same counter", SAME, "return None"),
    ("opening-vault-same-code", "says counter_rollback for another vault of the same counter", SAME, SAME.replace("counter_fork", "counter_rollback")),
    ("opening-recent-unchecked", "does not look whether the vault knows the pinned one", LINE, "        if False:\n"),
    ("opening-recent-last-only", "looks only whether the next vault knows the pinned one", FAR, FAR.replace("> RECENT_MAX", "> 1")),
    ("opening-recent-any-place", "looks for the pinned vault anywhere among the recent ones", LINE, LINE.replace("named[0] != pins.vault_hash", "pins.vault_hash not in contents.recent")),
    ("opening-recent-from-start", "counts the recent vaults from the oldest", NAMED, NAMED.replace("[-writes:]", "[writes - 1:]")),
    ("opening-recent-short", "does not mind that fewer vaults are named than were written", LINE, LINE.replace("len(named) < writes or ", "len(named) >= writes and ")),
    ("opening-recent-none", "does not mind that no vault is named", LINE, LINE.replace("len(named) < writes or ", "named and (len(named) < writes or ").replace("vault_hash:", "vault_hash):")),
    ("opening-recent-beyond", "refuses a pinned vault that is too old to be named", FAR, ""),
    ("opening-recent-256", "looks for no vault that is the oldest of those named", FAR, FAR.replace(">", ">=")),
    ("opening-note-missing", "accepts a vault without a note of the pinned state", UNNOTED, "    if False:\n"),
    ("opening-note-too-old", "refuses a pinned state that is older than all notes", UNNOTED, "    if note is None:\n"),
    ("opening-note-other", "accepts a vault with a note of another state of the pinned pair", NOTED, "    if False:\n"),
    ("opening-note-of-unsigned", "compares a note with the pinned state without its signature", NOTED, NOTED.replace("pinned.write())", "pinned.write()[:-64])")),
    ("opening-past-keys-unchecked", "does not look for the pinned MasterKey", "    if not any(grants.fits(key, account_id, epoch, pinned.commitment) for key in known):\n", "    if False:\n"),
    ("opening-past-keys-only", "does not look at the MasterKey of now for the pinned one", "    known = [master_key] + " + KNOWN, "    known = " + KNOWN),
    ("opening-master-key-only", "does not look at past keys for the pinned one", "    known = [master_key] + " + KNOWN, "    known = [master_key]"),
    ("opening-past-key-first", "looks only at the first past key of an epoch", KNOWN, KNOWN + "[:1]"),
    ("opening-past-key-any-epoch", "looks for the pinned MasterKey among those of any epoch", KNOWN, "[key.master_key for key in contents.past_keys]"),
    ("opening-unhealed", "refuses another line in a greater generation", SAME_LIST, "            if True:\n"),
    ("opening-never-refused", "finds another line in its own generation", SAME_LIST, "            if False:\n"),
    ("opening-one-finding", "tells one finding only", "            self.findings.append(code)\n", "            self.findings = [code]\n"),
    ("opening-state-before-vault", "looks at the state's line before the vault's", "(self.vault_fault(self.pins, contents), state_fault(pinned, master_key, contents))", "(state_fault(pinned, master_key, contents), self.vault_fault(self.pins, contents))"),
    ("opening-confirmed-after-finding", "stays confirmed after a finding", CONFIRMED, "        confirmed = pins.confirmed\n"),
    ("opening-never-confirmed", "forgets that a person confirmed", CONFIRMED, "        confirmed = 0\n"),
    ("opening-fresh-confirmed", "takes a fresh end for confirmed", "return OwnerContents(head, state, state.generation, 0, counter, hash)", "return OwnerContents(head, state, state.generation, 1, counter, hash)"),
    ("opening-generation-of-state", "forgets the greatest generation it has signed", "generation = max(pins.generation, state.generation)", "generation = state.generation"),
    ("opening-rules-unchecked", "does not hold the RuleSet against the vault", "        rules.open_rule_set(\n            self.served.rule_set, state.header.account_id, state.header.epoch, contents.rule_set)\n", ""),
    ("opening-rules-before-line", "looks at the RuleSet before the vault's line", "        self.check_line(state, master_key, contents)\n        rules.open_rule_set(\n            self.served.rule_set, state.header.account_id, state.header.epoch, contents.rule_set)\n", "        rules.open_rule_set(\n            self.served.rule_set, state.header.account_id, state.header.epoch, contents.rule_set)\n        self.check_line(state, master_key, contents)\n"),
) + of_module(
    "operations/person.py",
    ("opening-never-expired", "never says that a state has expired", 'a.number("now") >= opened.state.valid_until,', "False,"),
    ("opening-expired-late", "says that a state has expired a moment late", 'a.number("now") >= opened.state.valid_until,', 'a.number("now") > opened.state.valid_until,'),
)
