"""What a person's end publishes, and making and recovering an account (sections 12.6, 12.8 and 12.9)."""

from ..mutant import of_module


def refusal(condition: str, code: str) -> str:
    return f'        if {condition}:\n            raise Refused("{code}")\n'


NEWEST = refusal("not self.end.confirmed and not self.says.newest", "approval_required")
STORAGE = refusal("not self.end.durable and not self.says.without_storage", "approval_required")
EXPIRED = refusal("self.end.now >= self.old.valid_until and not self.says.newest", "state_expired")
CLOCK = "        self.check_clock()\n"
DUE = refusal("self.end.root_act_is_due() and not self.root_act", "unsettled")
ROOT = "        self.check_root()\n"
WHO = "        self.check_who_goes()\n"
AHEAD = "        return self.contents.newest().made > self.end.now + CLOCK_AHEAD_MAX * DAY\n"
CONFIRMED_CLOCK = "        if self.raises and self.says.clock:\n            return\n"
NEEDED = refusal("self.act.name in NEED_ROOT_KEY and not self.end.has_root_key()", "root_required")
NO_LIST = '        if not self.makes_state or self.raises or self.act.name == "renew_certificate":\n            return\n'
ENDED = refusal("left <= 0", "root_required")
ENDING = refusal("left < VALIDITY_MIN * DAY and not self.end.has_root_key()", "root_required")
STRANGER = refusal(
    "not set(self.act.agents) <= members.keys() or not set(self.act.persons) <= persons.keys()", "unknown_agent")
MEMBER_GONE = refusal("any(members[id].status != MemberStatus.granted for id in self.act.agents)", "revoked")
PERSON_GONE = refusal("any(persons[id].status != PersonStatus.granted for id in self.act.persons)", "revoked")
OWNER = refusal("any(persons[id].role == PersonRole.owner for id in self.act.persons)", "wrong_recipient")
MADE = "        return max(self.end.now, self.contents.newest().made)\n"
SAID = "        if self.is_behind() and self.raises and self.says.clock:\n            return self.end.now\n"
RENEWAL = "        return self.made - self.contents.newest().made > RENEW_AFTER\n"
RAISES = 'self.raises = self.root_act and (act.name != "add_person" or end.root_act_is_due())'
COUNTER = "        if self.raises and counter == COUNTER_MAX:\n            return 1\n"
PAST = "        past = [*self.contents.past_keys, PastKey(self.old.header.epoch, self.master_key)]\n"
STATUS = '        status = MemberStatus.retired if self.act.name == "retire" else MemberStatus.removed\n'
LISTED = "dataclasses.replace(member, status=status, listed=self.epoch)"
DROP = "        if self.act.name in DROP_CODES or self.raises:\n"
RETIRED_CODES = "[code for code in self.contents.codes if code.id not in theirs]"
UNTIL = "min(in_range(self.made + VALIDITY_DEFAULT * DAY), certificate_until)"
NEW_LIST = "            return next_generation(seen, self.made), self.made, renewed\n"
SEEN = "            seen = max(self.end.generation, old.generation)\n"
RENEWED = "        return old.generation, old.certificate_from, renewed\n"
BOTH = "{m.agent_id for m in self.contents.members if m.listed in (self.old.header.epoch, self.epoch)}"
SAME_EPOCH = "            listed = {*self.old.revoked, *self.act.agents}\n"
RECENT = "contents.recent = [*contents.recent, *replaced][-RECENT_MAX:]"
NOTES = "            contents.states = notes[-STATE_NOTES_MAX:]\n"
GENERATION = "generation = max(seen + 1, made // MINUTE)"
RULES = "        elif self.new_epoch:\n            self.contents.rule_set = NO_HASH\n"
ALL = "        if self.new_epoch:\n            return granted\n"
TAKEN = '    if served is not None and served.has_taken(pending):\n        return "settled"\n'
ASKS = '    if pending.asks:\n        return "dead"\n'
STAYS = "        self.check_who_stays()\n"
ASKED = "one.agent_id not in self.act.agents and (everybody or one.code_id in codes or not one.label)"
BUMP = "        return outcome, max(generation, min(pending.generation + 1, NUMBER_MAX))\n"

MUTANTS = of_module(
    "publication.py",
    ("publish-unconfirmed", "signs at an end that nobody has confirmed", NEWEST, ""),
    ("publish-word-needed-always", "asks for the person's word each time", NEWEST, NEWEST.replace("not self.end.confirmed and ", "")),
    ("publish-without-storage", "signs at an end without durable storage", STORAGE, ""),
    ("publish-storage-by-newest", "takes the word on the newest for that on storage", STORAGE, STORAGE.replace("without_storage", "newest")),
    ("publish-expired", "signs when the state has expired", EXPIRED, ""),
    ("publish-expired-confirmed", "signs at a confirmed end when the state has expired", EXPIRED, EXPIRED.replace("not self.says.newest", "not self.end.confirmed")),
    ("publish-expired-late", "signs at the moment at which the state expires", EXPIRED, EXPIRED.replace(">=", ">")),
    ("publish-expired-for-good", "never signs when the state has expired", EXPIRED, EXPIRED.replace(" and not self.says.newest", "")),
    ("publish-expired-before-storage", "looks at the state's end before the storage", STORAGE + EXPIRED, EXPIRED + STORAGE),
    ("publish-clock-unchecked", "does not hold its clock against the newest note", CLOCK, ""),
    ("publish-clock-of-state-exact", "signs nothing when the newest note is ahead at all", AHEAD, AHEAD.replace(" + CLOCK_AHEAD_MAX * DAY", "")),
    ("publish-clock-itself", "signs nothing when the newest note is a day ahead", AHEAD, AHEAD.replace("made >", "made >=")),
    ("publish-clock-by-any-act", "takes the word on its clock for every act", CONFIRMED_CLOCK, CONFIRMED_CLOCK.replace("self.raises and ", "")),
    ("publish-clock-for-good", "makes no root act by a clock that is behind", CONFIRMED_CLOCK, ""),
    ("publish-due-forgotten", "signs though a root act is due", DUE, ""),
    ("publish-due-for-good", "makes no root act either when one is due", DUE, DUE.replace(" and not self.root_act", "")),
    ("publish-due-before-clock", "looks at what is due before its clock", CLOCK + DUE, DUE + CLOCK),
    ("publish-due-at-managers", "takes a root act for due at a manager's end", "return self.has_root_key() and (self.aside is not None or self.generation > self.state.generation)", "return self.aside is not None or self.generation > self.state.generation"),
    ("publish-due-itself", "takes a root act for due in its own generation", "self.generation > self.state.generation", "self.generation >= self.state.generation"),
    ("publish-root-before-due", "looks for the root key before what is due", DUE + ROOT, ROOT + DUE),
    ("publish-root-unneeded", "makes the owner's acts without the root key", NEEDED, ""),
    ("publish-who-before-root", "looks at who goes before the root key", ROOT + WHO, WHO + ROOT),
    ("publish-ended-list", "makes a state of a certificate that has ended", ENDED, refusal("left < 0", "root_required")),
    ("publish-ending-list", "makes a state at a manager's end of a certificate that ends", ENDING, ""),
    ("publish-ending-seven-days", "wants more than seven days at a manager's end", ENDING, ENDING.replace("left <", "left <=")),
    ("publish-ending-owner", "makes no state at the owner's end of a certificate that ends", ENDING, ENDING.replace(" and not self.end.has_root_key()", "")),
    ("publish-ending-edits", "refuses an edit without a state for the certificate's sake", NO_LIST, NO_LIST.replace("not self.makes_state or ", "")),
    ("publish-ending-renewal", "refuses to renew a certificate that has ended", NO_LIST, NO_LIST.replace(' or self.act.name == "renew_certificate"', "")),
    ("publish-ending-repair", "refuses to repair when the certificate has ended", NO_LIST, NO_LIST.replace(" or self.raises", "")),
    ("publish-stranger-code", "says revoked of who is no member", STRANGER, STRANGER.replace("unknown_agent", "revoked")),
    ("publish-gone-again", "lets go again who went", MEMBER_GONE, ""),
    ("publish-gone-person-again", "removes again a person who was removed", PERSON_GONE, ""),
    ("publish-owner-goes", "removes the owner", OWNER, ""),
    ("publish-made-now", "makes everything now, whatever was noted", MADE, "        return self.end.now\n"),
    ("publish-made-as-noted", "makes everything at the time of the newest note", MADE, "        return self.contents.newest().made\n"),
    ("publish-made-despite-word", "does not go by its clock in a root act that a person confirmed", SAID, ""),
    ("publish-made-by-word-always", "goes by its clock in every root act that a person confirmed it for", SAID, SAID.replace("self.is_behind() and ", "")),
    ("publish-clock-by-adding", "adds a person by a clock that is behind", CONFIRMED_CLOCK, CONFIRMED_CLOCK.replace("self.raises", "self.root_act")),
    ("publish-never-renews", "makes no state by itself", RENEWAL, "        return False\n"),
    ("publish-always-renews", "makes a state with every edit", RENEWAL, "        return True\n"),
    ("publish-renews-itself", "makes a state after exactly 20 hours", RENEWAL, RENEWAL.replace(">", ">=")),
    ("publish-renews-after-a-day", "makes a state after 24 hours", "RENEW_AFTER = 20 * HOUR", "RENEW_AFTER = 24 * HOUR"),
    ("publish-raises-never-by-adding", "adds a person in the same generation while a root act is due", RAISES, 'self.raises = self.root_act and act.name != "add_person"'),
    ("publish-raises-always", "raises the generation to add a person", RAISES, "self.raises = self.root_act"),
    ("publish-counter-stuck", "cannot begin numbers anew in a root act", COUNTER, ""),
    ("publish-counter-anew", "begins numbers anew in every root act", COUNTER, COUNTER.replace(" and counter == COUNTER_MAX", "")),
    ("publish-past-key-forgotten", "forgets the MasterKey of now in a new epoch", PAST, "        past = list(self.contents.past_keys)\n"),
    ("publish-past-key-of-new", "keeps the new MasterKey among the past ones", PAST, PAST.replace("self.master_key", "self.act.next_master_key")),
    ("publish-past-key-epoch", "keeps the MasterKey of now under the new epoch", PAST, PAST.replace("self.old.header.epoch", "self.epoch")),
    ("publish-status-removed", "removes who is to be retired", STATUS, "        status = MemberStatus.removed\n"),
    ("publish-status-retired", "retires who is to be removed", STATUS, "        status = MemberStatus.retired\n"),
    ("publish-listed-before", "lists who goes in the epoch before", LISTED, LISTED.replace("self.epoch", "self.old.header.epoch")),
    ("publish-codes-kept", "keeps the codes in a removal", DROP, "        if self.raises:\n"),
    ("publish-codes-kept-by-adding", "keeps the codes when a person is added while a root act is due", DROP, "        if self.act.name in DROP_CODES:\n"),
    ("publish-codes-dropped-by-rotation", "drops the codes in a rotation", DROP, '        if self.act.name in DROP_CODES or self.raises or self.act.name == "rotate":\n'),
    ("publish-codes-kept-by-retiring", "keeps the code of who is retired", RETIRED_CODES, "list(self.contents.codes)"),
    ("publish-codes-dropped-by-retiring", "drops all codes when one member is retired", RETIRED_CODES, "[]"),
    ("publish-person-as-owner", "adds a second owner", "id, PersonRole.manager, PersonStatus.granted,", "id, PersonRole.owner, PersonStatus.granted,"),
    ("publish-person-with-keys", "writes a hash for PersonKeys that it has not seen", "new.verify_key, NO_HASH, new.label)", "new.verify_key, b'\\x01' * 32, new.label)"),
    ("publish-person-without-label", "forgets a new person's label", "new.verify_key, NO_HASH, new.label)", "new.verify_key, NO_HASH, b'')"),
    ("publish-rules-kept", "names the rule set of the epoch before", RULES, ""),
    ("publish-rules-dropped", "names no rule set any more", RULES, "        else:\n            self.contents.rule_set = NO_HASH\n"),
    ("publish-valid-beyond-certificate", "makes a state that outlives its certificate", UNTIL, "self.made + VALIDITY_DEFAULT * DAY"),
    ("publish-valid-as-certificate", "makes states as long as their certificate", UNTIL, "certificate_until"),
    ("publish-valid-90-days", "makes states of 90 days", UNTIL, UNTIL.replace("VALIDITY_DEFAULT", "CERTIFICATE_DEFAULT")),
    ("publish-certificate-60-days", "makes certificates of 60 days", "renewed = in_range(self.made + CERTIFICATE_DEFAULT * DAY)", "renewed = in_range(self.made + VALIDITY_DEFAULT * DAY)"),
    ("publish-list-from-before", "lets a new generation begin with the one before", NEW_LIST, NEW_LIST.replace("self.made, renewed", "old.certificate_from, renewed")),
    ("publish-list-from-renewed", "lets a renewed certificate begin anew", RENEWED, RENEWED.replace("old.certificate_from", "self.made")),
    ("publish-list-renewed-by-rotation", "renews the certificate in a rotation", "        return old.generation, old.certificate_from, old.certificate_until\n", "        return old.generation, old.certificate_from, in_range(self.made + CERTIFICATE_DEFAULT * DAY) if self.end.has_root_key() else old.certificate_until\n"),
    ("publish-generation-of-state", "forgets the greatest generation it has signed", SEEN, "            seen = old.generation\n"),
    ("publish-generation-next", "takes the next generation whatever the time", GENERATION, "generation = seen + 1"),
    ("publish-generation-minutes", "takes the minutes for a generation whatever was signed", GENERATION, "generation = made // MINUTE"),
    ("publish-generation-seen", "takes the greatest generation once more", GENERATION, GENERATION.replace("seen + 1", "seen")),
    ("publish-generation-seconds", "takes seconds for a generation", GENERATION, "generation = max(seen + 1, made // 1_000)"),
    ("publish-epoch-used", "takes an epoch in a root act that a past key has", "        if candidate not in used and candidate != epoch:\n", "        if candidate != epoch:\n"),
    ("publish-epoch-least", "takes the least epoch in a root act", "    for candidate in (*range(epoch + 1, min(epoch + 2 + len(used), NUMBER_MAX + 1)), *range(1, len(used) + 3)):\n", "    for candidate in range(1, len(used) + 3):\n"),
    ("publish-epoch-stuck", "finds no epoch in a root act behind the greatest", "NUMBER_MAX + 1)), *range(1, len(used) + 3)):", "NUMBER_MAX + 1)),):"),
    ("publish-revoked-of-epoch", "lists only who goes in the new epoch", BOTH, BOTH.replace("in (self.old.header.epoch, self.epoch)", "== self.epoch")),
    ("publish-revoked-ever", "lists everybody who ever went", BOTH, BOTH.replace("m.listed in (self.old.header.epoch, self.epoch)", "m.listed")),
    ("publish-revoked-forgotten", "lists in the same epoch only who goes now", SAME_EPOCH, "            listed = {*self.act.agents}\n"),
    ("publish-revoked-kept", "lists in the same epoch only who went before", SAME_EPOCH, "            listed = {*self.old.revoked}\n"),
    ("publish-recent-forgotten", "does not name the vault before", RECENT, "contents.recent = contents.recent[-RECENT_MAX:]"),
    ("publish-recent-first", "names the vault before in the first place", RECENT, "contents.recent = [*replaced, *contents.recent][:RECENT_MAX]"),
    ("publish-aside-unnamed", "does not name the vault that it replaces unopened", "            replaced.append(self.end.aside.vault)\n", "            pass\n"),
    ("publish-aside-first", "names the vault that it replaces unopened first", "            replaced.append(self.end.aside.vault)\n", "            replaced.insert(0, self.end.aside.vault)\n"),
    ("publish-aside-alone", "names only the vault that it replaces unopened", "            replaced.append(self.end.aside.vault)\n", "            replaced = [self.end.aside.vault]\n"),
    ("publish-aside-expects-kept", "expects the vault of its kept whole", "backend.sha256(self.end.vault) if aside is None else aside.vault, state", "backend.sha256(self.end.vault), state"),
    ("publish-aside-counter", "goes on with the counter of its kept whole", "before if aside is None else max(before, aside.counter)", "before"),
    ("publish-aside-counter-of-served", "goes on with the counter of what is served", "before if aside is None else max(before, aside.counter)", "before if aside is None else aside.counter"),
    ("publish-aside-not-due", "makes any act from its kept whole", "return self.has_root_key() and (self.aside is not None or ", "return self.has_root_key() and ("),
    ("publish-aside-generation", "does not count the generation of what is served as seen", "                seen = max(seen, self.end.aside.state.generation)\n", "                pass\n"),
    ("publish-aside-persons", "keeps persons whom a greater list has not", "if aside.state is not None and aside.state.generation > self.old.generation:", "if False:"),
    ("publish-aside-persons-of-the-generation", "removes persons whom a list of the same generation has not", "aside.state.generation > self.old.generation:", "aside.state.generation >= self.old.generation:"),
    ("publish-aside-keys", "drops the MasterKeys of what is served", "        self.put_away([aside.keys])\n", "        pass\n"),
    ("publish-missing-kept", "does not give MasterKeys back", "        self.put_away(self.end.lacking)\n", "        pass\n"),
    ("publish-missing-at-new-epochs", "gives MasterKeys back with a new epoch alone", "        self.put_away(self.end.lacking)\n", "        self.put_away(self.end.lacking if self.new_epoch else [])\n"),
    ("publish-missing-at-root-acts", "gives MasterKeys back in root acts alone", "        self.put_away(self.end.lacking)\n", "        self.put_away(self.end.lacking if self.raises else [])\n"),
    ("publish-missing-firsts", "gives back the MasterKey of each whole alone", "        if len(united) > PAST_KEYS_MAX - PAST_KEYS_RESERVE:\n            united = past\n", "        if True:\n            united = past\n"),
    ("publish-missing-none-above", "gives nothing back where all leave no reserve", "            for first in (vault[:1] for vault in vaults):\n", "            for first in ():\n"),
    ("publish-missing-refused", "refuses what leaves no reserve", "                united = more if len(more) <= self.past_keys_max() else united\n", "                united = more\n"),
    ("publish-missing-first-alone", "gives back the MasterKey of the first whole alone", "            for first in (vault[:1] for vault in vaults):\n", "            for first in (vault[:1] for vault in vaults[:1]):\n"),
    ("publish-missing-before-the-act", "gives MasterKeys back before its act ends an epoch", "        if self.new_epoch:\n            self.take_new_epoch()\n        if self.end.aside is not None:\n            self.take_from_aside(self.end.aside)\n        self.give_back()\n", "        self.give_back()\n        if self.new_epoch:\n            self.take_new_epoch()\n        if self.end.aside is not None:\n            self.take_from_aside(self.end.aside)\n"),
    ("publish-recent-255", "keeps 255 hashes of vaults", RECENT, RECENT.replace("-RECENT_MAX:", "1 - RECENT_MAX:")),
    ("publish-recent-oldest", "keeps the oldest hashes of vaults", RECENT, RECENT.replace("[-RECENT_MAX:]", "[:RECENT_MAX]")),
    ("publish-note-forgotten", "does not note the state that it makes", NOTES, "            contents.states = notes[:-1]\n"),
    ("publish-note-alone", "notes only the state that it makes", NOTES, "            contents.states = notes[-1:]\n"),
    ("publish-made-by-owner", "says that the owner made every vault", "        contents.made_by = maker.person_id\n", "        contents.made_by = next(person.person_id for person in contents.persons if person.role == PersonRole.owner)\n"),
    ("publish-contents-made-kept", "keeps when the vault before was made", "        contents.made = self.made\n", ""),
    ("publish-no-grant-to-itself", "makes no grant to itself", ALL, "        if self.new_epoch:\n            return [person for person in granted if person.verify_key != self.end.verify_key()]\n"),
    ("publish-grants-to-removed", "grants to persons who were removed", "        granted = [person for person in self.contents.persons if person.status == PersonStatus.granted]\n        if self.new_epoch:\n", "        granted = list(self.contents.persons)\n        if self.new_epoch:\n"),
    ("publish-grants-to-all-when-adding", "grants to all persons when one is added", "return [person for person in granted if person.verify_key == self.act.person.verify_key]", "return granted"),
    ("publish-no-grant-when-adding", "makes no grant to who is added", "return [person for person in granted if person.verify_key == self.act.person.verify_key]", "return []"),
    ("settle-given-up-though-taken", "gives up what the service has taken", TAKEN, ""),
    ("settle-again-though-taken", "sends again what the service has taken", TAKEN, TAKEN.replace("served is not None", "answer == \"other\" and served is not None")),
    ("settle-generation-forgotten", "forgets the generation of what it sent", "    return outcome, max(generation, pending.generation)\n", "    return outcome, generation\n"),
    ("settle-other-unread-dead", "gives up where it has opened nothing", '    if answer == "none" or served is None:\n        return "again"\n', '    if answer == "none":\n        return "again"\n    if served is None:\n        return "dead"\n'),
    ("settle-ours-missed", "does not know its own vault when it is served", "        if self.vault == pending.vault:\n            return True\n", ""),
    ("settle-recent-missed", "does not see that others wrote on top of its vault", "        if pending.vault in self.recent:\n            return True\n", ""),
    ("settle-state-missed", "does not see that its state was noted", "        return pending.state is not None and pending.state in self.states\n", "        return False\n"),
    ("settle-merge-never", "gives up whatever was written in between", '    return "merge" if served.states[-1] == base_state else "dead"\n', '    return "dead"\n'),
    ("settle-merge-always", "merges whatever was written in between", '    return "merge" if served.states[-1] == base_state else "dead"\n', '    return "merge"\n'),
    ("settle-merge-any-note", "merges over another state", '    return "merge" if served.states[-1] == base_state else "dead"\n', '    return "merge" if base_state in served.states else "dead"\n'),
    ("settle-discard-again", "sends again what was given up", '    if answer == "discard":\n        return "dead"\n', '    if answer == "discard":\n        return "again"\n'),
    ("settle-none-dead", "gives up where no answer comes", '        return "again"\n', '        return "dead"\n'),
    ("settle-dead-forgotten", "forgets the generation of a root act that died", BUMP, "        return outcome, generation\n"),
    ("settle-dead-same", "keeps the generation of a root act that died", BUMP, BUMP.replace("pending.generation + 1", "pending.generation")),
    ("settle-dead-back", "sets its generation back when a root act died", BUMP, "        return outcome, min(pending.generation + 1, NUMBER_MAX)\n"),
    ("settle-dead-always", "makes a root act due whatever died", '    if outcome == "dead" and pending.root_act:\n', '    if outcome == "dead":\n'),
    ("settle-asking-merged", "merges an act that asked about members", ASKS, ""),
    ("settle-add-person-forgotten", "uses the number of a dead add_person again", '    if outcome == "dead" and pending.root_act:\n', '    if outcome == "dead" and pending.root_act and pending.asks:\n'),
    ("settle-removal-due", "makes a root act due when a removal died", '    if outcome == "dead" and pending.root_act:\n', '    if outcome == "dead" and (pending.root_act or pending.asks):\n'),
    ("publish-nobody-asked", "asks about no members", STAYS, ""),
    ("publish-asked-first", "asks about members before it looks at who goes", WHO + STAYS, STAYS + WHO),
    ("publish-any-kind", "takes the word on a member for one of another kind", "self.act.staying.get(one.agent_id) != one.kind", "one.agent_id not in self.act.staying"),
    ("publish-asked-of-code", "does not ask about members of the same code", ASKED, ASKED.replace("one.code_id in codes or ", "")),
    ("publish-asked-of-label", "does not ask about members without a label", ASKED, ASKED.replace(" or not one.label", "")),
    ("publish-asked-of-all", "asks about all members at each removal", ASKED, "one.agent_id not in self.act.agents"),
    ("publish-asked-of-going", "asks about members that go", ASKED, ASKED.replace("one.agent_id not in self.act.agents and ", "")),
    ("publish-asked-of-master", "removes a computer with the MasterKey without asking about all", "self.raises or any(one.kind == GrantKind.master for one in going)", "self.raises"),
    ("publish-asked-of-removal", "asks only where it removes, not where it makes a generation", 'return self.raises or self.act.name == "remove"', 'return self.act.name == "remove"'),
    ("publish-asked-of-generation", "asks only where it makes a generation", 'return self.raises or self.act.name == "remove"', "return self.raises"),
    ("settle-merge-due", "makes a root act due that is merged", '    if outcome == "dead" and pending.root_act:\n', '    if outcome in ("dead", "merge") and pending.root_act:\n'),
) + of_module(
    "merging.py",
    ("merge-ours", "sends its own value where it changed nothing", "    return theirs if ours == base else ours\n", "    return ours\n"),
    ("merge-theirs", "sends theirs where it changed a value", "    return theirs if ours == base else ours\n", "    return theirs\n"),
    ("merge-new-ours", "puts its own entry in the place of one that is new in both", "            merged.setdefault(key, entry)\n", "            merged[key] = entry\n"),
    ("merge-new-lost", "forgets entries that it added", "            merged.setdefault(key, entry)\n", "            pass\n"),
    ("merge-brings-back", "brings back what theirs took away", "        elif key in merged:\n", "        elif key not in merged:\n            merged[key] = entry\n        else:\n"),
    ("merge-keeps", "keeps what the act took away", "    for key in before.keys() - after.keys():\n        merged.pop(key, None)\n", ""),
    ("merge-made-theirs", "takes the time of theirs", "    made = max(ours.made, theirs.made)\n", "    made = theirs.made\n"),
    ("merge-made-by-theirs", "takes the maker of theirs", "        ours.made_by,\n", "        theirs.made_by,\n"),
    ("merge-note-forgotten", "forgets the note of its state", "for note in (ours.newest(), *theirs.states)", "for note in theirs.states"),
    ("merge-recent-forgotten", "does not name the vault that is served", "[*theirs.recent, their_hash][-RECENT_MAX:]", "theirs.recent[-RECENT_MAX:]"),
    ("merge-recent-all", "keeps 257 hashes of vaults", "[*theirs.recent, their_hash][-RECENT_MAX:]", "[*theirs.recent, their_hash][-RECENT_MAX - 1:]"),
    ("merge-past-keys-ours", "forgets a past key of theirs", "for key in (*theirs.past_keys, *ours.past_keys)", "for key in ours.past_keys"),
    ("merge-rule-unseen", "takes what either has seen for what theirs has seen", "seen=max(ours.seen, theirs.seen)", "seen=theirs.seen"),
    ("merge-person-back", "brings a removed person back", "theirs, status=max(ours.status, theirs.status)", "theirs, status=ours.status"),
    ("merge-uses-kept", "counts no use for who came with the act", "uses_left=theirs.uses_left - len(nonces)", "uses_left=theirs.uses_left"),
    ("merge-uses-of-ours", "counts the uses of the act alone", "uses_left=theirs.uses_left - len(nonces)", "uses_left=ours.uses_left"),
    ("merge-uses-twice", "counts a request twice that both granted", "if nonce not in base.nonces and nonce not in theirs.nonces", "if nonce not in base.nonces"),
    ("merge-nonces-first", "notes its own nonces before theirs", "[*theirs.nonces, *nonces]", "[*nonces, *theirs.nonces]"),
    ("merge-spent-members", "lets in whom theirs has no use left for", "        if member.code_id in live or (known is not None and known.code_id == member.code_id):\n", "        if True:\n"),
    ("merge-gone-code", "lets in by a code that theirs has dropped", "        if member.code_id in live or ", "        if member.code_id not in {code.id for code in theirs.codes} or member.code_id in live or "),
    ("merge-known-dropped", "drops a member whose code is used up", "        elif known is not None:\n            kept.append(known)\n", ""),
    ("merge-code-without-kind", "takes another code without its kind", "code_id=code[0], kind=code[1]", "code_id=code[0], kind=changed(base.kind, ours.kind, theirs.kind)"),
    ("merge-status-back", "sets a status back", "going = ours if ours.status > theirs.status else theirs", "going = ours"),
    ("merge-status-theirs", "forgets that it retired a member", "going = ours if ours.status > theirs.status else theirs", "going = theirs"),
    ("merge-mark-back", "sets a mark back", "mark = ours if ours.audited_sequence > theirs.audited_sequence else theirs", "mark = ours"),
    ("merge-mark-theirs", "forgets how far its audit came", "mark = ours if ours.audited_sequence > theirs.audited_sequence else theirs", "mark = theirs"),
    ("merge-mark-equal", "takes its own hash of an equal mark", "mark = ours if ours.audited_sequence > theirs.audited_sequence else theirs", "mark = ours if ours.audited_sequence >= theirs.audited_sequence else theirs"),
    ("merge-pair-of-mark", "takes a mark's pair with its number", "pair = max((one.audited_generation, one.audited_state) for one in (ours, theirs))", "pair = (mark.audited_generation, mark.audited_state)"),
    ("merge-pair-apart", "takes generation and counter of a pair apart", "pair = max((one.audited_generation, one.audited_state) for one in (ours, theirs))", "pair = (max(ours.audited_generation, theirs.audited_generation), max(ours.audited_state, theirs.audited_state))"),
    ("merge-kept-back", "sets back what retention took", "kept = ours if ours.kept_sequence > theirs.kept_sequence else theirs", "kept = ours"),
    ("merge-kept-theirs", "forgets what retention took", "kept = ours if ours.kept_sequence > theirs.kept_sequence else theirs", "kept = theirs"),
    ("merge-codes-emptied", "drops theirs' codes where the act left none", "    codes = entries(base.codes, ours.codes, theirs.codes, lambda code: code.id, merge_code)\n", "    if not ours.codes:\n        return []\n    codes = entries(base.codes, ours.codes, theirs.codes, lambda code: code.id, merge_code)\n"),
) + of_module(
    "account.py",
    ("account-owner-without-keys", "names no PersonKeys of the owner", "        backend.sha256(person_keys.write()), b\"\")\n", "        b'\\x01' * 32, b\"\")\n"),
    ("account-verifier-is-key", "gives the recovery key for its verifier", "        backend.sha256(keys.recovery_key(own.seed, account_id)))\n", "        keys.recovery_key(own.seed, account_id))\n"),
    ("account-valid-90-days", "makes the first state for 90 days", "publication.in_range(now + VALIDITY_DEFAULT * DAY)", "publication.in_range(now + CERTIFICATE_DEFAULT * DAY)"),
    ("account-certificate-60-days", "makes the first certificate for 60 days", "publication.in_range(now + CERTIFICATE_DEFAULT * DAY)", "publication.in_range(now + VALIDITY_DEFAULT * DAY)"),
    ("account-generation-1", "begins with generation 1", "publication.next_generation(0, now)", "1"),
    ("recover-unconfirmed", "recovers what nobody has confirmed", '    if not shown.confirmed:\n        raise Refused("approval_required")\n', ""),
    ("recover-confirmed-late", "asks whether the person has confirmed after it has checked the state", '    if not shown.confirmed:\n        raise Refused("approval_required")\n    state = states.accept_state(shown.state, account_id, None).state\n', '    state = states.accept_state(shown.state, account_id, None).state\n    if not shown.confirmed:\n        raise Refused("approval_required")\n'),
    ("recover-vault-of-other", "recovers over a vault of another account", '    if old_vault.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("recover-head-of-other", "recovers over a head of another account", '    if head.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("recover-keys-counter-1", "begins to count PersonKeys anew", "        publication.successor(last_keys, COUNTER_MAX),\n", "        1,\n"),
    ("recover-epoch-1", "begins with epoch 1 again", "publication.root_epoch(state.header.epoch, set())", "1"),
    ("recover-epoch-kept", "keeps the epoch", "publication.root_epoch(state.header.epoch, set())", "state.header.epoch"),
    ("recover-state-counter-1", "begins to count states anew", "root_counter(state.counter),", "1,"),
    ("recover-vault-counter-1", "begins to count vaults anew", "root_counter(old_vault.counter))", "1)"),
    ("recover-counter-stuck", "cannot recover behind the greatest number", "    return 1 if counter == COUNTER_MAX else counter + 1\n", "    return counter + 1\n"),
    ("recover-generation-of-state", "forgets the greatest generation it has signed", "publication.next_generation(max(shown.generation, state.generation), now)", "publication.next_generation(state.generation, now)"),
    ("recover-generation-of-end", "forgets the generation that is shown", "publication.next_generation(max(shown.generation, state.generation), now)", "publication.next_generation(shown.generation, now)"),
    ("recover-recent-forgotten", "does not name the vault that is shown", "[backend.sha256(shown.vault)]", "[]"),
    ("recover-person-of-other-account", "keeps a person by a request of another account", '    if request.header.account_id != account_id:\n        raise Refused("wrong_account")\n', ""),
    ("recover-owner-stays-twice", "keeps the owner\'s old keys", '    if request.verify_key == state.root_key:\n        raise Refused("unknown_agent")\n', ""),
    ("recover-stranger-stays", "keeps who is no signer", "    if (request.verify_key, id) not in [(signer.verify_key, signer.person_id) for signer in state.signers]:\n        raise Refused(\"unknown_agent\")\n", ""),
    ("recover-members-unsorted", "lists members in the order given", "in sorted(staying.members.items())", "in staying.members.items()"),
    ("recover-members-scoped", "takes every member's kind for scoped", "Member(agent_id, b\"\", NO_CODE, kind, MemberStatus.granted, 0)", "Member(agent_id, b\"\", NO_CODE, GrantKind.scoped, MemberStatus.granted, 0)"),
)
